"""Whole runs, from the agent to what a reader sees of them in a runt notebook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.vocabulary import read_event
from runt_pyodide.runt.wording import Wording
from tests.support.notebook.runt_reader import RuntApplication, Seen, thought_in
from tests.support.stages.ai_stage import AiStage, Reader, call, say
from tests.support.stages.wire import cell, request
from tests.support.stages.world import FixedWorld, WireEvent

CELLS = [*cell("a", "x = 1", index="b"), *cell("ai", "Do it.", "ai")]
CALL: dict[str, Any] = {
    "thinking": "Hm. I *run* it.\n",
    "text": "I run it.",
    **call("execute_cell", cellId="a"),
}


class RuntWorld(FixedWorld):
    """Its events go to a runt notebook too."""

    def __init__(self, name: str, application: RuntApplication) -> None:
        super().__init__(name)
        self.application = application
        self.log: list[WireEvent] = []
        self.wording: Wording | None = None

    def emit(self, events: Sequence[ev.Event]) -> None:
        super().emit(events)
        assert self.wording is not None
        for event in self.wording.word(events):
            self.log.append(ev.to_wire(event))
            self.application.commit(self.log[-1])


def open_runtime(
    *turns: Any, name: str = "id", application: RuntApplication | None = None, log: Any = ()
) -> tuple[AiStage, RuntWorld]:
    """A runtime that has read what was written before it."""
    world = RuntWorld(name, application or RuntApplication())
    executors = {"code": Reader()}
    stage = AiStage(*turns, world=world, executors=executors, session_id=name)
    world.wording = Wording(stage.agent.notebook)
    stage.receive(*CELLS)
    stage.agent.receive(event for wire in log if (event := read_event(wire)) is not None)
    stage.agent.start()
    return stage, world


def seen(world: RuntWorld, cell_id: str = "ai") -> list[Seen]:
    blocks = world.application.look(cell_id)
    assert not any(kind == "box" for kind, _ in blocks)
    return [
        ("thinking", thought)
        if kind == "text/markdown" and (thought := thought_in(data)) is not None
        else (kind, data)
        for kind, data in blocks
    ]


async def test_thinking_a_call_its_result_and_the_answer() -> None:
    stage, world = open_runtime(CALL, say("It is **done**."))
    await stage.run()
    stage.respond("call_1", "denied", reason="No.")
    await stage.settle()
    result = stage.results()[0]
    assert seen(world) == [
        ("thinking", "Hm. I *run* it.\n"),
        ("markdown", "I run it."),
        ("call", "execute_cell"),
        ("result", result),
        ("markdown", "It is **done**."),
    ]


async def test_a_run_whose_runtime_died_says_why_below_what_it_wrote() -> None:
    stage, world = open_runtime({"text": "So far, and more.", "delay": 60.0})
    log = [{"name": name, "args": args} for name, args in [request("q", "ai")]]
    await stage.run()
    log += world.log
    before = seen(world)
    _, later = open_runtime(name="later", application=world.application, log=log)
    assert later.application.outputs
    *rest, (kind, said) = seen(later)
    assert rest == before
    assert kind == "error" and said.startswith("PythonEnded: ")


async def test_a_run_that_waits_for_approval_goes_on_in_the_next_runtime() -> None:
    stage, world = open_runtime(CALL)
    await stage.run()
    log = [{"name": name, "args": args} for name, args in [request("q", "ai")]] + world.log
    later, its_world = open_runtime(
        say("Then not."), name="later", application=world.application, log=log
    )
    await later.settle()
    later.respond("call_1", "denied")
    await later.settle()
    kinds = [kind for kind, _ in seen(its_world)]
    assert kinds == ["thinking", "markdown", "call", "result", "markdown"]
    assert seen(its_world)[-1] == ("markdown", "Then not.")


async def test_a_run_that_was_stopped_says_so() -> None:
    stage, world = open_runtime(CALL)
    await stage.run()
    await stage.agent.interrupt()
    await stage.settle()
    assert seen(world)[-1] == ("text/plain", "Stopped.")
