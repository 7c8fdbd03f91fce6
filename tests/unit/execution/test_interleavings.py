"""Whatever happens in whatever order, each execution has one end, and no output after it.

The tests play random sequences of what people and runtimes do: executions are requested and
cancelled, cells are deleted, the runtime is interrupted, replaced by another, or disappears; events
reach a runtime late, and some of them twice. Each event that a runtime writes is checked against
what it knows then, and the whole log is checked against the rules in the end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide import ProviderRegistry, RuntimeAgent
from runt_pyodide.errors import CellError
from runt_pyodide.execution.run import Run
from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.state import Notebook
from tests.support.notebook import logs
from tests.support.stages.world import FixedWorld

CELLS = ("quick", "slow", "failing", "stubborn")
ADDED = (
    ev.TerminalOutputAdded,
    ev.MarkdownOutputAdded,
    ev.MultimediaDisplayOutputAdded,
    ev.MultimediaResultOutputAdded,
    ev.ErrorOutputAdded,
)
ENDS = (ev.ExecutionCompleted, ev.ExecutionCancelled)


class Cells:
    """An executor whose cells do as their ids say."""

    async def execute(self, run: Run) -> None:
        run.writer.stream("stdout", f"{run.cell.id} began\n")
        if run.cell.id == "failing":
            await asyncio.sleep(0)
            raise CellError("It failed.")
        for step in range(0 if run.cell.id == "quick" else 8):
            try:
                await asyncio.sleep(0)
            except asyncio.CancelledError:
                if run.cell.id != "stubborn":
                    raise
            run.writer.stream("stdout", f"{step}\n")
            run.writer.display({"text/plain": ev.Inline(data=str(step))})


class Runtime:
    """An agent, how far it has read the log, and what it knows to be over."""

    def __init__(self, log: list[ev.Event], session_id: str) -> None:
        self.log = log
        self.faults: list[str] = []
        self.read = 0
        self.is_alive = True
        self.began: set[str] = set()
        self.taken: set[str] = set()
        self.over: set[str] = set()
        self.deleted: set[str] = set()
        self.agent = RuntimeAgent(
            self.emit,
            ProviderRegistry(),
            runtime_id="runtime",
            clock=FixedWorld().clock,
            session_id=session_id,
            executors={"code": Cells()},
        )

    def deliver(self, count: int) -> None:
        batch = self.log[self.read : self.read + count]
        self.read += len(batch)
        self.agent.receive(batch)
        self.learn()

    def deliver_again(self, place: int) -> None:
        if self.read:
            self.agent.receive([self.log[place % self.read]])
            self.learn()

    def learn(self) -> None:
        known = self.agent.notebook.executions.values()
        self.taken |= {entry.queue_id for entry in known if entry.state != "pending"}
        self.over |= {entry.queue_id for entry in known if not entry.is_open}
        self.deleted |= {id for id in CELLS if self.agent.notebook.is_deleted(id)}

    def emit(self, events: Sequence[ev.Event]) -> None:
        if self.is_alive:
            for event in events:
                self.check(event)
            self.log += events

    def check(self, event: ev.Event) -> None:
        if isinstance(event, ev.ExecutionStarted):
            # Two that do not know of each other yet may both begin; none begins what has begun.
            self.hold(event.queue_id not in self.began | self.taken, "begun twice", event)
            self.began.add(event.queue_id)
        elif isinstance(event, ev.ExecutionCompleted):
            self.hold(event.queue_id not in self.over, "ended twice", event)
            self.over.add(event.queue_id)
        elif isinstance(event, ADDED):
            notebook = self.agent.notebook
            running = {notebook.executions[id].cell_id for id in self.began - self.over}
            self.hold(event.cell_id in running - self.deleted, "an output of what is over", event)

    def hold(self, holds: bool, fault: str, event: ev.Event) -> None:
        # What is raised here would end a task, and nobody would hear of it.
        if not holds:
            self.faults.append(f"{fault}: {event}")


class Play:
    """The log, the runtimes that there were, and what a person asked for."""

    def __init__(self) -> None:
        self.log: list[ev.Event] = [event for id in CELLS for event in logs.cell(id)]
        self.runtimes: list[Runtime] = []
        self.asked: dict[str, str] = {}
        self.tasks: list[asyncio.Task[None]] = []

    async def act(self, action: str, number: int) -> None:
        await getattr(self, action)(number)

    async def request(self, number: int) -> None:
        queue_id = f"q{len(self.asked)}"
        self.asked[queue_id] = CELLS[number % len(CELLS)]
        self.log.append(logs.requested(queue_id, self.asked[queue_id]))

    async def cancel(self, number: int) -> None:
        if self.asked:
            queue_id = list(self.asked)[number % len(self.asked)]
            self.log.append(logs.cancelled(queue_id, self.asked[queue_id]))

    async def cancel_all(self, _number: int) -> None:
        self.log.append(ev.AllExecutionsCancelled())

    async def delete(self, number: int) -> None:
        self.log.append(ev.CellDeleted(id=CELLS[number % len(CELLS)]))

    async def interrupt(self, _number: int) -> None:
        if self.runtimes:
            self.tasks.append(asyncio.create_task(self.runtimes[-1].agent.interrupt()))

    async def stop(self, _number: int) -> None:
        if self.runtimes:
            self.tasks.append(asyncio.create_task(self.runtimes[-1].agent.stop()))

    async def start(self, _number: int) -> None:
        """Another runtime, beside the one that there is."""
        runtime = Runtime(self.log, f"session{len(self.runtimes)}")
        self.runtimes.append(runtime)
        runtime.deliver(len(self.log))
        runtime.agent.start()

    async def kill(self, _number: int) -> None:
        if self.runtimes:
            self.runtimes[-1].is_alive = False

    async def deliver(self, number: int) -> None:
        for runtime in self.runtimes:
            runtime.deliver(number)

    async def deliver_again(self, number: int) -> None:
        for runtime in self.runtimes:
            runtime.deliver_again(number)

    async def wait(self, number: int) -> None:
        for _ in range(number):
            await asyncio.sleep(0)

    async def end(self) -> None:
        """A last runtime does what is left."""
        await self.start(0)
        for _ in range(30 * (len(self.asked) + 1)):
            await self.deliver(len(self.log))
            await self.wait(3)
        await asyncio.gather(*self.tasks)


ACTIONS = st.tuples(
    st.sampled_from(
        ["request"] * 4
        + ["wait"] * 4
        + ["deliver"] * 3
        + ["cancel", "cancel_all", "delete", "interrupt", "stop", "start", "kill", "deliver_again"]
    ),
    st.integers(0, 30),
)


@given(st.lists(ACTIONS, max_size=40))
def test_each_execution_has_one_end_and_no_output_after_it(plays: list[tuple[str, int]]) -> None:
    async def run() -> Play:
        play = Play()
        await play.start(0)
        for action, number in plays:
            await play.act(action, number)
        await play.end()
        return play

    play = asyncio.run(run())
    assert [fault for runtime in play.runtimes for fault in runtime.faults] == []
    notebook = Notebook(play.log)
    assert {id: entry.cell_id for id, entry in notebook.executions.items()} == play.asked
    assert not notebook.open_executions()
    ended = {e.queue_id for e in play.log if isinstance(e, ENDS)}
    if not any(isinstance(event, ev.AllExecutionsCancelled) for event in play.log):
        assert ended == set(play.asked)
