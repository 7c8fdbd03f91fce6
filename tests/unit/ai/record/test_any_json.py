"""A log is never trusted: whatever JSON is in what AI runs wrote, no reader raises, and the valid
outputs beside it still count."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.ai.prompt.manifest import explain_outputs
from runt_pyodide.ai.record.calls import call_of, result_of
from runt_pyodide.ai.record.fields import CALL, RESULT, AIRecord, manifest_of
from runt_pyodide.ai.record.read import last_iteration, read_turns, repair
from runt_pyodide.ai.record.resume import is_continuation, mark_continuation, waits_for_person
from runt_pyodide.ai.record.undo import plan_undo, read_changes
from runt_pyodide.ai.text.output import describe
from runt_pyodide.ai.text.sizes import READ_OUTPUT
from runt_pyodide.asking.stream import EventReader
from runt_pyodide.errors import CellError
from runt_pyodide.jupyter.display import describe_run
from runt_pyodide.jupyter.rendering import render
from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.state import Notebook
from runt_pyodide.notebook.state.output import Output
from tests.support.stages.ai_stage import AiStage, call, calls, say
from tests.support.stages.wire import cell, request
from tests.support.stages.world import FixedWorld, WireEvent

Place = tuple[str | int, ...]
"""The way from the log to a value within it."""

AUTO = dict.fromkeys(("modify_cell", "move_cell", "delete_cell", "create_cell"), "auto")


async def _within(_run: object, work: Callable[[dict[str, str]], Awaitable[str]]) -> str:
    return await work({"what": "it"})


async def record_runs() -> list[WireEvent]:
    """The cell "ai", whose run changed cells and ended; then "left", whose run waits for a word."""
    counted = {"usage": {"inputTokens": 100, "outputTokens": 7}}
    stage = AiStage(
        {
            "thinking": "Hm.",
            "text": "First.",
            "toolCalls": [
                {
                    "name": "modify_cell",
                    "arguments": {"cellId": "a", "source": "x"},
                    "state": {"signature": "s"},
                }
            ],
            "state": [{"type": "t", "thoughts": ["Hm."]}],
            **counted,
        },
        calls(("create_cell", {"cellType": "code", "source": "new"}), ("list_cells", {})),
        calls(("move_cell", {"cellId": "b", "after_id": "c"}), ("delete_cell", {"cellId": "c"})),
        call("no_such_tool"),
        {"text": "Done.", **counted},
        config={"tools": AUTO, "limits": {"turns": 9}},
        variables=lambda: {"what": "it"},
        within=_within,
    )
    log: list[Any] = []
    for place, name in enumerate("abc"):
        log += cell(name, f"source {name}", index="bcd"[place])
    settings = {"provider": "test", "model": "m", "settings": {"temperature": 0.5}}
    log += [("v1.AiSettingsChanged", {"cellId": "c", **settings})]
    log += [*cell("ai", "Do {what}.", "ai"), request("q", "ai")]
    stage.receive(*log)
    stage.agent.start()
    log += await stage.settle()
    then = [*cell("left", "Delete b.", "ai", "n"), request("r", "left")]
    script = (call("delete_cell", cellId="b"), say("Gone."))
    asking = AiStage(*script, session_id="left", world=FixedWorld("left"))
    asking.receive(*log, *then)
    asking.agent.start()
    log += [*then, *await asking.settle()]
    return [{"name": one[0], "args": one[1]} if isinstance(one, tuple) else one for one in log]


LOG = asyncio.run(record_runs())


def places_of(value: Any, place: Place) -> Iterator[Place]:
    """The place of a value, and those of all within it."""
    yield place
    inner = value.items() if isinstance(value, dict) else ()
    for key, one in enumerate(value) if isinstance(value, list) else inner:
        yield from places_of(one, (*place, key))


def record_places(value: Any, place: Place = ()) -> Iterator[Place]:
    """The places of all that is a record: what stands under ``anode``, and the data of calls."""
    inner = value.items() if isinstance(value, dict) else ()
    for key, one in enumerate(value) if isinstance(value, list) else inner:
        if key == "anode":
            yield from places_of(one, (*place, key))
        elif key in (CALL, RESULT):
            yield from places_of(one["data"], (*place, key, "data"))
            yield from record_places(one, (*place, key))
        else:
            yield from record_places(one, (*place, key))


PLACES = list(record_places(LOG))


def kind_of(place: Place) -> Place:
    """Items of one list are alike, and so are events of one name; no two changes are."""
    at, *way = place
    names = [key for key in way if isinstance(key, str)]
    return (at if "change" in names else LOG[int(at)]["name"], *names)


KINDS = {kind_of(place): place for place in PLACES}


def spoil(place: Place, value: Any) -> tuple[int, WireEvent]:
    """The event of the log with the value at that place, and which of them it is."""
    number, *way, last = place
    event: Any = json.loads(json.dumps(LOG[int(number)]))
    at = event
    for key in way:
        at = at[key]
    at[last] = value
    return int(number), event


EVENTS = [ev.parse_event(one) for one in LOG]
WHOLE = Notebook(event for event in EVENTS if event is not None)
CELLS = {"ai": "q", "left": "r"}


def test_the_recorded_runs_hold_what_runs_can_write() -> None:
    records = [AIRecord.of(output) for name in CELLS for output in WHOLE.outputs_of(name)]
    names = {name for record in records for name in record.to_json()}
    assert {*AIRecord.__dataclass_fields__} - names == {"notices", "continued_by", "sources"}
    assert waits_for_person(WHOLE, "left", "r")


def read_all(notebook: Notebook) -> None:
    """All that reads records; what it refuses it says in a sentence."""
    for name, run_id in CELLS.items():
        outputs = notebook.outputs_of(name)
        repair(read_turns(outputs))
        last_iteration(outputs)
        waits_for_person(notebook, name, run_id)
        is_continuation(outputs, run_id)
        describe_run(outputs)
        for output in outputs:
            render(output)
            describe(output, READ_OUTPUT)
        refused(lambda outputs=outputs: explain_outputs(outputs))
        refused(lambda outputs=outputs: mark_continuation(outputs, "new", "delta"))
        refused(lambda run_id=run_id: plan_undo(notebook, run_id, lambda: "new"))


def refused(read: Callable[[], object]) -> None:
    try:
        read()
    except CellError as error:
        assert str(error)


def check_healthy(notebook: Notebook, spoilt: str) -> None:
    """What the outputs but one hold is what it was."""
    for name, run_id in CELLS.items():
        now = {output.id: facts_of(output) for output in notebook.outputs_of(name)}
        now.pop(spoilt, None)
        assert now == {key: facts for key, facts in FACTS[name].items() if key != spoilt}
        messages = read_turns(notebook.outputs_of(name))
        asked = {one.id for message in messages for one in message.tool_calls}
        told = "\n".join(message.content for message in messages)
        for output in now.values():
            assert output["thinking"] or output["text"] in told
            assert output["call"] is None or output["call"].tool_call_id in asked
        changes = [one["change"] for one in now.values() if one["change"] is not None]
        if changes:
            assert [one for one in read_changes(notebook, run_id) if one in changes] == changes
        seen = [one["manifest"] for one in now.values() if one["manifest"] is not None]
        if seen:
            assert explain_outputs(notebook.outputs_of(name)).count("### Turn") >= len(seen)


def facts_of(output: Output) -> dict[str, Any]:
    record = AIRecord.of(output)
    return {
        "thinking": record.thinking,
        "text": output.text,
        "call": call_of(output),
        "result": result_of(output),
        "change": record.change,
        "manifest": manifest_of(record),
        "shown": render(output),
    }


FACTS = {name: {one.id: facts_of(one) for one in WHOLE.outputs_of(name)} for name in CELLS}
POISONS: list[Any] = [None, True, -1, 1.5, 2**53 - 1, "x", "__proto__", [], [1], [[]], {}, {"x": 1}]


def test_poison_at_each_place_is_passed_over() -> None:
    for number, place in enumerate(KINDS.values()):
        # A third of them at each place, and all of them within three.
        for poison in POISONS[number % 3 :: 3]:
            at, event = spoil(place, poison)
            spoilt = ev.parse_event(event)
            notebook = Notebook(e for e in [*EVENTS[:at], spoilt, *EVENTS[at + 1 :]] if e)
            read_all(notebook)
            args = event["args"]
            check_healthy(notebook, args.get("outputId") or args["id"])


NAMES = sorted({str(key) for place in PLACES for key in place if isinstance(key, str)})
WORDS = ["q", "r", "created", "deleted", "pending", "running", "code", "ai", "a", "mock", "test"]
text = st.sampled_from([*NAMES, *WORDS]) | st.text(max_size=5)
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e9, 1e9)
any_json = st.recursive(
    st.none() | st.booleans() | numbers | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=4),
    max_leaves=10,
)


@given(st.sampled_from(PLACES), any_json)
async def test_any_json_at_any_place_ends_nothing(place: Place, value: Any) -> None:
    """A session takes the log over, goes on with what waited, undoes, explains and continues; then
    an AI cell below is asked, as if nothing was wrong."""
    at, event = spoil(place, value)
    log = [*LOG[:at], event, *LOG[at + 1 :]]
    events = [e for e in map(ev.parse_event, log) if e is not None]
    read_all(Notebook(events))
    list(EventReader().read(events))
    stage = AiStage(say("Hello."), session_id="later", world=FixedWorld("later"))
    stage.receive(*log, *cell("below", "And now?", "ai", "z"))
    stage.agent.start()
    await stage.settle()
    for call_id in [*stage.notebook.approvals]:
        stage.respond(call_id)
    await stage.settle()
    for name, run_id in CELLS.items():
        refused(lambda name=name: stage.agent.explain(name))
        with suppress(CellError):
            await stage.agent.undo(run_id)
        refused(lambda name=name: stage.agent.continue_run(name))
        await stage.settle()
    stage.receive(request("below", "below"))
    await stage.settle()
    assert stage.notebook.executions["below"].outcome == "success"
    assert stage.notebook.outputs_of("below")[-1].text == "Hello."
    assert not stage.notebook.open_executions()
