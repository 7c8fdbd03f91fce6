"""Whatever a cell or a model hands to the writer becomes an event that JavaScript takes."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.bundle import build_bundle
from runt_pyodide.notebook.log import EventLog
from runt_pyodide.notebook.writer import OutputWriter
from tests.support.notebook import logs
from tests.support.notebook.javascript import EventCheck
from tests.support.notebook.odd_events import anything, nested
from tests.support.stages.world import FixedWorld

AT = "2026-01-31T12:00:00.000Z"
LOOP: list[Any] = []
LOOP.append({"itself": LOOP})
ONLY_PYTHON: list[Any] = [
    *(b"\xff", {1, "a"}, (1, math.nan), {1: 2, None: 3, "\ud83d": 4}, LOOP, object(), 2**20_000),
    *(nested(99), nested(250), nested(900), Decimal("1.5"), date(2026, 1, 1), 1j, range(3)),
]
values = anything() | st.sampled_from(ONLY_PYTHON) | st.lists(st.sampled_from(ONLY_PYTHON))
texts = st.text(st.characters() | st.sampled_from("\ud83d\udc00\x00"), max_size=20)


@pytest.fixture(scope="module")
def javascript() -> Iterator[EventCheck]:
    with EventCheck() as check:
        yield check


def written(write: Callable[[OutputWriter, EventLog], object]) -> list[dict[str, Any]]:
    world = FixedWorld()
    log = EventLog(world.emit)
    log.receive(logs.cell("c"))
    writer = OutputWriter(log.commit, world.clock, "c")
    write(writer, log)
    writer.flush()
    assert world.events
    return world.events


WRITES: dict[str, Callable[[OutputWriter, EventLog, Any, str], object]] = {
    "display": lambda writer, _, value, text: writer.display(
        build_bundle({"application/json": value, text: value, "text/html": value or ""}), text
    ),
    "update": lambda writer, _, value, text: writer.update_display(
        text, {"application/json": ev.Inline(data=value, metadata={text: value})}
    ),
    "result": lambda writer, _, value, text: writer.result(
        build_bundle({"text/plain": text}, {"text/plain": {text: value}}), 1
    ),
    "annotation": lambda writer, _, value, text: writer.display({}).annotate({text: value}),
    "record": lambda writer, _, value, text: writer.markdown({"anode": {text: value}}).annotate(
        {"anode": {"tool_args": value}}
    ),
    "error": lambda writer, _, value, text: writer.error(text, text, [text, str(type(value))]),
    "stream": lambda writer, _, __, text: writer.stream("stdout", f"{text}x"),
    "arguments": lambda _, log, value, text: log.commit(
        [
            ev.ToolApprovalRequested(
                tool_call_id=text,
                cell_id="c",
                tool_name=text,
                arguments={text: value},
                requested_at=AT,
            )
        ]
    ),
    "metadata": lambda _, log, value, text: log.commit(
        [ev.CellMetadataSet(cell_id="c", key=text, value=value)]
    ),
    "notebook": lambda _, log, value, text: log.commit([ev.NotebookJsonSet(key=text, value=value)]),
    "source": lambda _, log, value, text: log.commit(
        [ev.CellSourceChanged(id="c", source=text + repr(type(value)), modified_by=text)]
    ),
    "end": lambda _, log, value, text: log.commit(
        [
            ev.ExecutionCompleted(
                queue_id="q",
                cell_id="c",
                status="error",
                error=f"{text} {type(value)}",
                completed_at=AT,
                execution_duration_ms=1,
            )
        ]
    ),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
@given(value=values, text=texts)
def test_whatever_is_written_is_taken(
    javascript: EventCheck,
    write: Callable[[OutputWriter, EventLog, Any, str], object],
    value: Any,
    text: str,
) -> None:
    events = written(lambda writer, log: write(writer, log, value, text))
    for event, answer in zip(events, javascript.check(events), strict=True):
        assert "fault" not in answer and answer["known"]
        assert ev.parse_event(json.loads(json.dumps(event))) is not None
