"""The vocabulary of the runt notebooks: valid by their schema, and read back unchanged."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from runt_pyodide.errors import EventError
from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.batch import BatchReader
from runt_pyodide.notebook.state import Notebook
from runt_pyodide.notebook.vocabulary import CARRIED, MARK, read_event
from runt_pyodide.runt.wording import Wording
from tests.support.data import DATA
from tests.support.notebook import logs
from tests.support.notebook.random_logs import LOGS, Log
from tests.support.notebook.sample_events import SAMPLES
from tests.support.stages.ai_stage import AiStage, Reader, call, say
from tests.support.stages.python_page import Page
from tests.support.stages.wire import cell, request

SCHEMAS: dict[str, Any] = json.loads((DATA / "runt-events.schema.json").read_text("utf-8"))[
    "events"
]
VALIDATORS = {name: Draft202012Validator(schema) for name, schema in SCHEMAS.items()}
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
WireEvent = dict[str, Any]


def word(events: Iterable[ev.Event]) -> list[WireEvent]:
    """What a runtime writes that has folded these; each is valid, and none has a null field."""
    notebook = Notebook()
    wording, written = Wording(notebook), []
    for event in events:
        notebook.apply(event)
        for worded in wording.word([event]):
            wire = ev.to_wire(worded)
            VALIDATORS[wire["name"]].validate(wire["args"])
            assert None not in wire["args"].values()
            for field in ("startedAt", "completedAt", "renewedAt", "requestedAt", "respondedAt"):
                assert DATE.fullmatch(wire["args"].get(field, "2026-01-01T00:00:00.000Z"))
            written.append(json.loads(json.dumps(wire, allow_nan=False)))
    return written


def read(wires: Iterable[WireEvent]) -> list[ev.Event]:
    return [event for wire in wires if (event := read_event(wire)) is not None]


def compare(events: list[ev.Event]) -> list[WireEvent]:
    """Read back, the events make the same notebook; gives what was written."""
    written = word(events)
    assert logs.state_of(Notebook(read(written))) == logs.state_of(Notebook(events))
    return written


@given(LOGS)
def test_any_log_of_a_runtime_is_read_back_as_it_was(streams: tuple[Log, ...]) -> None:
    """It adds an output before it writes to it."""
    events = [event for stream in streams for event in stream]
    early, added = list[ev.Event](), set[str]()
    log = list[ev.Event]()
    for event in events:
        is_early = isinstance(event, ev.OutputDelta) and event.output_id not in added
        (early if is_early else log).append(event)
        if isinstance(event, ev.TerminalOutputAdded | ev.MarkdownOutputAdded):
            added.add(event.id)
            log += [one for one in early if getattr(one, "output_id", "") == event.id]
            early = [one for one in early if getattr(one, "output_id", "") != event.id]
    compare(log)


async def test_a_run_with_tools_and_all_that_it_says() -> None:
    stage = AiStage(
        {"thinking": "Hm. ", "text": "I run it.", **call("execute_cell", cellId="a")},
        {"text": "It is done, and this is a longer text.", "delay": 0.0},
        say("Never."),
        executors={"code": Reader()},
    )
    stage.receive(*cell("a", "x = 1", index="b"))
    stage.receive(*cell("ai", "Do it.", "ai"))
    stage.agent.start()
    log = [*stage.world.events]
    log += await stage.run()
    stage.respond("call_1", "denied", reason="No.")
    log += await stage.settle()
    created = [*cell("a", "x = 1", index="b"), *cell("ai", "Do it.", "ai"), request("q", "ai")]
    before = [{"name": name, "args": args} for name, args in created]
    written = compare(read([*before, *log]))
    names = {wire["name"] for wire in written}
    assert "v2.TerminalOutputAppended" not in names
    assert CARRIED not in json.dumps(written)
    assert "v1.ToolApprovalRequested" in names
    assert "v1.OutputDelta" not in names


async def test_what_python_cells_write(page: Page) -> None:
    written = await page.run(
        "import sys\nfrom IPython.display import update_display\n"
        "for i in range(3):\n    print(i)\n    print(i, file=sys.stderr)\n"
        "display({'text/html': '<b>x</b>'}, raw=True, display_id='d')\n"
        "update_display({'text/html': '<i>y</i>'}, raw=True, display_id='d')\n"
        "{'a': None}"
    )
    compare([*logs.cell("cell"), *read(written)])


def test_a_delta_of_text_and_more_is_written_as_two() -> None:
    log: Log = [*logs.cell("c"), logs.output("markdown", "o", data="a")]
    log += [logs.delta("d1", 0, text="b"), logs.delta("d2", 1, text="c", metadata={"n": 2})]
    written = [wire["args"] for wire in word(log)]
    texts = [(args["delta"], args["sequenceNumber"]) for args in written if "delta" in args]
    assert texts == [("b", 0), ("c", 1)]
    # A repeated key would end a store.
    assert [args["id"] for args in written[2:]] == ["o", "d1", "d2", "o"]
    assert written[-1]["content"]["metadata"][MARK]["delta"]["id"] == "d2-rest"


def test_what_is_ours_alone_is_left_out() -> None:
    events = [ev.parse_event({"name": n, "args": {**must, **may}}) for n, must, may in SAMPLES]
    written = word(event for event in events if event is not None)
    fields = {wire["name"]: set(wire["args"]) for wire in written}
    ours = {"v1.OutputDelta", "v1.OutputRestored", "v1.ToolPolicySet"}
    ours |= {"v1.CellMetadataSet", "v1.NotebookJsonSet"}
    assert {name for name, _, _ in SAMPLES} - set(fields) == ours
    assert "reason" not in fields["v1.ToolApprovalResponded"]
    assert "executionCount" not in fields["v1.ExecutionStarted"]
    assert "base" not in fields["v1.CellSourceChanged"]


def added(representations: Any) -> WireEvent:
    args = {"id": "d", "cellId": "c", "position": 0, "representations": representations}
    return {"name": "v1.MultimediaDisplayOutputAdded", "args": args}


def marked(mark: Any, data: Any = "x") -> Any:
    return {"type": "inline", "data": data, "metadata": {MARK: mark}}


def test_a_display_of_an_earlier_version_stands_for_the_delta_in_it() -> None:
    args = {"id": "d", "cellId": "c", "outputId": "o", "sequenceNumber": 0, "delta": {"text": "b"}}
    read = read_event(added({CARRIED: {"type": "inline", "data": args}}))
    assert read is not None and ev.to_wire(read) == {"name": "v1.OutputDelta", "args": args}


@pytest.mark.parametrize(
    ("representations", "fault"),
    [
        ({CARRIED: {"type": "inline", "data": {"id": "d"}}}, "cellId is missing"),
        ({"text/plain": marked({"delta": {"id": "d"}})}, "cellId is missing"),
        ({"text/plain": marked({"delta": 1})}, "args must be an object"),
        ({"text/plain": marked({"markdown": "x"})}, "content must be an object"),
        ({"text/plain": marked({"kept": {"text/html": 1}})}, "representations.text/html"),
    ],
)
def test_a_mark_that_holds_something_else_is_refused(representations: Any, fault: str) -> None:
    with pytest.raises(EventError, match=fault):
        read_event(added(representations))


def test_what_is_no_mark_changes_nothing() -> None:
    for odd in (1, None, [], {}, {"standIn": 1}, {"kept": 1}):
        read = read_event(added({"text/plain": marked(odd)}))
        assert isinstance(read, ev.MultimediaDisplayOutputAdded)
        assert isinstance(read.representations["text/plain"], ev.Inline)


def test_a_note_says_nothing_to_a_runtime_and_nothing_of_it_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    note = added({"text/plain": marked({"note": True})})
    assert read_event(note) is None
    assert BatchReader().read(json.dumps([note])) == []
    assert caplog.messages == []
