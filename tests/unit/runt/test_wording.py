"""What a runtime writes for a runt notebook, as that application shows it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from runt_pyodide.ai.record.calls import CallResult
from runt_pyodide.ai.record.write import CallOutput, Transcript
from runt_pyodide.llm.messages import TextDelta, ThinkingDelta, ToolCall
from runt_pyodide.llm.redaction import Redactor
from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.bundle import build_bundle
from runt_pyodide.notebook.log import EventLog
from runt_pyodide.notebook.state import Notebook
from runt_pyodide.notebook.state.output import Output
from runt_pyodide.notebook.vocabulary import read_event
from runt_pyodide.notebook.writer import OutputWriter
from runt_pyodide.runt.wording import Wording
from tests.support.data import DATA
from tests.support.notebook import logs
from tests.support.notebook.runt_reader import (
    CALL,
    RuntApplication,
    Seen,
    show_bundle,
    thought_in,
)
from tests.support.stages.world import FixedWorld

_SCHEMAS = json.loads((DATA / "runt-events.schema.json").read_text("utf-8"))["events"]
VALIDATORS = {name: Draft202012Validator(schema) for name, schema in _SCHEMAS.items()}
RULE = ("text/markdown", "---")
# Bundles, and what is to be seen of each.
BUNDLES: list[tuple[dict[str, Any], Seen]] = [
    ({"text/plain": "1"}, ("text/plain", "1")),
    ({"text/html": "<table>", "text/plain": "a"}, ("text/html", "<table>")),
    ({"image/png": "aaaa", "text/plain": "<Image>"}, ("image/png", "aaaa")),
    ({"image/gif": "aa\n&a"}, ("text/html", '<img src="data:image/gif;base64,aa&amp;a">')),
    (
        {"image/webp": "aaaa", "text/plain": "<Image>"},
        ("text/html", '<img src="data:image/webp;base64,aaaa">'),
    ),
    ({"text/latex": "$x$", "text/plain": "<Latex object>"}, ("text/markdown", "$x$")),
    ({"application/json": {"a": 1}}, ("application/json", {"a": 1})),
    (
        {"application/vnd.jupyter.widget-view+json": {"model_id": "m"}, "text/plain": "Slider()"},
        ("text/plain", "Slider()"),
    ),
    (
        {"application/vnd.dataresource+json": {"data": []}, "text/html": "<table>"},
        ("text/html", "<table>"),
    ),
    (
        {"application/x-own": {"a": 1}},
        ("text/plain", "An output of the type application/x-own cannot be shown here."),
    ),
    ({}, ("text/plain", "")),
]


class Stage:
    """A cell's writers, what they wrote as worded, and the application that shows it."""

    def __init__(self) -> None:
        self.world = FixedWorld()
        self.application = RuntApplication()
        self.written: list[dict[str, Any]] = []
        self.log = EventLog(self._emit)
        self.wording = Wording(self.log.notebook)
        self.log.receive(logs.cell("c"))
        self.open()

    def open(self) -> None:
        """The writers of a new run, below what is there."""
        there = self.log.notebook.outputs_of("c")
        self.writer = OutputWriter(self.log.commit, self.world.clock, "c", there=there)
        self.transcript = Transcript(self.writer, "run", Redactor(()))
        self.calls: list[CallOutput] = []

    def _emit(self, events: Any) -> None:
        for event in self.wording.word(events):
            wire = json.loads(json.dumps(ev.to_wire(event), allow_nan=False))
            VALIDATORS[wire["name"]].validate(wire["args"])
            self.written.append(wire)
            self.application.commit(wire)

    def end(self, status: Any = "success") -> None:
        """End the run. What is still to be cleared by its next output is cleared by an error: until
        then it is seen as it stood."""
        if "c" in self.application.to_clear:
            self.writer.error("Error", "", [])
        self.log.commit([*self.writer.drain(), logs.completed("q", "c", status)])

    def expected(self) -> list[Seen]:
        """What should be seen of the cell, by its outputs."""
        seen: list[tuple[Output | None, Seen]] = []
        for output in self.log.notebook.outputs_of("c"):
            record = output.metadata.get("anode", {})
            seen += [(None, RULE)] if is_answer(seen) and is_answer([(output, ("", ""))]) else []
            if notices := record.get("notices"):
                seen.append((None, ("text/plain", "\n".join(one["text"] for one in notices))))
            block = look_at(output)
            if seen and block[0] in ("stdout", "stderr") and seen[-1][1][0] == block[0]:
                block = (block[0], seen.pop()[1][1] + block[1])
            seen.append((output, block))
        return [block for _, block in seen]

    def seen(self) -> list[Seen]:
        """What is seen in the application, with its thinking unfolded."""
        return [
            ("thinking", thought)
            if kind == "text/markdown" and (thought := thought_in(data))
            else (kind, data)
            for kind, data in self.application.look("c")
        ]

    def read(self) -> Any:
        """The notebook that another runtime makes of what was written."""
        events = [read_event(wire) for wire in self.written]
        return outputs_in(logs.fold(logs.cell("c"), [one for one in events if one is not None]))


def outputs_in(notebook: Notebook) -> Any:
    return logs.state_of(notebook).get("outputs")


def is_answer(seen: list[tuple[Output | None, Seen]]) -> bool:
    output = seen[-1][0] if seen else None
    thinks = output is not None and output.metadata.get("anode", {}).get("thinking")
    return output is not None and output.kind == "markdown" and not thinks


def look_at(output: Output) -> Seen:
    if output.kind == "terminal":
        return (output.stream_name or "", output.text)
    if output.kind == "markdown":
        thinks = output.metadata.get("anode", {}).get("thinking")
        return ("thinking" if thinks else "markdown", output.text)
    if output.kind == "error":
        return ("error", f"{output.error['ename']}: {output.error['evalue']}")
    for data, block in BUNDLES:
        if {mime: one.data for mime, one in output.bundle.items()} == data:
            return block
    shown = {mime: one.model_dump() for mime, one in output.bundle.items()}
    if CALL in shown and isinstance(shown[CALL]["data"]["arguments"], str):
        del shown[CALL]  # it has no card for arguments that are not JSON
    return show_bundle(shown)


def make_call(stage: Stage, number: int) -> None:
    arguments: Any = '{"x": ' if number % 3 == 0 else {"x": number}
    call = ToolCall(f"call_{number}", "look", "{}")
    stage.calls.append(stage.transcript.call(call, arguments))


def end_call(stage: Stage, number: int) -> None:
    open_calls = [call for call in stage.calls if not call.is_over]
    for call in open_calls[:1]:
        call.set_state("running")
        call.end(CallResult(f"It is {number}.", failed=number % 2 == 0))


def think(stage: Stage, number: int) -> None:
    stage.transcript.write(ThinkingDelta(f"Is {number} <b>\n\n> odd</details>? " * (number + 1)))


def show(stage: Stage, number: int) -> None:
    bundle = build_bundle(BUNDLES[number % len(BUNDLES)][0])
    stage.writer.display(bundle, [None, "d", "e"][number % 3])


def begin_turn(stage: Stage, number: int) -> None:
    stage.transcript.end_turn("stop")
    stage.transcript.begin_turn(number)


def print_text(stage: Stage, number: int) -> None:
    stage.writer.stream("stdout" if number % 3 else "stderr", f"line {number}\nhalf")


ACTS: dict[str, Callable[[Stage, int], object]] = {
    "text": lambda stage, number: stage.transcript.write(TextDelta(f"It is *{number}*. ")),
    "think": think,
    "print": print_text,
    "call": make_call,
    "result": end_call,
    "turn": begin_turn,
    "notice": lambda stage, number: stage.transcript.notice("retry", f"Again: {number}.", number),
    "show": show,
    "result of a cell": lambda stage, number: stage.writer.result(
        build_bundle(BUNDLES[number % len(BUNDLES)][0]), number
    ),
    "update": lambda stage, number: stage.writer.update_display(
        "de"[number % 2], build_bundle(BUNDLES[number % len(BUNDLES)][0])
    ),
    "error": lambda stage, number: stage.writer.error("ValueError", str(number), []),
    "clear": lambda stage, number: stage.writer.clear("me", wait=number % 2 == 0),
    "wait": lambda stage, number: stage.world.advance(number * 20),
    "run again": lambda stage, _: (stage.end(), stage.open()),
}
RUNS = st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 12)), max_size=40)


@given(RUNS)
def test_a_reader_there_sees_what_is_to_be_seen(run: list[tuple[str, int]]) -> None:
    stage = Stage()
    for act, number in run:
        ACTS[act](stage, number)
    stage.end()
    assert stage.seen() == stage.expected()
    assert not any(kind == "box" for kind, _ in stage.seen())


@given(RUNS)
def test_another_runtime_reads_what_was_written(run: list[tuple[str, int]]) -> None:
    stage = Stage()
    for act, number in run:
        if act != "clear":
            ACTS[act](stage, number)
    stage.end()
    assert stage.read() == outputs_in(stage.log.notebook)
