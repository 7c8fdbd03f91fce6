"""Random valid logs, a stream of events for each cell."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import strategies as st

from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.events import OutputKind
from tests.support.notebook import logs

CELLS = ("c0", "c1", "c2")
Log = list[ev.Event]


def execution_of(draw: Callable[..., Any], cell_id: str, queue_id: str) -> Log:
    """Generate an execution with its outputs, from the request to its end, or part of it."""
    log: Log = [logs.requested(queue_id, cell_id), logs.assigned(queue_id)]
    log += [logs.started(queue_id, cell_id), logs.cleared(cell_id, wait=draw(st.booleans()))]
    kinds: list[OutputKind] = ["terminal", "markdown"]
    for number in range(draw(st.integers(0, 3))):
        id = f"{queue_id}-o{number}"
        deltas = [
            logs.delta(f"{id}-d{at}", at, id, text=f"{at},", metadata=_metadata(queue_id, at))
            for at in range(draw(st.integers(0, 4)))
        ]
        kind = draw(st.sampled_from(kinds))
        added = logs.output(kind, id, cell_id, data="text ", position=number)
        log += draw(st.permutations([added, *deltas]))
    if draw(st.booleans()):
        log.append(logs.output("error", f"{queue_id}-e", cell_id, data={"ename": "E"}))
    ends = [
        logs.cancelled(queue_id, cell_id),
        logs.completed(queue_id, cell_id, draw(st.sampled_from(["success", "error"]))),
    ]
    log += draw(st.permutations(ends))
    return log[: draw(st.integers(1, len(log)))] if draw(st.booleans()) else log


def _metadata(queue_id: str, at: int) -> dict[str, Any]:
    """What a delta says; every second one tells what its run took, which counts whatever becomes of
    the output."""
    account = {"anode": {"run_id": queue_id, "run": {"turns": at}}} if at % 2 else {}
    return {"n": {str(at): at}, **account}


@st.composite
def log_of_cell(draw: Callable[..., Any], cell_id: str) -> Log:
    changes: Log = [
        ev.CellSourceChanged(id=cell_id, source="new", modified_by="me"),
        ev.CellSourceChanged.edit(cell_id, "old", "newer", "me"),
        ev.CellMoved(id=cell_id, fractional_index=draw(st.sampled_from("abc"))),
        ev.CellMovedV1(id=cell_id, new_position=draw(st.integers(0, 40))),
        ev.CellTypeChanged(id=cell_id, cell_type="ai"),
        ev.CellAiContextVisibilityToggled(id=cell_id, ai_context_visible=False),
        logs.cleared(cell_id, wait=draw(st.booleans())),
    ]
    log = logs.cell(cell_id, source="old", index=draw(st.sampled_from("abc")))
    for number in range(draw(st.integers(0, 2))):
        log += draw(st.lists(st.sampled_from(changes), max_size=3))
        log += execution_of(draw, cell_id, f"{cell_id}-q{number}")
    if draw(st.integers(0, 3)) == 0:
        log.insert(draw(st.integers(1, len(log))), ev.CellDeleted(id=cell_id))
    return log


LOGS = st.tuples(*(log_of_cell(cell_id) for cell_id in CELLS))
RANDOM = st.randoms(use_true_random=False)


def interleave(streams: Iterable[Log], random: random.Random) -> Log:
    """Merge several logs into one; each keeps its order."""
    rest = [list(stream) for stream in streams if stream]
    log: Log = []
    while rest:
        stream = random.choice(rest)
        log.append(stream.pop(0))
        rest = [stream for stream in rest if stream]
    return log
