"""Displays that have several places: which update is sent, and what the places show in the end."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.events import Inline
from runt_pyodide.notebook.log import EventLog
from runt_pyodide.notebook.state import Notebook
from runt_pyodide.notebook.writer import Displays, OutputWriter
from tests.support.notebook.writer import INTERVAL, open_writer
from tests.support.stages.world import FixedWorld

CELLS = ("a", "b", "c")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["display", "update", "update", "print", "clear", "wait"]),
        st.sampled_from(CELLS),
        st.sampled_from("xy"),
    ),
    max_size=30,
)


def bundle(text: object) -> ev.Bundle:
    return {"text/plain": Inline(data=str(text))}


def shown(notebook: Notebook) -> dict[str, list[tuple[str, Any]]]:
    return {
        cell: [(one.kind, one.text or one.bundle) for one in notebook.outputs_of(cell)]
        for cell in CELLS
    }


def take(world: FixedWorld) -> list[dict[str, Any]]:
    return [event for batch in world.take() for event in batch]


def test_of_many_updates_the_last_one_is_sent_each_interval() -> None:
    world, writer = open_writer()
    writer.display(bundle(0), "x")
    take(world)
    for number in range(1, 1001):
        writer.update_display("x", bundle(number))
        world.advance(1)
    world.advance(INTERVAL)
    sent = [one["args"]["representations"]["text/plain"]["data"] for one in take(world)]
    assert sent[0] == "1"
    assert sent[-1] == "1000"
    assert len(sent) <= 1000 / INTERVAL + 2


@given(STEPS)
def test_what_writers_of_several_cells_show_is_what_was_shown_last(
    steps: list[tuple[str, str, str]],
) -> None:
    """Whatever waits to be sent, the places show what they would if nothing ever waited."""
    ends = [_play(steps, interval) for interval in (0.0, INTERVAL / 1000)]
    assert ends[0] == ends[1]


def _play(steps: list[tuple[str, str, str]], interval: float) -> Any:
    world, displays = FixedWorld(), Displays()
    log = EventLog(world.emit)
    writers = {
        cell: OutputWriter(log.commit, world.clock, cell, interval=interval, displays=displays)
        for cell in CELLS
    }
    for number, (action, cell, display_id) in enumerate(steps):
        writer = writers[cell]
        match action:
            case "display":
                writer.display(bundle(number), display_id)
            case "update":
                writer.update_display(display_id, bundle(number))
            case "print":
                writer.stream("stdout", f"{number},")
            case "clear":
                writer.clear("session")
            case _:
                world.advance(INTERVAL // 2)
    for writer in writers.values():
        writer.flush()
    displays_only = {
        cell: [one for one in outputs if one[0] == "display"]
        for cell, outputs in shown(log.notebook).items()
    }
    return displays_only


@given(STEPS, st.lists(st.integers(0, 4), min_size=30, max_size=30))
def test_what_the_store_sends_back_changes_nothing(
    steps: list[tuple[str, str, str]], echoes: list[int]
) -> None:
    """After each step some of what was sent comes back, in order."""
    world = FixedWorld()
    log = EventLog(world.emit)
    writers = {cell: OutputWriter(log.commit, world.clock, cell, interval=0.0) for cell in CELLS}
    expected, coming = Notebook(), list[ev.Event]()
    for number, ((action, cell, display_id), count) in enumerate(zip(steps, echoes, strict=False)):
        if action == "display":
            writers[cell].display(bundle(number), display_id)
        elif action == "update":
            writers[cell].update_display(display_id, bundle(number))
        for wire in take(world):
            coming.append(event := _parse(wire))
            expected.apply(event)
        log.receive(coming[:count])
        del coming[:count]
        assert shown(log.notebook) == shown(expected)
    log.receive(coming)
    assert shown(log.notebook) == shown(expected)


def _parse(wire: dict[str, Any]) -> ev.Event:
    event = ev.parse_event(wire)
    assert event is not None
    return event


def test_another_runtimes_update_counts_though_it_equals_one_of_ours() -> None:
    log = EventLog(lambda _: None)
    added = ev.MultimediaDisplayOutputAdded(
        id="o", cell_id="a", position=0, representations=bundle(0), display_id="x"
    )
    first, second = (
        ev.MultimediaDisplayOutputUpdated(display_id="x", representations=bundle(number))
        for number in (1, 2)
    )
    log.receive([added])
    log.commit([first, second])
    log.receive([first, second, first])
    assert shown(log.notebook)["a"] == [("display", bundle(1))]
