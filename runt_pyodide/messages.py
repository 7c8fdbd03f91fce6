"""The chat vocabulary that every provider is mapped to and from: requests in, deltas out.

Vendor names and quirks stop at the provider. Values are frozen, and the unions are closed: code
that takes one apart ends in ``assert_never``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["system", "user", "assistant", "tool"]
FinishReason = Literal["stop", "length", "tool_calls", "content_filter"]
Capability = Literal["completion", "tools", "vision", "thinking"]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that a model made. ``arguments`` is JSON text as it wrote it: perhaps invalid."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation.

    ``tool_calls`` stand on assistant messages alone; ``tool_call_id`` on tool messages alone, which
    answer the call of that id.
    """

    role: Role
    content: str
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as a model sees it. ``parameters`` is the JSON Schema of an object."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """Sampling settings; None leaves the choice to the service."""

    temperature: float | None = None
    max_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """All that one turn needs. ``response_format`` is a JSON Schema that the answer must follow."""

    messages: tuple[Message, ...]
    model: str
    tools: tuple[ToolSpec, ...] = ()
    system_prompt: str | None = None
    settings: ChatSettings = field(default_factory=ChatSettings)
    response_format: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one turn, as the service counted them; None where it did not say."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class ThinkingDelta:
    text: str


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A piece of a call. ``index`` counts the calls of the turn: equal index, same call.

    ``id`` and ``name`` come whole, with the first piece of their call; ``arguments`` is a fragment
    of JSON text.
    """

    index: int
    id: str | None = None
    name: str | None = None
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class UsageDelta:
    """The usage of the turn so far: a later one replaces an earlier one."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class FinishDelta:
    """The model ended its turn. A stream that ends without one was cut."""

    reason: FinishReason


Delta = TextDelta | ThinkingDelta | ToolCallDelta | UsageDelta | FinishDelta


@dataclass(frozen=True, slots=True)
class AIResponse:
    """A whole turn: what the deltas of its stream add up to."""

    text: str
    thinking: str
    tool_calls: tuple[ToolCall, ...]
    usage: Usage | None
    finish_reason: FinishReason


@dataclass(frozen=True, slots=True)
class AiModel:
    """A model that a provider offers, with what it is known to be able to do."""

    name: str
    provider: str
    display_name: str
    capabilities: tuple[Capability, ...] = ("completion",)

    def to_json(self) -> dict[str, Any]:
        """As events and pages have it."""
        return {
            "name": self.name,
            "displayName": self.display_name,
            "provider": self.provider,
            "capabilities": list(self.capabilities),
        }
