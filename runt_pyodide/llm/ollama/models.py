"""What Ollama tells of its models: the answers of ``/api/tags`` and ``/api/show``.

Source: ollama `api/types.go` (ListModelResponse, ShowResponse) and `types/model/capability.go`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from ...errors import ProtocolError
from ...json_text import read_json
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

    @property
    def chats(self) -> bool:
        """Return False for models that only make embeddings or images."""
        return self.can("completion") is not False

    def can(self, capability: str) -> bool | None:
        """Return whether the model has a capability; None if that is not known."""
        return None if self.capabilities is None else capability in self.capabilities

    def to_model(self, provider: str) -> AiModel:
        capabilities = tuple(one for one in _KNOWN if self.can(one))
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
    """Return the models of ``/api/tags``. Raise ProtocolError if it is not such an answer."""
    try:
        return [_read_row(row) for row in read_json(body)["models"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ProtocolError("The server's list of models is not one of Ollama's.") from None


def read_show(known: ModelFacts, body: bytes) -> ModelFacts:
    """Return ``known`` with what ``/api/show`` adds. Raise ProtocolError if it is not such an
    answer."""
    try:
        shown = read_json(body)
        details, info = shown.get("details") or {}, shown.get("model_info") or {}
        lengths = (info[key] for key in info if key.endswith(".context_length"))
        return replace(
            known,
            capabilities=_read_capabilities(shown) or known.capabilities,
            context_length=next(lengths, None) or known.context_length,
            parameter_size=details.get("parameter_size") or known.parameter_size,
            family=details.get("family") or known.family,
            remote=known.remote or bool(shown.get("remote_host")),
            shown=True,
        )
    except (ValueError, TypeError, AttributeError):
        raise ProtocolError("The server's description of a model is not one of Ollama's.") from None


def _read_row(row: Mapping[str, Any]) -> ModelFacts:
    details = row.get("details") or {}
    return ModelFacts(
        name=str(row.get("name") or row["model"]),
        digest=row.get("digest") or "",
        capabilities=_read_capabilities(row),
        context_length=details.get("context_length") or None,
        parameter_size=details.get("parameter_size") or None,
        family=details.get("family") or "",
        remote=bool(row.get("remote_host")),
    )


def _read_capabilities(source: Mapping[str, Any]) -> tuple[str, ...] | None:
    told = source.get("capabilities")
    return tuple(map(str, told)) if told else None
