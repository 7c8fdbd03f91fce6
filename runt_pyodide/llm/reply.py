"""The answer that the deltas of one turn add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

from ..errors import CutStreamError, ModelSlipError
from .messages import (
    AIResponse,
    Delta,
    FinishDelta,
    TextDelta,
    ThinkingDelta,
    ToolCall,
    ToolCallDelta,
    Usage,
    UsageDelta,
)


@dataclass(slots=True)
class _Call:
    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)
    state: Mapping[str, Any] | None = None


class Reply:
    """Takes the deltas of a turn; holds what came so far, and the whole with ``response``."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._thinking: list[str] = []
        self._calls: dict[int, _Call] = {}
        self.usage: Usage | None = None
        self.finish: FinishDelta | None = None

    @property
    def text(self) -> str:
        return "".join(self._text)

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """Return the calls in the order of their index."""
        return tuple(
            ToolCall(call.id, call.name, "".join(call.arguments), call.state)
            for _, call in sorted(self._calls.items())
        )

    def add(self, delta: Delta) -> None:
        match delta:
            case TextDelta(text):
                self._text.append(text)
            case ThinkingDelta(text):
                self._thinking.append(text)
            case ToolCallDelta():
                self._add_call(delta)
            case UsageDelta(usage):
                self.usage = usage
            case FinishDelta():
                self.finish = delta
            case _:
                assert_never(delta)

    def response(self) -> AIResponse:
        """Return the whole turn. Raise CutStreamError if the model did not end it, and
        ModelSlipError if it said nothing (white space says nothing) and made no call."""
        if self.finish is None:
            raise CutStreamError("The answer ended before its end.")
        response = AIResponse(
            text=self.text,
            thinking="".join(self._thinking),
            tool_calls=self.tool_calls,
            usage=self.usage,
            finish_reason=self.finish.reason,
            notice=self.finish.notice,
            state=self.finish.state,
            sources=self.finish.sources,
        )
        if is_empty(response) and response.finish_reason in ("stop", "tool_calls"):
            raise _said_nothing(response)
        return response

    def _add_call(self, delta: ToolCallDelta) -> None:
        call = self._calls.setdefault(delta.index, _Call())
        call.id = delta.id or call.id
        call.name = delta.name or call.name
        call.arguments.append(delta.arguments)
        call.state = delta.state or call.state


def is_empty(response: AIResponse) -> bool:
    """Return whether a turn has neither text nor a call."""
    return not (response.tool_calls or response.text.strip())


def only_thought(response: AIResponse) -> bool:
    """Return whether the model thought, shown or not, and came to nothing else."""
    usage = response.usage
    thought = bool(response.thinking.strip() or (usage and usage.reasoning_tokens))
    return thought and is_empty(response)


def _said_nothing(response: AIResponse) -> ModelSlipError:
    thought = ": it used up its tokens for thinking" if only_thought(response) else ""
    told = f" {response.notice}" if response.notice else ""
    return ModelSlipError(f"The model gave an empty answer{thought}.{told}")
