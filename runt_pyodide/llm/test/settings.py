"""The settings of the Test provider: what it says, as JSON has it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from ..messages import ChatRequest, FinishReason, Usage
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


class ScriptedAnswer(ConfigModel):
    """The turns of one answer; a text stands for a single turn that says it."""

    turns: Annotated[tuple[ScriptedTurn, ...], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _read_text(cls, data: Any) -> Any:
        return {"turns": [{"text": data}]} if isinstance(data, str) else data


class ScriptedResponse(ConfigModel):
    """The turns that answer a prompt, if it is equal to ``prompt``, or ``pattern`` (a regular
    expression) is found in it. ``text`` stands for a single turn that says it. ``answers`` are
    given one after the other: the first one when it is asked for the first time. The last one is
    given from then on, unless the script is strict."""

    prompt: str | None = None
    pattern: str | None = None
    text: str | None = None
    turns: tuple[ScriptedTurn, ...] = ()
    answers: tuple[ScriptedAnswer, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.prompt is None) == (self.pattern is None):
            raise ValueError("give either prompt or pattern")
        if sum((self.text is not None, bool(self.turns), bool(self.answers))) != 1:
            raise ValueError("give one of text, turns and answers")
        try:
            re.compile(self.pattern or "")
        except re.error as error:
            raise ValueError(f"the pattern is no regular expression: {error}") from None
        return self

    def in_order(self) -> tuple[tuple[ScriptedTurn, ...], ...]:
        """Return the turns of each answer, whichever way they were given."""
        if self.answers:
            return tuple(answer.turns for answer in self.answers)
        return (self.turns or (ScriptedTurn(text=self.text or ""),),)


Respond = Callable[[ChatRequest], Any]
"""Returns the turn that answers a request, or a text: a function of Python, async or not."""


class TestSettings(ProviderSettings):
    """The Test provider. ``responses`` maps exact prompts to answers, or to lists of answers that
    are given one after the other; or lists scripted responses, of which the first that matches is
    used. ``strict`` says whether a prompt without an answer is an error: without it, that is so
    where the environment variable CI is set. ``cassette`` is what a Recorder made, and is played
    instead. ``respond``, which only Python can give and no JSON keeps, is asked before the
    responses, and returns None for what they answer. ``delay`` is in seconds before each delta;
    ``tools`` says whether the models take tools, and ``context_length`` how many tokens their
    window has.
    """

    __test__ = False  # pytest collects classes by this name.

    responses: tuple[ScriptedResponse, ...] = ()
    respond: Annotated[SkipJsonSchema[Respond | None], Field(exclude=True, repr=False)] = None
    strict: bool | None = None
    cassette: dict[str, Any] | None = None
    delay: Seconds = 0.0
    tools: bool = True
    context_length: Annotated[int, Field(gt=0)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_mapping(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and isinstance(data.get("responses"), Mapping):
            responses = [_read_pair(*pair) for pair in data["responses"].items()]
            return {**data, "responses": responses}
        return data

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.responses or self.respond) and self.cassette is not None:
            raise ValueError("give either responses or a cassette")
        return self


def _read_pair(prompt: Any, answer: Any) -> dict[str, Any]:
    key = "answers" if isinstance(answer, list | tuple) else "text"
    return {"prompt": prompt, key: answer}
