"""Python and JavaScript accept and refuse the same events, with the same messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from runt_pyodide.errors import EventError
from runt_pyodide.notebook import events as ev
from tests.support.notebook.javascript import EventCheck
from tests.support.notebook.odd_events import (
    SCALARS,
    SCHEMA,
    anything,
    good_event,
    odd_event,
    spoilt_event,
)
from tests.support.notebook.sample_events import SAMPLES


@pytest.fixture(scope="module")
def javascript() -> Iterator[EventCheck]:
    with EventCheck() as check:
        yield check


def check_in_python(wire: Any) -> dict[str, Any]:
    """What JavaScript answers, of Python's side."""
    try:
        event = ev.parse_event(wire)
    except EventError as error:
        return {"fault": str(error)}
    return {"known": event is not None, "event": ev.to_wire(event) if event else wire}


def verdict(answer: dict[str, Any]) -> str:
    return "refused" if "fault" in answer else "known" if answer["known"] else "unknown"


def test_both_sides_know_the_same_events(javascript: EventCheck) -> None:
    """An event that one side alone knows fails here, and is named."""
    names = [*ev.event_names(), "v9.News"]
    events = [{"name": name, "args": args} for name, args, _ in SAMPLES]
    answers = javascript.check([*events, {"name": "v9.News", "args": {}}])
    known = {answer["event"]["name"]: answer["known"] for answer in answers if "event" in answer}
    assert known == {name: name != "v9.News" for name in names}
    assert {one["properties"]["name"]["const"] for one in SCHEMA["oneOf"]} == set(names[:-1])


@given(st.lists(good_event(), min_size=1, max_size=10))
def test_good_events_are_taken_and_read_alike(javascript: EventCheck, events: list[Any]) -> None:
    schema = Draft202012Validator(SCHEMA)
    for event, answer in zip(events, javascript.check(events), strict=True):
        assert answer == check_in_python(event)
        assert schema.is_valid(event)


@given(st.lists(spoilt_event(anything()) | odd_event(), min_size=1, max_size=20))
def test_odd_events_get_the_same_verdict(javascript: EventCheck, events: list[Any]) -> None:
    for event, answer in zip(events, javascript.check(events), strict=True):
        ours = check_in_python(event)
        assert verdict(answer) == verdict(ours), (event, answer, ours)
        if ours.get("known"):
            assert check_in_python(answer["event"]) == ours


@given(st.lists(spoilt_event(st.sampled_from(SCALARS)), min_size=1, max_size=20))
def test_one_fault_is_told_in_the_same_words(javascript: EventCheck, events: list[Any]) -> None:
    for event, answer in zip(events, javascript.check(events), strict=True):
        assert answer.get("fault") == check_in_python(event).get("fault"), event
