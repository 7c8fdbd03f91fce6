"""Calls of tools, however a service labels and cuts their pieces: the same calls run."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.support.services.checks import check
from tests.support.services.setups import meet
from tests.support.services.streams import Call, Labels, chunk, stream

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9999) | st.text('a{}[]"\\:, é🙂\n', max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=2),
    max_leaves=4,
)
CALLS = st.lists(
    st.one_of(
        st.tuples(
            st.just("weather"), st.fixed_dictionaries({"city": st.text("Rö{}\"'", max_size=9)})
        ),
        st.tuples(st.just("clock"), st.just({})),
        st.tuples(st.just("note"), st.dictionaries(st.text("abc", min_size=1), VALUES, max_size=3)),
    ),
    min_size=1,
    max_size=3,
    # Three equal ones in a row would be a model that goes round in circles: that ends a run.
).filter(lambda calls: not (len(calls) == 3 and calls[0] == calls[1] == calls[2]))
LABELS = st.builds(
    Labels,
    ids=st.sampled_from(["first", "all", "new", "none"]),
    places=st.sampled_from(["right", "one", "zero", "null", "none"]),
    names=st.sampled_from(["first", "all", "blank"]),
    cuts=st.lists(st.integers(0, 40), max_size=4).map(tuple),
    echo=st.sampled_from(["", "", "before", "more"]),
    mixed=st.booleans(),
    at_once=st.booleans(),
    finish=st.sampled_from(["tool_calls", "stop", "function_call", "TOOL_CALLS", "", None]),
    with_last=st.booleans(),
)


async def run(*records: Any) -> list[list[Any]]:
    tools = ["weather", "clock", "note"]
    setup = {"answers": [stream(*records)], "prompts": [{"tools": tools}]}
    found = await meet(setup)
    assert check(found, {"text": "ok", "asked": 2}) == []
    return found.ran  # type: ignore[union-attr]


@given(calls=CALLS, labels=LABELS)
async def test_the_same_calls_run(calls: list[Call], labels: Labels) -> None:
    assume(labels.has_one_meaning(calls))
    assert await run(*labels.write(calls)) == [*map(list, calls)]


WEATHER = [["weather", {"city": "Rome"}]]
ROME = '{"city":"Rome"}'


def named(arguments: Any, **more: Any) -> dict[str, Any]:
    return {"index": 0, "id": "a", "function": {"name": "weather", "arguments": arguments}, **more}


# Other ways to say weather(Rome), each in one delta.
WHOLE: dict[str, dict[str, Any]] = {
    "an object": {"tool_calls": [named({"city": "Rome"})]},
    "JSON in JSON": {"tool_calls": [named(json.dumps(ROME))]},
    "a fence": {"tool_calls": [named(f"```json\n{ROME}\n```")]},
    "a fence on one line": {"tool_calls": [named(f"```json {ROME} ```")]},
    "a list around it": {"tool_calls": [named(f"[{ROME}]")]},
    "a comma at the end": {"tool_calls": [named('{"city":"Rome",}')]},
    "blanks around it": {"tool_calls": [named(f"\n  {ROME} \n")]},
    "null beside it": {"tool_calls": [None, named(ROME), None]},
    "no type": {"tool_calls": [named(ROME, type=None)]},
    "an id that is a number": {"tool_calls": [named(ROME, id=7)]},
    "an index that is text": {"tool_calls": [named(ROME, index="0")]},
    "a name with its kind before it": {
        "tool_calls": [{"id": "a", "function": {"name": "functions.weather", "arguments": ROME}}]
    },
    "a name with its number behind it": {
        "tool_calls": [{"id": "a", "function": {"name": "functions.weather:0", "arguments": ROME}}]
    },
    "the older form": {"function_call": {"name": "weather", "arguments": ROME}},
    "both forms": {
        "function_call": {"name": "weather", "arguments": ROME},
        "tool_calls": [named(ROME)],
    },
}


@pytest.mark.parametrize("delta", [pytest.param(one, id=name) for name, one in WHOLE.items()])
@pytest.mark.parametrize("finish", ["tool_calls", "function_call", "stop"])
async def test_one_call_in_other_words(delta: dict[str, Any], finish: str) -> None:
    assert await run(chunk(delta), chunk({}, finish)) == WEATHER


NOTHING: dict[str, Any] = {
    "none": "",
    "null": None,
    "{}": "{}",
    "blanks": "  ",
    "null as text": "null",
    "an empty list": "[]",
    "a blank within": "{ }",
}


@pytest.mark.parametrize("arguments", [pytest.param(one, id=name) for name, one in NOTHING.items()])
async def test_a_call_without_arguments(arguments: Any) -> None:
    call = {"index": 0, "id": "a", "function": {"name": "clock", "arguments": arguments}}
    assert await run(chunk({"tool_calls": [call]}), chunk({}, "tool_calls")) == [["clock", {}]]


async def test_a_call_without_the_field_of_arguments() -> None:
    call = {"index": 0, "id": "a", "function": {"name": "clock"}}
    assert await run(chunk({"tool_calls": [call]}), chunk({}, "tool_calls")) == [["clock", {}]]


@pytest.mark.parametrize(
    "broken",
    ('{"city":"Ro', '{"city":}', "Rome", '{"city" "Rome"}', "5", '["a","b"]', "{{}"),
)
async def test_no_tool_runs_with_arguments_that_nobody_gave(broken: str) -> None:
    setup = {"answers": [stream(chunk({"tool_calls": [named(broken)]}), chunk({}, "tool_calls"))]}
    sent = {"messages.-2.tool_calls.0.function.arguments": "{}", "messages.-1.role": "tool"}
    expected = {"ran": [], "text": "ok", "calls": ["weather"], "sent": sent}
    assert check(await meet(setup), expected) == []


EMPTY: dict[str, dict[str, Any]] = {
    "[]": {"tool_calls": []},
    "null": {"tool_calls": None},
    "[null]": {"tool_calls": [None]},
    "function_call null": {"function_call": None},
    "both null": {"function_call": None, "tool_calls": None},
}


@pytest.mark.parametrize("delta", [pytest.param(d, id=name) for name, d in EMPTY.items()])
async def test_no_call_at_all(delta: dict[str, Any]) -> None:
    answer = stream(chunk({"content": "x", **delta}), chunk({}, "stop"))
    assert check(await meet({"answers": [answer]}), {"text": "x", "calls": [], "asked": 1}) == []


@pytest.mark.parametrize("nothing", ["{}", "{ }", " {} ", "null", '""'])
async def test_what_stands_for_nothing_may_come_before_the_arguments(nothing: str) -> None:
    pieces = [named(nothing), {"index": 0, "function": {"arguments": ROME}}]
    assert await run(*(chunk({"tool_calls": [one]}) for one in pieces)) == WEATHER


@pytest.mark.parametrize("delta", [{}, {"role": "assistant"}, {"content": ""}, None])
async def test_calls_in_a_whole_message_at_the_end(delta: Any) -> None:
    choice = {"delta": delta, "message": {"tool_calls": [named(ROME)]}, "finish_reason": "stop"}
    assert await run({"choices": [choice]}) == WEATHER


OSLO = '{"city":"Oslo"}'


def added(number: int) -> dict[str, Any]:
    ids = {"id": f"f{number}", "call_id": f"c{number}"}
    item = {"type": "function_call", **ids, "name": "weather", "arguments": ""}
    return {"type": "response.output_item.added", "item": item}


def argued(arguments: str, how: str = "delta", **more: Any) -> dict[str, Any]:
    key = "delta" if how == "delta" else "arguments"
    return {"type": f"response.function_call_arguments.{how}", key: arguments, **more}


# Two calls of the Responses API whose events have no output_index.
WITHOUT_INDEX: dict[str, list[dict[str, Any]]] = {
    "both begun, then in their order": [added(1), added(2), argued(ROME), argued(OSLO)],
    "in pieces": [added(1), added(2), argued(ROME[:5]), argued(ROME[5:]), argued(OSLO)],
    "whole, in their order": [added(1), added(2), argued(ROME, "done"), argued(OSLO, "done")],
    "one after the other": [added(1), argued(ROME), added(2), argued(OSLO)],
    "by the ids of calls": [
        *(added(1), added(2)),
        *(argued(OSLO, item_id="c2"), argued(ROME, item_id="c1")),
    ],
    "by their ids, by turns": [
        *(added(1), added(2), argued(ROME[:5], item_id="f1"), argued(OSLO[:5], item_id="f2")),
        *(argued(ROME[5:], item_id="f1"), argued(OSLO[5:], item_id="f2")),
    ],
    "named by their arguments alone": [
        argued(ROME, "done", item_id="f1", name="weather"),
        argued(OSLO, "done", item_id="f2", name="weather"),
    ],
}


@pytest.mark.parametrize("records", [pytest.param(r, id=n) for n, r in WITHOUT_INDEX.items()])
async def test_two_calls_without_an_index(records: list[dict[str, Any]]) -> None:
    end = {"type": "response.completed", "response": {"status": "completed", "output": []}}
    setup = {"kind": "responses", "answers": [stream(*records, end, done=False)]}
    assert check(await meet(setup), {"ran": [*WEATHER, ["weather", {"city": "Oslo"}]]}) == []
