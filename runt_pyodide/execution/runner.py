"""Executions, from claim to end: each ends once. After its end only tasks that it started write.

A cell runs in a task of its own, so that it can be cancelled apart from whoever waits for it. The
task may be cancelled by an interrupt, by a person who ends the execution, or by another session
that takes the notebook over. None of these ends the execution itself: ``execute`` waits until the
cell has released what it held, and then ``_end`` writes how it ended, unless somebody else has
done so already.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from ..errors import CellError, RuntError, is_stop
from ..notebook import events as ev
from ..notebook.clock import Clock
from ..notebook.log import EventLog, Refusal
from ..notebook.state import Cell, Execution
from ..notebook.wire import count_on
from ..notebook.writer import Displays, OutputWriter
from .interrupts import Target
from .late import LateWriters
from .outcome import Failure, Outcome, outcome_of
from .run import Executor, ResumingExecutor, Run, under_way

_EVENTS_ARRIVE = 0.1
"""Seconds in which the events that waited for a busy cell are received."""
_T = TypeVar("_T")


@dataclass(slots=True, eq=False)
class _Running:
    """A running execution, and the task that runs its cell."""

    entry: Execution
    writer: OutputWriter
    target: Target
    task: asyncio.Task[None]
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    is_abandoned: bool = False

    def stop_writing(self) -> None:
        """Stop the task; whatever it still does adds nothing to its cell."""
        self.writer.close()
        self.target.end()


class Runner:
    """Runs cells for one session, one at a time; a cell may run others within itself, with the
    runner as its workspace. ``read_magic`` returns the events, by a session, that make a cell what
    its first line says that it is."""

    def __init__(
        self,
        log: EventLog,
        clock: Clock,
        executors: Mapping[str, Executor],
        session_id: str,
        interval: float,
        read_magic: Callable[[Cell, str], Sequence[ev.Event]] = lambda _cell, _by: (),
    ) -> None:
        self._log = log
        self.clock = clock
        self._executors = executors
        self._session_id = session_id
        self._interval = interval
        self._read_magic = read_magic
        self._running: list[_Running] = []
        self._displays = Displays()
        self._late = LateWriters(log, clock, interval, self._displays)
        self._count = 0

    async def execute(self, entry: Execution, *, interval: float | None = None) -> None:
        """Run an execution to its end. Cancelling this cancels the cell and waits for its end.
        ``interval`` is in place of the runner's."""
        resumed = self.can_resume(entry)
        self._late.begin(entry)
        writer = self._open_writer(entry, resumed=resumed, interval=interval)
        began = self.clock.time()
        with self._log.together():
            fault = self._change_type(entry.cell_id)
            self._claim(entry, resumed)
            if not resumed:
                writer.clear(self._session_id)
        running = self._start(entry, writer, self._run(entry, writer, resumed, fault))
        cancelled = await _join(running)
        self._running.remove(running)
        running.target.close()
        duration = round((self.clock.time() - began) * 1000)
        if running.is_abandoned:
            writer.drain()
        else:
            self._end(entry, outcome_of(running.task), writer, duration)
        running.ended.set()
        if cancelled is not None:
            raise cancelled

    def can_resume(self, entry: Execution) -> bool:
        """Return whether the execution continues from what an earlier run of its cell wrote."""
        cell = self._log.notebook.cells.get(entry.cell_id)
        executor = self._executors.get(cell.cell_type) if cell else None
        return isinstance(executor, ResumingExecutor) and executor.can_resume(
            self._log.notebook, entry
        )

    def fail(self, entry: Execution, error: CellError) -> None:
        """End an execution that an earlier session began; the error comes below its outputs."""
        with self._log.together():
            self.report(entry, error)
            self._complete(entry, Failure(error))

    def report(self, entry: Execution, error: CellError) -> None:
        """Write an error to the cell of an execution that is over, if the cell is there."""
        if entry.cell_id in self._log.notebook.cells:
            self._open_writer(entry, resumed=True).error(*Failure(error).describe())

    def leave_out(self) -> None:
        """Cancel what waits to run though something that was requested together with it failed or
        was stopped."""
        with self._log.together():
            for entry, cause in self._log.notebook.left_out():
                self.cancel(entry, self._why_left_out(entry, cause))

    def cancel(self, entry: Execution, reason: str) -> None:
        """Cancel an execution that has not begun, for a ``reason`` for the reader. Readers know by
        ``cancelled_by``, which is the session, that no person did."""
        cancelled = ev.ExecutionCancelled(
            queue_id=entry.queue_id,
            cell_id=entry.cell_id,
            cancelled_by=self._session_id,
            reason=reason,
        )
        self.commit([cancelled])

    async def interrupt(self, queue_id: str | None = None, number: int | None = None) -> None:
        """Stop what is running, or only this execution if it is, and wait until it has ended. The
        interrupt with this ``number`` may have arrived already, by a signal."""
        running = (one for one in self._running if queue_id in (None, one.entry.queue_id))
        if (outermost := next(running, None)) is not None:
            outermost.target.interrupt(number)
            await outermost.ended.wait()

    def abandon_all(self) -> None:
        """Abandon what is running, since another session has taken it over."""
        for running in self._running:
            running.is_abandoned = True
            running.stop_writing()
        self._late.close(write=False)

    def close(self) -> None:
        """Take nothing more from tasks of cells: the session ends."""
        self._late.close(write=True)

    def stop_what_is_over(self) -> None:
        """Stop the cells whose execution somebody has ended, and those that have been deleted, and
        forget the late outputs that are gone."""
        for running in self._running:
            entry = running.entry
            if not entry.is_open or self._log.notebook.is_deleted(entry.cell_id):
                running.stop_writing()
        self._late.follow()

    # The workspace

    def commit(self, events: Sequence[ev.Event]) -> None:
        self._log.commit(events)

    async def propose(
        self, events: Sequence[ev.Event], expected: Mapping[str, str]
    ) -> Refusal | None:
        return await self._log.propose(events, expected)

    async def until(self, look: Callable[[], _T | None]) -> _T:
        return await self._log.until(look)

    async def run_cell(self, cell_id: str, requested_by: str) -> Execution:
        if any(running.entry.cell_id == cell_id for running in self._running):
            raise CellError(f"The cell {cell_id!r} is running: it cannot run within itself.")
        entry = request_execution(self._log, self.clock.new_id(), cell_id, requested_by)
        await self.execute(entry)
        for running in self._running:
            running.target.pass_on()
        if entry.outcome == "cancelled":
            # What stopped it may be meant for the caller too: by an interrupt, which arrives here,
            # or by an event that had to wait while the cell was busy.
            await asyncio.sleep(_EVENTS_ARRIVE)
        return entry

    def _why_left_out(self, entry: Execution, cause: Execution) -> str:
        cells = self._log.notebook.cells
        both_there = entry.cell_id in cells and cause.cell_id in cells
        place = self._log.notebook.place_of
        is_above = both_there and place(cause.cell_id) < place(entry.cell_id)
        which = "a cell above" if is_above else "a cell before it"
        return f"Not run: {which} {'failed' if cause.outcome == 'error' else 'was stopped'}."

    # From claim to end

    def _open_writer(
        self, entry: Execution, *, resumed: bool, interval: float | None = None
    ) -> OutputWriter:
        there = self._log.notebook.outputs_of(entry.cell_id) if resumed else ()
        return OutputWriter(
            self.commit,
            self.clock,
            entry.cell_id,
            interval=self._interval if interval is None else interval,
            there=there,
            displays=self._displays,
        )

    def _reopen(self, entry: Execution, writer: OutputWriter) -> OutputWriter | None:
        """Return the writer for a cell's tasks: the execution's own until it has ended."""
        if any(running.writer is writer for running in self._running):
            return writer
        return self._late.open(entry)

    def _claim(self, entry: Execution, resumed: bool) -> None:
        """Take an execution, under the next number of the session; a resumed one keeps its own."""
        if not resumed:
            self._count = count_on(self._count)
        self.commit(
            [
                ev.ExecutionAssigned(queue_id=entry.queue_id, runtime_session_id=self._session_id),
                ev.ExecutionStarted(
                    queue_id=entry.queue_id,
                    cell_id=entry.cell_id,
                    runtime_session_id=self._session_id,
                    started_at=self.clock.timestamp(),
                    execution_count=entry.execution_count if resumed else self._count,
                ),
            ]
        )

    def _change_type(self, cell_id: str) -> RuntError | None:
        """Make a cell what its first line says that it is; return the error if that cannot be."""
        cell = self._log.notebook.cells.get(cell_id)
        try:
            self.commit(self._read_magic(cell, self._session_id) if cell else ())
        except RuntError as error:
            return error
        return None

    def _start(
        self, entry: Execution, writer: OutputWriter, work: Coroutine[Any, Any, None]
    ) -> _Running:
        target, context = Target(entry.queue_id), copy_context()
        target.start(context)
        target.task = asyncio.get_running_loop().create_task(work, context=context)
        self._running.append(_Running(entry, writer, target, target.task))
        return self._running[-1]

    async def _run(
        self, entry: Execution, writer: OutputWriter, resumed: bool, fault: RuntError | None
    ) -> None:
        if fault is not None:
            raise fault
        notebook = self._log.notebook
        cell = notebook.cells.get(entry.cell_id)
        if cell is None:
            writer.close()
            raise CellError(f"There is no cell {entry.cell_id!r} in this notebook.")
        executor = self._executors.get(cell.cell_type)
        if executor is None:
            raise CellError(
                f"This runtime does not run {cell.cell_type} cells.",
                advice=f"Change the cell to one of these types: {', '.join(self._executors)}.",
            )
        run = Run(
            cell=cell,
            notebook=notebook,
            session_id=self._session_id,
            execution_count=entry.execution_count or 0,
            writer=writer,
            workspace=self,
            id=entry.queue_id,
            resumed=resumed,
            reopen=partial(self._reopen, entry, writer),
        )
        await self._log.start_is_stored(entry.queue_id)
        try:
            with under_way(run):
                await executor.execute(run)
        except (KeyboardInterrupt, SystemExit) as error:
            # asyncio would let them through the event loop, which would end Python.
            if is_stop(error):
                raise asyncio.CancelledError from error
            name = type(error).__name__
            raise CellError(f"{name}: {error}", ename=name, evalue=str(error)) from error

    def _end(self, entry: Execution, outcome: Outcome, writer: OutputWriter, duration: int) -> None:
        """Send as one batch what the cell wrote last and, unless somebody has ended the execution
        already, how it ended."""
        with self._log.together():
            self.commit(writer.drain())
            if entry.is_open:
                if isinstance(outcome, Failure):
                    writer.error(*outcome.describe())
                self._complete(entry, outcome, duration)

    def _complete(self, entry: Execution, outcome: Outcome, duration: int = 0) -> None:
        completed = ev.ExecutionCompleted(
            queue_id=entry.queue_id,
            cell_id=entry.cell_id,
            status=outcome.status,
            error=outcome.message if isinstance(outcome, Failure) else None,
            completed_at=self.clock.timestamp(),
            execution_duration_ms=duration,
        )
        self.commit([completed])


def request_execution(log: EventLog, queue_id: str, cell_id: str, requested_by: str) -> Execution:
    """Request an execution of a cell, with a count one above the highest that the cell has had."""
    request = ev.ExecutionRequested(
        queue_id=queue_id,
        cell_id=cell_id,
        execution_count=count_on(log.notebook.highest_count_of(cell_id)),
        requested_by=requested_by,
    )
    log.commit([request])
    return log.notebook.executions[queue_id]


async def _join(running: _Running) -> asyncio.CancelledError | None:
    """Wait for the task's end, and interrupt it if the waiting is cancelled. Return the error that
    cancelled it."""
    cancelled = None
    while not running.task.done():
        try:
            await asyncio.wait({running.task})
        except asyncio.CancelledError as error:
            cancelled = error
            running.target.end_within()
    return cancelled
