"""Turns of a provider as JSON, which the Test provider plays again without a key or a network.

A Recorder (recorder.py) writes them, a Replay (replay.py) finds the one that answers a request.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, Literal, assert_never

from pydantic import ConfigDict, ValidationError

from ... import errors
from ...errors import ConfigError, ProviderError
from ...json_text import read_json
from ..messages import (
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

    def error(self) -> ProviderError:
        kind = getattr(errors, self.type, None)
        if not (isinstance(kind, type) and issubclass(kind, ProviderError)):
            raise ConfigError(f"The cassette holds an error of an unknown type {self.type!r}.")
        facts = self.model_dump(exclude={"type", "message", *_OWN})
        error = kind(self.message, **facts)
        for name in _OWN:
            if hasattr(error, name) and getattr(self, name) is not None:
                setattr(error, name, getattr(self, name))
        return error


OPAQUE = frozenset(("state",))
"""The fields of a turn that hold what a service alone understands."""


class RecordedTurn(_Record):
    request: ChatRequest
    deltas: tuple[RecordedDelta, ...] = ()
    error: RecordedError | None = None


class Cassette(_Record):
    """Turns in the order in which they began. ``provider`` is the name of the recorded one."""

    version: Literal[1] = 1
    provider: str = ""
    turns: tuple[RecordedTurn, ...] = ()

    @classmethod
    def read(cls, data: str | Mapping[str, Any]) -> Cassette:
        """Read JSON, as text or as the value. Raise ConfigError, which names what is wrong."""
        try:
            value = read_json(data) if isinstance(data, str) else data
            return cls.model_validate(value)
        except ValidationError as error:
            problem = describe_fault(error, cls)
        except ValueError as error:
            problem = f"not JSON: {error}."
        raise ConfigError(
            f"The cassette cannot be read: {problem}",
            advice="Give it as a Recorder of this version wrote it, or record anew.",
        )

    def to_json(self) -> str:
        """Return JSON text. What has its default is left out, except for the version."""
        value = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return json.dumps({"version": self.version, **value}, ensure_ascii=False, indent=1)


# What differs each time: how long a cell took, in the result of the call that ran it, and so the
# hash of that result in the lines around it.
_VOLATILE = re.compile(r'(?<="duration_ms": )\d+|(?<=data )[0-9a-f]{16}(?=\]$)', re.MULTILINE)


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
