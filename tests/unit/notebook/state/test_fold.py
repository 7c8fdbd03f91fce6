"""What must hold for the fold of any log: order, repetition, cost."""

from __future__ import annotations

import gc
import random
import sys
from types import FrameType

import pytest
from hypothesis import given

from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.state.notebook import FOLDS, Notebook
from tests.support.notebook import logs
from tests.support.notebook.random_logs import LOGS, RANDOM, Log, interleave
from tests.support.notebook.sample_events import SAMPLES


def test_every_event_is_folded() -> None:
    samples = [ev.parse_event({"name": name, "args": args}) for name, args, _ in SAMPLES]
    assert {type(event) for event in samples} == set(FOLDS)
    assert Notebook(event for event in samples if event is not None).metadata == {
        "title": "A title",
        "k": "v",
    }


@given(LOGS, RANDOM)
def test_the_order_between_cells_does_not_matter(
    streams: tuple[Log, ...], r: random.Random
) -> None:
    one = Notebook(event for stream in streams for event in stream)
    other = Notebook(interleave(streams, r))
    assert logs.state_of(one) == logs.state_of(other)


@given(LOGS, RANDOM)
def test_to_read_in_between_does_not_matter(streams: tuple[Log, ...], r: random.Random) -> None:
    log = interleave(streams, r)
    notebook = Notebook()
    for event in log:
        notebook.apply(event)
        if r.random() < 0.3:
            logs.state_of(notebook)
    assert logs.state_of(notebook) == logs.state_of(Notebook(log))


# These act on what is there when they come, or replace what an earlier one of the kind said.
UNIDENTIFIED = (
    *(ev.CellSourceChanged, ev.CellMoved, ev.CellMovedV1, ev.CellTypeChanged),
    *(ev.CellAiContextVisibilityToggled, ev.CellOutputsCleared),
)


@given(LOGS, RANDOM)
def test_what_comes_twice_changes_nothing(streams: tuple[Log, ...], r: random.Random) -> None:
    log = interleave(streams, r)
    echoed = list(log)
    for event in log:
        if not isinstance(event, UNIDENTIFIED) and r.random() < 0.5:
            # Any time after the event itself, and perhaps long after.
            echoed.insert(r.randint(echoed.index(event) + 1, len(echoed)), event)
    assert logs.state_of(Notebook(echoed)) == logs.state_of(Notebook(log))


@given(LOGS, RANDOM)
def test_what_has_an_id_may_come_in_any_order(streams: tuple[Log, ...], r: random.Random) -> None:
    """Outputs, their deltas, creations and deletions; and executions, each in its own order."""
    executions: dict[str, Log] = {}
    others: Log = []
    for event in (event for stream in streams for event in stream):
        if isinstance(queue_id := getattr(event, "queue_id", None), str):
            executions.setdefault(queue_id, []).append(event)
        elif not isinstance(event, UNIDENTIFIED):
            others.append(event)
    one = Notebook(interleave([*executions.values(), others], r))
    r.shuffle(others)
    other = Notebook(interleave([*executions.values(), others], r))
    assert logs.state_of(one) == logs.state_of(other)


# Cost, counted and not timed: the calls that it takes to fold one event.


def calls_to_apply(notebook: Notebook, event: ev.Event) -> int:
    calls = 0

    def count(_frame: FrameType, kind: str, _arg: object) -> None:
        nonlocal calls
        calls += kind in ("call", "c_call")

    before = sys.getprofile()
    gc.disable()  # what it calls back, at any time, is not of the fold
    sys.setprofile(count)
    try:
        notebook.apply(event)
    finally:
        sys.setprofile(before)
        gc.enable()
    return calls


def notebook_of(size: int) -> Notebook:
    """As many cells, executions, outputs and deltas, read once so that nothing is left to do."""
    log: Log = [logs.output("markdown", "o", "c"), logs.requested("q")]
    for at in range(size):
        log += [*logs.cell(f"c{at}", index=f"b{at}"), logs.requested(f"q{at}", f"c{at}")]
        log += [logs.delta(f"d{at}", 10 * at, text="x")]
        log += [logs.output("display", f"o{at}", f"c{at}", data={}, display_id=f"x{at}")]
    notebook = Notebook([*logs.cell("c"), *log])
    logs.state_of(notebook)
    return notebook


ONE_MORE = [
    *logs.cell("new", index="b5"),
    ev.CellSourceChanged(id="c3", source="x", modified_by="me"),
    ev.CellMoved(id="c3", fractional_index="a"),
    ev.CellDeleted(id="c3"),
    logs.requested("new"),
    logs.assigned("q"),
    logs.started("q"),
    logs.completed("q"),
    logs.cancelled("q"),
    logs.output("markdown", "new", "c"),
    logs.output("display", "new", "c", data={}, display_id="x3"),
    ev.MultimediaDisplayOutputUpdated(display_id="x3", representations={}),
    logs.cleared("c3"),
    logs.delta("new", 10**9, text="next"),
    logs.delta("new", 5, text="late"),
    logs.delta("d3", 30, text="twice"),
]


# A cell's place is looked for by halves.
PLACING = (ev.CellCreated, ev.CellMoved, ev.CellDeleted)


@pytest.mark.parametrize("event", ONE_MORE, ids=[type(event).__name__ for event in ONE_MORE])
def test_an_event_costs_as_much_in_a_large_notebook_as_in_a_small_one(event: ev.Event) -> None:
    small, large = (calls_to_apply(notebook_of(size), event) for size in (10, 1000))
    assert large <= 2 * small if isinstance(event, PLACING) else large == small


def test_late_deltas_are_sorted_once_and_not_each() -> None:
    notebook = notebook_of(0)
    calls = [
        calls_to_apply(notebook, logs.delta(f"d{at}", -at, text=f"{at} ")) for at in range(1000)
    ]
    assert max(calls) == calls[1]
    text = notebook.outputs_of("c")[0].text
    assert text == "".join(f"{at} " for at in reversed(range(1000)))
