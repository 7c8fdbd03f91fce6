"""An AI turn as outputs."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.ai.record.write import Transcript
from runt_pyodide.llm.messages import (
    Delta,
    FinishDelta,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    Usage,
    UsageDelta,
)
from runt_pyodide.llm.redaction import Redactor
from runt_pyodide.notebook.events import to_wire
from runt_pyodide.notebook.writer import OutputWriter
from tests.support.stages.world import FixedWorld, WireEvent

SOURCE = {
    "role": "assistant",
    "ai_provider": "p",
    "ai_model": "m",
    "iteration": 2,
    "run_id": "q",
}


def open_transcript() -> tuple[FixedWorld, OutputWriter, Transcript]:
    world = FixedWorld()
    writer = OutputWriter(world.emit, world.clock, "c")
    transcript = Transcript(writer, "q", Redactor())
    transcript.begin_turn(2)
    transcript.ask("p", "m")
    return world, writer, transcript


def play(deltas: list[Delta], *ending: Any) -> tuple[list[list[WireEvent]], list[WireEvent]]:
    """The batches that the deltas and, with the ending, their end brought; and what is drained."""
    world, writer, transcript = open_transcript()
    for delta in deltas:
        transcript.write(delta)
        world.advance(1000)
    if ending:
        transcript.end_turn(*ending)
    return world.batches, [to_wire(event) for event in writer.drain()]


def added(id: str, position: int, text: str, **anode: object) -> WireEvent:
    content = {"type": "inline", "data": text, "metadata": {"anode": {**SOURCE, **anode}}}
    args = {"id": id, "cellId": "c", "position": position, "content": content}
    return {"name": "v1.MarkdownOutputAdded", "args": args}


def delta(id: str, output_id: str, number: int, **body: object) -> WireEvent:
    args = {"id": id, "cellId": "c", "outputId": output_id, "sequenceNumber": number}
    return {"name": "v1.OutputDelta", "args": {**args, "delta": body}}


def test_text_streams_into_one_output_and_its_end_waits_for_what_ends_the_cell() -> None:
    usage = Usage(input_tokens=3, output_tokens=0, cached_tokens=None)
    batches, drained = play([TextDelta("a"), TextDelta("b"), UsageDelta(usage)], "stop")
    assert batches == [[added("id-1", 0, "a")], [delta("id-2", "id-1", 0, text="b")]]
    counts = {"input_tokens": 3, "output_tokens": 0}
    ended = {"anode": {"finish_reason": "stop", "usage": counts}}
    assert drained == [delta("id-3", "id-1", 1, metadata=ended)]


def test_thinking_is_an_output_of_its_own_and_order_is_kept() -> None:
    deltas: list[Delta] = [
        *map(ThinkingDelta, "ab"),
        TextDelta("c"),
        ThinkingDelta("d"),
        TextDelta("e"),
    ]
    batches, drained = play(deltas, "length")
    assert batches == [
        [added("id-1", 0, "a", thinking=True)],
        [delta("id-2", "id-1", 0, text="b")],
        [added("id-3", 1, "c")],
        [added("id-4", 2, "d", thinking=True)],
        [added("id-5", 3, "e")],
    ]
    assert drained == [delta("id-6", "id-5", 0, metadata={"anode": {"finish_reason": "length"}})]


def test_what_is_no_text_is_not_written() -> None:
    deltas: list[Delta] = [
        ToolCallDelta(0, "x", "f", "{}"),
        UsageDelta(Usage()),
        TextDelta(""),
        FinishDelta("stop"),
    ]
    assert play(deltas) == ([], [])


@pytest.mark.parametrize("ending", ["stop", "length", "tool_calls", "content_filter"])
def test_a_turn_that_ended_well_without_a_text_leaves_an_empty_one(ending: str) -> None:
    assert play([], ending) == ([], [added("id-1", 0, "", finish_reason=ending)])


@pytest.mark.parametrize("ending", ["cancelled", "error"])
def test_a_turn_that_broke_off_marks_what_came_if_anything(ending: str) -> None:
    nothing = play([], ending)
    if ending == "error":
        assert nothing == ([], [])
    else:  # what it took is told there
        assert nothing == ([], [added("id-1", 0, "", finish_reason="cancelled")])
    batches, drained = play([TextDelta("as far as")], ending)
    assert batches == [[added("id-1", 0, "as far as")]]
    assert drained == [delta("id-2", "id-1", 0, metadata={"anode": {"finish_reason": ending}})]


def test_the_tail_of_the_text_goes_out_with_how_it_ended() -> None:
    _, writer, transcript = open_transcript()
    for text in "abc":
        transcript.write(TextDelta(text))
    transcript.end_turn("cancelled")
    ended = {"anode": {"finish_reason": "cancelled"}}
    assert [to_wire(event) for event in writer.drain()] == [
        delta("id-2", "id-1", 0, text="bc", metadata=ended)
    ]


def test_what_goes_on_meanwhile_stands_on_the_output_that_the_answer_then_fills() -> None:
    world, writer, transcript = open_transcript()
    transcript.notice("retry", "Retrying in 2 s.", 2)
    transcript.ask("other", "n")
    transcript.notice("fallback", "Asking 'other' instead.")
    assert not transcript.has_spoken
    retry = {"kind": "retry", "text": "Retrying in 2 s.", "until": "2026-01-01T00:00:02.000Z"}
    fallback = {"kind": "fallback", "text": "Asking 'other' instead."}
    told = {"ai_provider": "other", "ai_model": "n", "notices": [retry, fallback]}
    world.advance(50)
    assert world.take() == [[added("id-1", 0, "", **told)]]
    world.advance(1000)
    transcript.write(TextDelta("a"))
    assert transcript.has_spoken
    assert world.take() == [[delta("id-2", "id-1", 0, text="a")]]
    assert writer.drain() == []
