"""A compacted log gives the same notebook in both folds, whatever the log."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from runt_pyodide.ai.record.undo import plan_undo
from runt_pyodide.notebook.events import Event, to_wire
from runt_pyodide.notebook.state import Notebook
from tests.support.notebook.odd_logs import BATCHES
from tests.support.notebook.page_fold import PageFold, fold_here, read_or_refuse
from tests.support.notebook.random_logs import LOGS, RANDOM, Log, interleave
from tests.support.stages.ai_stage import AiStage, call, say
from tests.support.stages.wire import cell, request


@pytest.fixture(scope="module")
def page_fold() -> Iterator[PageFold]:
    fold = PageFold()
    yield fold
    fold.close()


def sources(log: list[Any]) -> list[Any]:
    return [event for event in log if event["name"] == "v1.CellSourceChanged"]


@given(BATCHES, BATCHES)
def test_an_odd_log_folds_as_before_and_so_does_what_comes_later(
    page_fold: PageFold, batches: list[list[Any]], later: list[list[Any]]
) -> None:
    log = [event for batch in batches for event in batch]
    after = [event for batch in later for event in batch]
    joined = page_fold.join_deltas(log, after)
    assert len(set(joined.states)) == 1
    assert joined.later_states[0] == joined.later_states[1]
    assert len(joined.events) <= len(log)
    # Python refuses the same, so what it takes of both is the same notebook, too.
    valid = [event for event in log if isinstance(read_or_refuse(event), Event)]
    fewer = page_fold.join_deltas(valid).events
    assert fold_here(fewer) == fold_here(valid)
    assert sources(fewer) == sources(valid)


@given(LOGS, RANDOM)
def test_what_cells_stream_becomes_one_event_for_each_output(
    page_fold: PageFold, streams: tuple[Log, ...], random: random.Random
) -> None:
    log = [to_wire(event) for event in interleave(streams, random)]
    joined = page_fold.join_deltas(log)
    assert len(set(joined.states)) == 1
    assert fold_here(joined.events) == fold_here(log)
    assert sources(joined.events) == sources(log)
    state = json.loads(joined.states[0])[0]
    is_open = {
        one["cellId"]
        for one in state.get("executions", [])
        if one["queueId"] in state.get("openExecutions", [])
    }
    cell_of = {
        event["args"]["id"]: event["args"]["cellId"]
        for event in log
        if event["name"].endswith("OutputAdded")
    }
    left = [event["args"] for event in joined.events if event["name"] == "v1.OutputDelta"]
    assert {cell_of.get(delta["outputId"]) for delta in left} <= {None, *is_open}


async def test_a_run_is_undone_after_its_log_was_compacted(page_fold: PageFold) -> None:
    turns = [
        call("modify_cell", cellId="a", source="changed"),
        call("create_cell", cellType="code", source="new"),
    ]
    allowed = dict.fromkeys(("modify_cell", "create_cell"), "auto")
    stage = AiStage(*turns, say("Done."), config={"tools": allowed})
    stage.receive(*cell("a", "before"))
    stage.open()
    given = [*cell("a", "before"), *cell("ai", "Do it.", "ai"), request("q", "ai")]
    log = [
        *({"name": name, "args": args} for name, args in given),
        *await stage.run(),
    ]
    joined = page_fold.join_deltas(log).events
    assert len(joined) < len(log)
    plans = [plan_undo(notebook_of(events), "q", lambda: "new") for events in (log, joined)]
    assert plans[0] == plans[1]
    assert plans[0].undone[-1] == "a" and len(plans[0].undone) == 2


def notebook_of(log: list[Any]) -> Notebook:
    notebook = Notebook()
    for wire in log:
        event = read_or_refuse(wire)
        assert isinstance(event, Event)
        notebook.apply(event)
    return notebook
