"""Executions, from claim to end: each has one end, and no output after it."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from ..ai.record import resume as resuming
from ..errors import CellError, RuntError
from ..notebook import events as ev
from ..notebook.clock import Clock
from ..notebook.log import EventLog
from ..notebook.state import Execution
from ..notebook.writer import OutputWriter
from .run import Executor, Run

_T = TypeVar("_T")


@dataclass(slots=True)
class _Running:
    """An execution that is under way, and the task that runs its cell."""

    entry: Execution
    writer: OutputWriter
    task: asyncio.Task[None]
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    is_abandoned: bool = False

    def stop_writing(self) -> None:
        """Stop it; whatever it still does, it adds nothing to its cell."""
        self.writer.close()
        self.task.cancel()


class Runner:
    """Runs cells for one session, one at a time; a cell may run others within it. It is the
    workspace of those that do."""

    def __init__(
        self,
        log: EventLog,
        clock: Clock,
        executors: Mapping[str, Executor],
        session_id: str,
        interval: float,
    ) -> None:
        self._log = log
        self.clock = clock
        self._executors = executors
        self._session_id = session_id
        self._interval = interval
        self._running: list[_Running] = []

    async def execute(self, entry: Execution) -> None:
        """Run it to its end. Where this is cancelled, so is the cell; that ends first."""
        there = self._log.notebook.outputs_of(entry.cell_id)
        resumed = entry.state == "executing" or resuming.is_continuation(there, entry.queue_id)
        writer = OutputWriter(
            self.commit,
            self.clock,
            entry.cell_id,
            interval=self._interval,
            there=there if resumed else (),
        )
        began = self.clock.time()
        with self._log.together():
            self._claim(entry)
            if not resumed:
                writer.clear(self._session_id)
        task = asyncio.get_running_loop().create_task(self._run(entry, writer, resumed))
        running = _Running(entry, writer, task)
        self._running.append(running)
        cancelled = await _join(task)
        self._running.remove(running)
        duration = round((self.clock.time() - began) * 1000)
        unsent = writer.drain()
        if not running.is_abandoned:
            with self._log.together():
                self.commit(unsent)
                # Who cancelled the execution has ended it already, and an execution ends once.
                if entry.is_open:
                    self._complete(entry, _error_of(task), duration, writer)
        running.ended.set()
        if cancelled:
            raise asyncio.CancelledError

    def can_resume(self, entry: Execution) -> bool:
        """Whether a session that is gone left it waiting for a person."""
        return resuming.waits_for_person(self._log.notebook, entry.cell_id, entry.queue_id)

    def fail(self, entry: Execution, error: RuntError) -> None:
        """End what does not run."""
        self._complete(entry, error)

    def explain(self, entry: Execution, error: RuntError) -> None:
        """Tell the cell of an execution that is over what became of it."""
        there = self._log.notebook.outputs_of(entry.cell_id)
        OutputWriter(self.commit, self.clock, entry.cell_id, there=there).error(*_describe(error))

    async def interrupt(self, queue_id: str | None = None) -> None:
        """Stop what runs now, or one execution if that runs, and wait until it has ended."""
        running = (one for one in self._running if queue_id in (None, one.entry.queue_id))
        if (outermost := next(running, None)) is not None:
            outermost.task.cancel()
            await outermost.ended.wait()

    def abandon_all(self) -> None:
        """Let go of what runs now, which is another session's from here on."""
        for running in self._running:
            running.is_abandoned = True
            running.stop_writing()

    def stop_what_is_over(self) -> None:
        """Stop the cells whose execution somebody has ended, and those that are gone."""
        for running in self._running:
            entry = running.entry
            if not entry.is_open or self._log.notebook.is_deleted(entry.cell_id):
                running.stop_writing()

    # The workspace

    def commit(self, events: Sequence[ev.Event]) -> None:
        self._log.commit(events)

    async def until(self, look: Callable[[], _T | None]) -> _T:
        return await self._log.until(look)

    async def run_cell(self, cell_id: str, requested_by: str) -> Execution:
        if any(running.entry.cell_id == cell_id for running in self._running):
            raise CellError(f"The cell {cell_id!r} is running: it cannot be run within itself.")
        entry = request_execution(self._log, self.clock.new_id(), cell_id, requested_by)
        await self.execute(entry)
        return entry

    async def _run(self, entry: Execution, writer: OutputWriter, resumed: bool) -> None:
        notebook = self._log.notebook
        cell = notebook.cells.get(entry.cell_id)
        if cell is None:
            writer.close()
            raise CellError(f"There is no cell {entry.cell_id!r} in this notebook.")
        executor = self._executors.get(cell.cell_type)
        if executor is None:
            raise CellError(
                f"This runtime does not run {cell.cell_type} cells.",
                advice=f"Change the cell to a type that it runs: {', '.join(self._executors)}.",
            )
        run = Run(
            cell=cell,
            notebook=notebook,
            session_id=self._session_id,
            execution_count=entry.execution_count,
            writer=writer,
            workspace=self,
            id=entry.queue_id,
            resumed=resumed,
        )
        await executor.execute(run)

    def _claim(self, entry: Execution) -> None:
        self.commit(
            [
                ev.ExecutionAssigned(queue_id=entry.queue_id, runtime_session_id=self._session_id),
                ev.ExecutionStarted(
                    queue_id=entry.queue_id,
                    cell_id=entry.cell_id,
                    runtime_session_id=self._session_id,
                    started_at=self.clock.timestamp(),
                ),
            ]
        )

    def _complete(
        self,
        entry: Execution,
        error: BaseException | None,
        duration: int = 0,
        writer: OutputWriter | None = None,
    ) -> None:
        cancelled = isinstance(error, asyncio.CancelledError)
        failed = error is not None and not cancelled
        if failed and writer is not None:
            writer.error(*_describe(error))
        completed = ev.ExecutionCompleted(
            queue_id=entry.queue_id,
            cell_id=entry.cell_id,
            status="cancelled" if cancelled else "error" if failed else "success",
            error=str(error) if failed else None,
            completed_at=self.clock.timestamp(),
            execution_duration_ms=duration,
        )
        self.commit([completed])


def request_execution(log: EventLog, queue_id: str, cell_id: str, requested_by: str) -> Execution:
    """Ask for an execution of a cell, under a count one above all that it had."""
    entries = log.notebook.executions.values()
    counts = [entry.execution_count for entry in entries if entry.cell_id == cell_id]
    request = ev.ExecutionRequested(
        queue_id=queue_id,
        cell_id=cell_id,
        execution_count=max(counts, default=0) + 1,
        requested_by=requested_by,
    )
    log.commit([request])
    return log.notebook.executions[queue_id]


async def _join(task: asyncio.Task[None]) -> bool:
    """Wait for the task's end. Where the waiting is cancelled, cancel the task and wait on; gives
    whether that was so."""
    cancelled = False
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            cancelled = True
            task.cancel()
    return cancelled


def _error_of(task: asyncio.Task[None]) -> BaseException | None:
    return asyncio.CancelledError() if task.cancelled() else task.exception()


def _describe(error: BaseException | None) -> tuple[str, str, list[str]]:
    """ename, evalue and traceback of an error output. Errors that we raise on purpose say all that
    there is to say; a traceback of ours is shown for what we did not expect."""
    if isinstance(error, CellError):
        return error.ename, error.evalue, list(error.traceback)
    if isinstance(error, RuntError):
        return type(error).__name__, str(error), []
    lines = traceback.format_exception(error)
    return type(error).__name__, str(error), [line.rstrip("\n") for line in lines]
