"""Answers as they come."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from pydantic import BaseModel

from runt_pyodide import ask
from runt_pyodide.asking.stream import (
    StreamEvent,
    TextAdded,
    ThinkingAdded,
    ToolAnswered,
    ToolCalled,
    UsageCounted,
)
from runt_pyodide.errors import AnswerError, ArgumentError
from runt_pyodide.llm.messages import Usage
from tests.support.stages.ai_stage import call, say
from tests.support.stages.asking import double, script

pytestmark = pytest.mark.usefixtures("fresh")


class City(BaseModel):
    name: str
    people: int


def joined(events: list[StreamEvent]) -> list[Any]:
    """The events, with the pieces of a text joined, and the sums that are the last."""
    result: list[Any] = []
    for event in events:
        last = result[-1] if result else None
        if isinstance(event, TextAdded | ThinkingAdded) and type(event) is type(last):
            result[-1] = type(event)(last.text + event.text)  # type: ignore[union-attr]
        else:
            result.append(ThinkingAdded(event.text) if isinstance(event, ThinkingAdded) else event)
    return result


async def test_events_tell_all_that_happens_in_order() -> None:
    turn = {"thinking": "Let me see.", "text": "Looking.", **call("double", x=2)}
    script({**turn, "usage": {"inputTokens": 3}}, {"text": "It is 4.", "usage": {"inputTokens": 4}})
    stream = ask.stream("Twice 2?", tools=[double])
    events = [event async for event in stream.events()]
    thought, looked, *rest = joined(events)
    assert (thought, looked.text) == (ThinkingAdded("Let me see."), "Looking.")
    called = next(one for one in rest if isinstance(one, ToolCalled))
    answered = next(one for one in rest if isinstance(one, ToolAnswered))
    assert (called.name, called.arguments, called.id) == ("double", {"x": 2}, answered.id)
    assert (answered.name, answered.result, answered.failed) == ("double", "4", False)
    counted = [one.usage for one in rest if isinstance(one, UsageCounted)]
    assert counted == [Usage(3), Usage(7)]
    assert stream.answer == "It is 4."
    assert stream.answer is not None
    assert stream.answer.usage == Usage(7)


async def test_a_list_grows_by_its_items_and_the_last_value_is_whole() -> None:
    script(say('{"value": ["Bern", "Basel", "Chur"]}'), delay=0.001)
    stream = ask.stream("Cities", returns=list[str])
    values = [value async for value in stream]
    assert values[-1] == ["Bern", "Basel", "Chur"]
    assert all(value == values[-1][: len(value)] for value in values)
    assert sorted(map(len, values)) == [*map(len, values)]
    assert stream.answer is not None
    assert stream.answer.value == values[-1]


async def test_an_object_is_a_dict_of_its_fields_until_it_is_of_its_type() -> None:
    script(say('{"name": "Bern", "people": 134000}'), delay=0.001)
    values = [value async for value in ask.stream("A city", returns=City)]
    assert values[-1] == City(name="Bern", people=134000)
    assert all(isinstance(value, dict | City) for value in values)


async def test_an_answer_that_is_asked_for_again_begins_anew() -> None:
    script(say("None."), say('{"value": [1]}'))
    script(say('{"value": ["x"]}'))
    with pytest.raises(AnswerError):
        _ = [value async for value in ask.stream("Numbers", returns=list[int])]


async def test_a_long_value_is_not_read_at_each_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    from runt_pyodide.ai.prompt.answer_type import AnswerType

    script(say(f'{{"value": {[*range(5_000)]}}}'))
    read: list[int] = []
    monkeypatch.setattr(
        AnswerType, "read_partial", lambda self, text: read.append(len(text)), raising=True
    )
    stream = ask.stream("Numbers", returns=list[int])
    assert [value async for value in stream][-1] == [*range(5_000)]
    assert all(later - earlier >= earlier // 64 for earlier, later in pairwise(read))


async def test_wrong_options_are_told_at_once() -> None:
    with pytest.raises(TypeError, match="did you mean 'max_tokens'"):
        ask.stream("Hi", max_token=3)  # type: ignore[call-overload]


async def test_a_stream_that_is_used_as_an_answer_says_how_it_is_used() -> None:
    script(say("Hi."))
    with pytest.raises(ArgumentError, match=r"cannot be awaited\. Write `async for piece in ask"):
        await ask.stream("Hi")  # type: ignore[misc]
    with pytest.raises(ArgumentError, match=r"without `async`\. Write `async for piece in ask"):
        [*ask.stream("Hi")]
