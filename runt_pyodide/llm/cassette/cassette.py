"""Turns of a provider as JSON, which the Test provider plays again without a key or a network.

A Recorder (recorder.py) writes them, a Replay (replay.py) finds the one that answers a request.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, Literal, assert_never

from pydantic import ConfigDict, ValidationError, field_validator

from ... import errors
from ...errors import ConfigError, ProviderError
from ...json_text import read_json
from ..messages import (
    AiModel,
    ChatRequest,
    Delta,
    FinishDelta,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    Usage,
    UsageDelta,
)
from ..redaction import Redactor
from ..settings import ConfigModel, describe_fault


class _Record(ConfigModel):
    # Built when it is first used: most sessions do not read a cassette.
    model_config = ConfigDict(defer_build=True)


class RecordedDelta(_Record):
    """A delta, under the name of its kind."""

    text: str | None = None
    thinking: str | None = None
    tool_call: ToolCallDelta | None = None
    usage: Usage | None = None
    finish: FinishDelta | None = None

    @classmethod
    def of(cls, delta: Delta) -> RecordedDelta:
        match delta:
            case TextDelta(text):
                return cls(text=text)
            case ThinkingDelta(text):
                return cls(thinking=text)
            case ToolCallDelta():
                return cls(tool_call=delta)
            case UsageDelta(usage):
                return cls(usage=usage)
            case FinishDelta():
                return cls(finish=delta)
            case _:
                assert_never(delta)

    def delta(self) -> Delta:
        if self.thinking is not None:
            return ThinkingDelta(self.thinking)
        if self.usage is not None:
            return UsageDelta(self.usage)
        return self.tool_call or self.finish or TextDelta(self.text or "")


# What only some errors have.
_OWN = ("window", "tokens", "loading", "patience")


class RecordedError(_Record):
    """The error that ended a turn. ``type`` is its class in runt_pyodide.errors; what decides about
    the next request is there if the class has it."""

    type: str
    message: str
    advice: str = ""
    status: int | None = None
    retry_after: float | None = None
    should_retry: bool | None = None
    window: int | None = None
    tokens: int | None = None
    loading: bool | None = None
    patience: float | None = None

    @classmethod
    def of(cls, error: ProviderError) -> RecordedError:
        # A third party's class may be missing when the turn is played: take the next one of ours.
        known = next(kind for kind in type(error).__mro__ if kind.__module__ == errors.__name__)
        return cls(
            type=known.__name__,
            message=error.message,
            advice=error.advice,
            status=error.status,
            retry_after=error.retry_after,
            should_retry=error.should_retry,
            **{name: getattr(error, name, None) for name in _OWN},
        )

    @field_validator("type")
    @classmethod
    def _check_type(cls, name: str) -> str:
        _kind_of(name)
        return name

    def error(self) -> ProviderError:
        kind = _kind_of(self.type)
        facts = self.model_dump(exclude={"type", "message", *_OWN})
        error = kind(self.message, **facts)
        for name in _OWN:
            if hasattr(error, name) and getattr(self, name) is not None:
                setattr(error, name, getattr(self, name))
        return error


def _kind_of(name: str) -> type[ProviderError]:
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, ProviderError):
        return kind
    raise ValueError(f"it names no error of a provider: {name!r}")


OPAQUE = frozenset(("state",))
"""The fields of a turn that hold what a service alone understands."""


class RecordedTurn(_Record):
    """What the ``provider`` was asked, what came, and how it ended: with its last delta, with an
    ``error``, or because it was cancelled after so many seconds."""

    request: ChatRequest
    deltas: tuple[RecordedDelta, ...] = ()
    error: RecordedError | None = None
    provider: str = ""
    cancelled_after: float | None = None


class RecordedProvider(_Record):
    """A provider that was asked: the known service that it is, if it is one, and what was known of
    its models, since that decides what they are sent. ``without_tools`` names those that take none.
    """

    name: str
    service: str | None = None
    models: tuple[AiModel, ...] = ()
    without_tools: tuple[str, ...] = ()


_AGAIN = "Record it again."
_READ = (1, 2)
"""The versions that are read. The first had neither ``providers`` nor turns that were cancelled."""


class Cassette(_Record):
    """Turns in the order in which they began. ``provider`` is the name of the one that was asked
    last."""

    version: Literal[1, 2] = 2
    provider: str = ""
    providers: tuple[RecordedProvider, ...] = ()
    turns: tuple[RecordedTurn, ...] = ()

    @classmethod
    def read(cls, data: str | Mapping[str, Any]) -> Cassette:
        """Read JSON, as text or as the value. Raise ConfigError, which names what is wrong."""
        try:
            value = read_json(data) if isinstance(data, str) else data
            _check_version(value)
            return cls.model_validate(value)
        except ValidationError as error:
            problem = describe_fault(error, cls)
        except ValueError as error:
            problem = f"it is not JSON ({error})."
        raise ConfigError(f"The cassette cannot be read: {problem}", advice=_AGAIN)

    def to_json(self) -> str:
        """Return JSON text. What has its default is left out, except for the version."""
        value = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return json.dumps({"version": self.version, **value}, ensure_ascii=False, indent=1)


def _check_version(value: Any) -> None:
    if not isinstance(value, Mapping):
        raise ConfigError("The cassette cannot be read: it is not an object.", advice=_AGAIN)
    version = value.get("version")
    if isinstance(version, int) and version not in _READ:
        raise ConfigError(
            f"The cassette is of the version {version}, and this runt-pyodide reads the versions "
            f"{' and '.join(map(str, _READ))}.",
            advice="Record it again, or install the runt-pyodide that recorded it.",
        )


# What differs each time: how long a cell took, in the result of the call that ran it, and so the
# hash of that result in the lines around it; where an object is in memory, and the file that
# IPython's kernel gives a cell.
_VOLATILE = re.compile(
    r'(?<="duration_ms": )\d+'
    r"|(?<=data )[0-9a-f]{16}(?=\]$)"
    r"|(?<=\bat 0x)[0-9a-f]{6,}\b"
    r"|(?<=ipykernel_)\d+/\d+(?=\.py)",
    re.MULTILINE,
)


def describe_request(request: ChatRequest, redactor: Redactor) -> dict[str, Any]:
    """Return a request as JSON, without defaults, without keys, and without what differs each
    time: the state of messages and calls follows from the answers before. A picture, which may have
    megabytes, is told by its hash."""
    value = RecordedTurn(request=request).model_dump(
        mode="json", by_alias=True, exclude_defaults=True
    )
    for message in value["request"]["messages"]:
        for image in message.get("images", ()):
            image["data"] = f"sha256 {hashlib.sha256(image['data'].encode()).hexdigest()}"
    described: dict[str, Any] = redactor.json(value["request"], OPAQUE)
    for message in described["messages"]:
        for one in (message, *message.get("toolCalls", ())):
            one.pop("state", None)
        if isinstance(message.get("content"), str):
            message["content"] = _VOLATILE.sub("0", message["content"])
    return described
