"""The chat vocabulary that every provider is mapped to and from: requests in, deltas out.

Vendor names and quirks stop at the provider. Values are frozen, and unions are closed: a ``match``
over one ends in ``assert_never``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field

from ..arguments import Flag, Number, Whole
from ..json_schema import inline_definitions

Role = Literal["system", "user", "assistant", "tool"]
FinishReason = Literal["stop", "length", "tool_calls", "content_filter"]
Capability = Literal["completion", "tools", "vision", "thinking"]
ReasoningEffort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that a model made. ``arguments`` is its JSON text, perhaps invalid. ``state`` is what
    the service wants back with the call, and alone understands."""

    id: str
    name: str
    arguments: str
    state: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """A picture for models that can see: its MIME type, such as "image/png", and base64 text."""

    media_type: str
    data: str


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation.

    Only user messages have ``images``. Only assistant messages have ``tool_calls`` and ``state``,
    which the provider gave with FinishDelta, wants back, and alone understands. ``origin`` names
    the service and the model that said it (see `AIProvider.origin`): no other is given the state of
    the message and of its calls. Only tool messages have ``tool_call_id`` and ``tool_name``: they
    answer that call.
    """

    role: Role
    content: str
    images: tuple[Image, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None
    tool_name: str | None = None
    state: tuple[Mapping[str, Any], ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as a model sees it. ``parameters`` is the JSON Schema of an object; definitions stand
    in place of the references to them."""

    name: str
    description: str
    parameters: Mapping[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", inline_definitions(self.parameters))


# Source: OpenAI's reference of chat completions, whose ranges hold those of the other services.
Temperature = Annotated[Number, Field(ge=0, le=2, description="a number from 0 to 2")]
TopP = Annotated[Number, Field(ge=0, le=1, description="a number from 0 to 1")]
# JavaScript, and many services, do not tell larger whole numbers apart.
_MOST = (1 << 53) - 1
MaxTokens = Annotated[Whole, Field(gt=0, le=_MOST, description="a whole number above 0")]
Seed = Annotated[Whole, Field(ge=-_MOST, le=_MOST, description="a whole number of at most 53 bits")]


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """Settings of a turn; None leaves the choice to the service."""

    temperature: Temperature | None = None
    max_tokens: MaxTokens | None = None
    top_p: TopP | None = None
    seed: Seed | None = None
    stop: tuple[str, ...] = ()
    reasoning_effort: ReasoningEffort | None = None
    web_search: Flag | None = None


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """All that one turn needs. ``response_format`` is a JSON Schema that the answer must follow."""

    messages: tuple[Message, ...]
    model: str
    tools: tuple[ToolSpec, ...] = ()
    system_prompt: str | None = None
    settings: ChatSettings = field(default_factory=ChatSettings)
    response_format: Mapping[str, Any] | None = None

    @property
    def prompt(self) -> str:
        """The text of the last user message; "" if there is none."""
        return next((one.content for one in reversed(self.messages) if one.role == "user"), "")


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of a turn or a run, as the service counted them; None if it did not say.

    Of the input, ``cached_tokens`` were read from the service's cache, and ``written_tokens`` were
    written to it, if that has a price of its own. Of the output,
    ``reasoning_tokens`` were thinking. The service searched the web ``searches`` times.
    ``cost_usd`` is the price in US dollars, if the service tells it.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None
    written_tokens: int | None = None
    searches: int | None = None
    cost_usd: float | None = None

    def __add__(self, other: Usage) -> Usage:
        """Return the sum; a count that only one of them has is kept."""
        return Usage(*map(_add, astuple(self), astuple(other)))


def _add(one: Any, other: Any) -> Any:
    return other if one is None else one if other is None else one + other


@dataclass(frozen=True, slots=True)
class Source:
    """A page of the web that an answer rests on, with an address of http or https."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class ThinkingDelta:
    text: str


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A piece of a call. ``index`` counts the calls of the turn: the same index, the same call.

    ``id`` and ``name`` come whole with the first piece of a call; ``arguments`` is a fragment of
    JSON text. ``state`` is what the service wants back with the call; a later one replaces it.
    """

    index: int
    id: str | None = None
    name: str | None = None
    arguments: str = ""
    state: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class UsageDelta:
    """The usage of the turn so far: a later one replaces an earlier one."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class FinishDelta:
    """The end of the model's turn. A stream that ends without one was cut.

    ``notice`` is a sentence for the reader of the answer, or "". ``state`` belongs to the assistant
    message that keeps this turn. ``sources`` are the pages that the service searched for it.
    """

    reason: FinishReason
    notice: str = ""
    state: tuple[Mapping[str, Any], ...] = ()
    sources: tuple[Source, ...] = ()


Delta = TextDelta | ThinkingDelta | ToolCallDelta | UsageDelta | FinishDelta


@dataclass(frozen=True, slots=True)
class AIResponse:
    """A whole turn: what the deltas of its stream add up to."""

    text: str
    thinking: str
    tool_calls: tuple[ToolCall, ...]
    usage: Usage | None
    finish_reason: FinishReason
    notice: str = ""
    state: tuple[Mapping[str, Any], ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class AiModel:
    """A model that a provider offers, and what it is known to be able to do.

    ``context_length`` is its window in tokens, ``parameter_size`` in the service's words ("7B").
    """

    name: str
    provider: str
    display_name: str
    capabilities: tuple[Capability, ...] = ("completion",)
    context_length: int | None = None
    parameter_size: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the model as events and pages have it."""
        facts = {"contextLength": self.context_length, "parameterSize": self.parameter_size}
        known = {name: fact for name, fact in facts.items() if fact is not None}
        return {
            "name": self.name,
            "displayName": self.display_name,
            "provider": self.provider,
            "capabilities": list(self.capabilities),
            **({"metadata": known} if known else {}),
        }
