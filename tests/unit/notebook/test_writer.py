"""OutputWriter: ids, positions, sequence numbers, and the joining of streamed text."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.events import Inline
from runt_pyodide.notebook.state import Notebook
from runt_pyodide.notebook.wire import MAX_NUMBER
from runt_pyodide.notebook.writer import OutputWriter
from tests.support.notebook import logs
from tests.support.notebook.writer import (
    INTERVAL,
    delta,
    display,
    inline,
    markdown,
    open_writer,
    terminal,
)
from tests.support.stages.world import FixedWorld, WireEvent


def test_a_first_text_goes_out_at_once_and_more_is_joined_for_the_interval() -> None:
    world, writer = open_writer()
    text = writer.markdown({"anode": {"role": "assistant"}})
    assert world.take() == []  # nothing is shown before there is something to show
    text.append("")
    assert world.take() == []
    text.append("He")
    assert world.take() == [[markdown("id-1", 0, "He", {"anode": {"role": "assistant"}})]]
    text.append("l")
    world.advance(20)
    text.append("lo")
    world.advance(29)
    assert world.take() == []
    world.advance(1)
    assert world.take() == [[delta("id-2", "id-1", 0, text="llo")]]
    world.advance(49)
    text.append(" ")
    text.append("world")
    assert world.take() == []
    world.advance(1)
    assert world.take() == [[delta("id-3", "id-1", 1, text=" world")]]
    world.advance(INTERVAL + 1)
    text.append("!")
    assert world.take() == [[delta("id-4", "id-1", 2, text="!")]]
    world.advance(1000)
    assert (world.take(), writer.drain(), world.timers) == ([], [], 0)


def test_text_goes_out_before_any_other_event_and_with_it() -> None:
    world, writer = open_writer()
    text = writer.markdown()
    text.append("a")
    assert world.take() == [[markdown("id-1", 0, "a")]]

    text.append("b")
    writer.display({"text/plain": Inline(data="shown")}, "x")
    first = display("id-2", 1, "shown", displayId="x")
    assert world.take() == [[delta("id-3", "id-1", 0, text="b"), first]]

    text.append("c")
    writer.update_display("x", {"text/plain": Inline(data="new")})
    world.advance(INTERVAL)
    update = {"displayId": "x", "representations": {"text/plain": inline("new")}}
    assert world.take() == [
        [
            delta("id-4", "id-1", 1, text="c"),
            {"name": "v1.MultimediaDisplayOutputUpdated", "args": update},
        ]
    ]

    text.append("d")
    writer.result({"text/plain": Inline(data="42")}, 3)
    result = display("id-5", 2, "42", executionCount=3)
    result["name"] = "v1.MultimediaResultOutputAdded"
    assert world.take() == [[delta("id-6", "id-1", 2, text="d"), result]]

    text.append("e")
    writer.error("ValueError", "bad", ["line"])
    data = {"ename": "ValueError", "evalue": "bad", "traceback": ["line"]}
    args = {"id": "id-7", "cellId": "c", "position": 3, "content": inline(data)}
    error = {"name": "v1.ErrorOutputAdded", "args": args}
    assert world.take() == [[delta("id-8", "id-1", 3, text="e"), error]]

    text.append("f")
    writer.clear("s", wait=True)
    cleared = {
        "name": "v1.CellOutputsCleared",
        "args": {"cellId": "c", "wait": True, "clearedBy": "s"},
    }
    assert world.take() == [[delta("id-9", "id-1", 4, text="f"), cleared]]
    world.advance(1000)
    assert world.take() == []


def test_other_events_do_not_hold_text_back() -> None:
    world, writer = open_writer()
    writer.display({})
    writer.markdown().append("a")
    assert [len(batch) for batch in world.take()] == [1, 1]
    assert world.timers == 0


def test_streams_go_on_in_their_output_until_something_else_is_written() -> None:
    world, writer = open_writer()
    writer.stream("stdout", "1")
    writer.stream("stdout", "")
    writer.stream("stdout", "2")
    writer.stream("stderr", "3")
    writer.stream("stdout", "4")
    writer.stream("stdout", "5")
    world.advance(INTERVAL)
    assert world.take() == [
        [terminal("id-1", 0, "1", "stdout")],
        [
            delta("id-2", "id-1", 0, text="2"),
            terminal("id-3", 1, "3", "stderr"),
            terminal("id-4", 2, "45", "stdout"),
        ],
    ]
    writer.update_display("x", {})  # changes what stands elsewhere, and adds nothing
    writer.stream("stdout", "6")
    writer.markdown()
    writer.stream("stdout", "7")
    writer.display({"text/plain": Inline(data="shown")})
    writer.stream("stdout", "8")
    world.advance(INTERVAL)
    positions = [(e["args"].get("position"), e["name"]) for e in world.events]
    assert positions == [
        (None, "v1.MultimediaDisplayOutputUpdated"),
        (None, "v1.OutputDelta"),
        (3, "v1.TerminalOutputAdded"),
        (4, "v1.MultimediaDisplayOutputAdded"),
        (5, "v1.TerminalOutputAdded"),
    ]


def test_places_are_taken_in_the_order_of_the_calls() -> None:
    world, writer = open_writer()
    early, late = writer.markdown(), writer.markdown()
    writer.stream("stdout", "a")
    late.append("b")
    early.append("c")
    writer.error("E", "", [])
    assert [(event["name"], event["args"]["position"]) for event in world.events] == [
        ("v1.TerminalOutputAdded", 0),
        ("v1.MarkdownOutputAdded", 1),
        ("v1.MarkdownOutputAdded", 2),
        ("v1.ErrorOutputAdded", 3),
    ]


def test_what_is_noted_at_the_end_goes_out_with_what_ends_it() -> None:
    world, writer = open_writer()
    text = writer.markdown({"anode": {"role": "assistant"}})
    text.append("a")
    world.advance(1000)
    world.take()
    text.annotate({"anode": {"finish_reason": "stop"}})
    text.annotate({"anode": {"usage": {"output_tokens": 1}}})
    assert world.take() == []
    drained = [ev.to_wire(event) for event in writer.drain()]
    metadata = {"anode": {"finish_reason": "stop", "usage": {"output_tokens": 1}}}
    assert drained == [delta("id-2", "id-1", 0, metadata=metadata)]
    assert (writer.drain(), world.timers) == ([], 0)


def test_a_note_that_nothing_ends_goes_out_after_the_interval_or_with_the_next_text() -> None:
    world, writer = open_writer()
    text = writer.markdown()
    text.annotate({"progress": 1})
    world.advance(INTERVAL - 1)
    assert world.take() == []
    world.advance(1)
    assert world.take() == [[markdown("id-1", 0, "", {"progress": 1})]]
    world.advance(1000)
    text.annotate({"progress": 2})
    text.append("a")
    assert world.take() == [[delta("id-2", "id-1", 0, text="a", metadata={"progress": 2})]]
    world.advance(1000)
    assert world.take() == []


def test_drain_gives_what_is_pending_in_the_order_in_which_it_was_written() -> None:
    world, writer = open_writer()
    one, other = writer.markdown(), writer.markdown()
    one.append("1")
    other.append("2")
    one.append("3")
    drained = [ev.to_wire(event) for event in writer.drain()]
    assert drained == [markdown("id-2", 1, "2"), delta("id-3", "id-1", 0, text="3")]
    world.advance(1000)
    assert world.take() == [[markdown("id-1", 0, "1")]]


# What is written: a text to one of three outputs or, for None, an event of another kind; then the
# milliseconds that pass.
WRITES = st.lists(
    st.tuples(
        st.one_of(st.none(), st.tuples(st.integers(0, 2), st.text(max_size=3))),
        st.sampled_from([0, 0, 1, 10, 49, 50, 51, 200]),
    ),
    max_size=60,
)


@given(WRITES)
def test_deltas_add_up_to_the_text_whatever_the_times(writes: list[tuple[Any, int]]) -> None:
    world, writer = open_writer()
    outputs = [writer.markdown() for _ in range(3)]
    texts = ["", "", ""]
    for write, pause in writes:
        if write is None:
            writer.display({})
        else:
            number, text = write
            outputs[number].append(text)
            texts[number] += text
        world.advance(pause)
    assert_batched(world)
    world.emit(writer.drain())
    assert_numbered(world.events)
    notebook = Notebook(filter(None, map(ev.parse_event, world.events)))
    shown = {output.id: output.text for output in notebook.outputs_of("c")}
    assert [shown.get(output.id or "", "") for output in outputs] == texts
    positions = [output.position for output in notebook.outputs_of("c")]
    assert positions == list(range(len(positions)))


def assert_batched(world: FixedWorld) -> None:
    """Text waits for the interval or for another event, which comes last in its batch."""
    sent_at = -INTERVAL
    for time, batch in zip(world.times, world.batches, strict=True):
        others = [event["name"] == "v1.MultimediaDisplayOutputAdded" for event in batch]
        assert others and not any(others[:-1])
        outputs = [event["args"].get("outputId", event["args"]["id"]) for event in batch]
        assert len(set(outputs)) == len(outputs)
        assert others[-1] or time - sent_at >= INTERVAL
        if not all(others):
            sent_at = time


def assert_numbered(events: list[WireEvent]) -> None:
    """Ids are fresh, and the deltas of each output are numbered 0, 1, 2, ..."""
    assert len({event["args"]["id"] for event in events}) == len(events)
    counts: Counter[str] = Counter()
    for args in (event["args"] for event in events if "sequenceNumber" in event["args"]):
        assert args["sequenceNumber"] == counts[args["outputId"]]
        counts[args["outputId"]] += 1


def test_a_closed_writer_adds_nothing_and_still_says_how_far_it_came() -> None:
    world = FixedWorld()
    writer = OutputWriter(world.emit, world.clock, "c")
    text, card = writer.markdown(), writer.display({})
    text.append("Seen.")
    text.append(" Gathered.")
    late = writer.markdown()
    late.append("Not seen yet.")
    world.take()
    writer.close()
    text.append(" Dropped.")
    writer.stream("stdout", "Dropped.")
    writer.result({}, 1)
    writer.update_display("d", {})
    writer.clear("me")
    writer.display({}).annotate({"anode": {"state": "running"}})
    late.annotate({"anode": {"state": "cancelled"}})
    card.annotate({"anode": {"state": "cancelled"}})
    world.advance(100)
    deltas = [event["args"]["delta"] for event in world.events]
    assert deltas == [{"text": " Gathered."}, {"metadata": {"anode": {"state": "cancelled"}}}]


def test_what_a_log_has_numbered_to_the_last_is_written_on_from() -> None:
    """Nothing fails if there is no number left: what comes last shares the last number."""
    log = [
        logs.output("display", "o", data={}, position=MAX_NUMBER),
        logs.delta("d", MAX_NUMBER, metadata={"a": 1}),
    ]
    notebook, world = Notebook(log), FixedWorld()
    there = notebook.outputs_of("c")
    writer = OutputWriter(world.emit, world.clock, "c", there=there)
    writer.stream("stdout", "one")
    writer.result({}, 1)
    writer.reopen(there[0]).annotate({"b": 2})
    world.advance(100)
    for event in world.events:
        read = ev.parse_event(event)
        assert read is not None
        notebook.apply(read)
    assert {output.position for output in notebook.outputs_of("c")} == {MAX_NUMBER}
    assert there[0].metadata == {"a": 1, "b": 2}
