"""What Ollama tells of its models: the answers of ``/api/tags`` and ``/api/show``.

Source: ollama `api/types.go` (ListModelResponse, ShowResponse) and `types/model/capability.go`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from ...errors import ProtocolError
from ...json_text import read_json
from ..catalog.entry import look_up, read_count
from ..catalog.sight import sees_by_name
from ..messages import AiModel, Capability

_KNOWN: tuple[Capability, ...] = get_args(Capability)


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What is known of a model. ``capabilities`` is None if the server, an old one, does not tell
    them; ``remote`` models run on another machine, with the whole of their window; ``shown`` says
    whether ``/api/show`` was asked."""

    name: str
    digest: str = ""
    capabilities: tuple[str, ...] | None = None
    context_length: int | None = None
    parameter_size: str | None = None
    family: str = ""
    remote: bool = False
    shown: bool = False

    @property
    def complete(self) -> bool:
        """Return whether nothing more can be asked."""
        told = self.capabilities is not None and self.context_length is not None
        return told or self.shown

    def can(self, capability: str) -> bool | None:
        """Return whether the model has a capability; None if that is not known."""
        return None if self.capabilities is None else capability in self.capabilities

    def to_model(self, provider: str) -> AiModel:
        capabilities = tuple(one for one in _KNOWN if self.can(one))
        if self.capabilities is None and sees_by_name(self.name):
            # An old server, which does not tell; the names of Ollama's library do.
            capabilities = ("completion", "vision")
        return AiModel(
            name=self.name,
            provider=provider,
            display_name=self.name.removesuffix(":latest"),
            capabilities=capabilities or ("completion",),
            context_length=self.context_length,
            parameter_size=self.parameter_size,
        )


def full_name(model: str) -> str:
    """Return a name with its tag, which is "latest" if none is given."""
    return model if ":" in model.rpartition("/")[2] else f"{model}:latest"


def read_tags(body: bytes) -> list[ModelFacts]:
    """Return the models of ``/api/tags`` that have a name. Raise ProtocolError if it is not such an
    answer."""
    try:
        rows = read_json(body)["models"] or []
        named = [_read_row(row) for row in rows if isinstance(row, dict) and _name_of(row)]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ProtocolError(_NO_LIST) from None
    if rows and not named:
        raise ProtocolError(_NO_LIST)
    return named


_NO_LIST = "The server's list of models is not one of Ollama's."


def read_show(known: ModelFacts, body: bytes) -> ModelFacts:
    """Return ``known`` with what ``/api/show`` adds. Raise ProtocolError if it is not such an
    answer."""
    try:
        shown = read_json(body)
        told, info = _read_details(shown), _object_at(shown, "model_info")
    except (ValueError, TypeError, AttributeError):
        raise ProtocolError("The server's description of a model is not one of Ollama's.") from None
    lengths = (read_count(info[key]) for key in info if key.endswith(".context_length"))
    return replace(
        known,
        capabilities=told.capabilities or known.capabilities,
        context_length=next(filter(None, lengths), None) or known.context_length,
        parameter_size=told.parameter_size or known.parameter_size,
        family=told.family or known.family,
        remote=known.remote or told.remote,
        shown=True,
    )


def _read_row(row: Mapping[str, Any]) -> ModelFacts:
    length = read_count(look_up(row, "details.context_length"))
    digest = _text_at(row, "digest")
    return replace(_read_details(row), name=_name_of(row), digest=digest, context_length=length)


def _read_details(source: Mapping[str, Any]) -> ModelFacts:
    """Return what a row and a description tell in the same way."""
    told = source.get("capabilities")
    return ModelFacts(
        "",
        capabilities=tuple(map(str, told)) if isinstance(told, list) and told else None,
        parameter_size=_text_at(source, "details.parameter_size") or None,
        family=_text_at(source, "details.family"),
        remote=bool(source.get("remote_host")),
    )


def _name_of(row: Mapping[str, Any]) -> str:
    return _text_at(row, "name") or _text_at(row, "model")


def _text_at(source: Mapping[str, Any], path: str) -> str:
    value = look_up(source, path)
    return value if isinstance(value, str) else ""


def _object_at(source: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    value = look_up(source, path)
    return value if isinstance(value, Mapping) else {}
