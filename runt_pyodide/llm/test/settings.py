"""The settings of the Test provider: what it says, as JSON has it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from ..messages import FinishReason, Usage
from ..settings import ConfigModel, ProviderSettings

Seconds = Annotated[float, Field(ge=0)]


class ScriptedCall(ConfigModel):
    """A tool call. ``arguments`` is an object, or text that is sent as it is, valid JSON or not.

    Without an ``id`` it is named by its place among the calls of the conversation: "call_1". In the
    arguments, ``{{call_1.cell_id}}`` stands for a field of the JSON object that a call came to.
    ``state`` is what comes back with the call, as some services want it.
    """

    name: str
    arguments: dict[str, Any] | str = Field(default_factory=dict)
    id: str | None = None
    state: dict[str, Any] | None = None


class ScriptedPart(ConfigModel):
    """A text, a thought or a call: one of the three."""

    text: str | None = None
    thinking: str | None = None
    tool_call: ScriptedCall | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if sum(part is not None for part in (self.text, self.thinking, self.tool_call)) != 1:
            raise ValueError("give one of text, thinking and toolCall")
        return self


class ScriptedFault(ConfigModel):
    """What goes wrong with a turn.

    "status": the service refuses with that HTTP status, and "unreachable": no answer comes, both
    before the first delta. "error": the service reports an error in mid-answer, and "cut": the
    connection ends, both after so many deltas (``after``; without it, after all of them).

    It happens as often as ``times`` says, then the turn goes well; without it, always. ``code`` is
    one of the service's, such as "insufficient_quota"; ``retry_after`` is in seconds. The short
    form of a fault is a status as a number, or "unreachable", "error" or "cut".
    """

    kind: Literal["status", "unreachable", "error", "cut"] = "status"
    status: Annotated[int, Field(ge=300, le=599)] | None = None
    message: str = ""
    code: str | None = None
    retry_after: Seconds | None = None
    after: Annotated[int, Field(ge=0)] | None = None
    times: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_short_form(cls, data: Any) -> Any:
        if isinstance(data, int) and not isinstance(data, bool):
            return {"status": data}
        return {"kind": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.kind == "status") != (self.status is not None):
            raise ValueError("give either a status or another kind")
        if self.after is not None and self.kind in ("status", "unreachable"):
            raise ValueError(f"{self.kind!r} comes before the first delta: leave `after` out")
        return self


class ScriptedTurn(ConfigModel):
    """What is said in one turn: ``parts`` in their order, or ``thinking``, ``text`` and
    ``tool_calls``, in this order.

    If it is not given, ``usage`` counts words, and ``finish`` is "tool_calls" or "stop"; ``state``
    is what comes back with the turn; ``delay`` is in seconds before each delta, and overrides the
    provider's.
    """

    text: str = ""
    thinking: str = ""
    tool_calls: tuple[ScriptedCall, ...] = ()
    parts: tuple[ScriptedPart, ...] = ()
    usage: Usage | None = None
    finish: FinishReason | None = None
    notice: str = ""
    state: tuple[dict[str, Any], ...] = ()
    delay: Seconds | None = None
    fault: ScriptedFault | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.parts and (self.text or self.thinking or self.tool_calls):
            raise ValueError("give either parts or text, thinking and toolCalls")
        return self

    def in_order(self) -> tuple[ScriptedPart, ...]:
        """Return the parts, whichever way they were given."""
        if self.parts:
            return self.parts
        said = (ScriptedPart(thinking=self.thinking), ScriptedPart(text=self.text))
        return (*said, *(ScriptedPart(tool_call=call) for call in self.tool_calls))


class ScriptedResponse(ConfigModel):
    """The turns that answer a prompt, if it is equal to ``prompt``, or ``pattern`` (a regular
    expression) is found in it. ``text`` stands for a single turn that says it."""

    prompt: str | None = None
    pattern: str | None = None
    text: str | None = None
    turns: tuple[ScriptedTurn, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.prompt is None) == (self.pattern is None):
            raise ValueError("give either prompt or pattern")
        if (self.text is None) == (not self.turns):
            raise ValueError("give either text or turns")
        try:
            re.compile(self.pattern or "")
        except re.error as error:
            raise ValueError(f"the pattern is no regular expression: {error}") from None
        return self


class TestSettings(ProviderSettings):
    """The Test provider. ``responses`` maps exact prompts to answers, or lists scripted responses,
    of which the first that matches is used; ``cassette`` is what a Recorder made, and is played
    instead. ``delay`` is in seconds before each delta; ``tools`` says whether the models take
    tools, and ``context_length`` how many tokens their window has.
    """

    __test__ = False  # pytest collects classes by this name.

    responses: tuple[ScriptedResponse, ...] = ()
    cassette: dict[str, Any] | None = None
    delay: Seconds = 0.0
    tools: bool = True
    context_length: Annotated[int, Field(gt=0)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_mapping(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and isinstance(data.get("responses"), Mapping):
            responses = [{"prompt": p, "text": t} for p, t in data["responses"].items()]
            return {**data, "responses": responses}
        return data

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.responses and self.cassette is not None:
            raise ValueError("give either responses or a cassette")
        return self
