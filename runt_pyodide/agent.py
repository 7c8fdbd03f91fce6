"""The runtime of a notebook: it takes a session, works off the queue, and ends what it began.

Events come in by ``receive`` and go out by the world's ``emit``. The agent folds its own events
when it emits them, so that it never waits for the store to learn what it did; their echo changes
nothing.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Literal

from . import events as ev
from .cells import Executor, Run
from .cells.ai import AICell
from .cells.text import TextCell
from .errors import CellError, RuntError
from .messages import AiModel
from .notebook import Execution, Notebook
from .outputs import OutputWriter
from .providers.registry import ProviderRegistry
from .world import World

_log = logging.getLogger(__name__)

RUNTIME_TYPE = "python"
_RESTARTED = "The runtime restarted while this cell ran. Run it again."


@dataclass(slots=True)
class _Current:
    """The execution that is under way, and the task that runs its cell."""

    entry: Execution
    task: asyncio.Task[None]
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class RuntimeAgent:
    """One session of a runtime.

    Give it the events that rebuild the notebook with ``receive``, then ``start`` it. ``providers``
    may be replaced at any time: the next AI cell uses the new one.
    """

    def __init__(
        self,
        world: World,
        providers: ProviderRegistry,
        *,
        runtime_id: str,
        session_id: str | None = None,
        interval: float = 0.05,
        executors: Mapping[str, Executor] | None = None,
    ) -> None:
        self._send = world.emit
        self._world = replace(world, emit=self._emit)
        self._interval = interval
        self._executors: dict[str, Executor] = {
            "ai": AICell(lambda: self.providers),
            "markdown": TextCell(),
            "raw": TextCell(),
            **(executors or {}),
        }
        self._held: list[ev.Event] | None = None
        self._queue: asyncio.Task[None] | None = None
        self._current: _Current | None = None
        self._state: Literal["new", "started", "stopped"] = "new"
        self.notebook = Notebook()
        self.providers = providers
        self.runtime_id = runtime_id
        self.session_id = session_id or world.new_id()

    def receive(self, events: Iterable[ev.Event]) -> None:
        """Fold a batch of the store's events, and act on what it asks for."""
        for event in events:
            if not self._is_own_clear(event):
                self.notebook.apply(event)
        if self._state != "started":
            return
        if self.notebook.sessions[self.session_id].status == "terminated":
            _log.warning("Another runtime has taken over this notebook; this one stops.")
            self._state = "stopped"
        self._stop_if_over()
        self._wake()

    def start(self) -> None:
        """Take the notebook over: displace other sessions, end what they left, begin to work.

        Call it once, when the events that rebuild the notebook were received.
        """
        with self._together():
            for session in self.notebook.active_sessions():
                self._terminate(session.id, "displaced")
            self._emit([self._started()])
            for entry in self.notebook.open_executions():
                if entry.state != "pending":
                    self._complete(entry, CellError(_RESTARTED))
            self._set_status("ready")
        self._state = "started"
        self._wake()

    async def interrupt(self) -> None:
        """Stop what runs now, and wait until it has ended."""
        if self._current is not None:
            self._current.task.cancel()
            await self._current.ended.wait()

    async def stop(self) -> None:
        """End the session: what runs is cancelled, what waits is left to the next session."""
        if self._state != "started":
            return
        self._state = "stopped"
        await self.interrupt()
        self._terminate(self.session_id, "shutdown")

    # The queue

    def _wake(self) -> None:
        idle = self._queue is None or self._queue.done()
        if self._state == "started" and idle and self.notebook.next_pending():
            self._queue = asyncio.get_running_loop().create_task(self._work())

    async def _work(self) -> None:
        self._set_status("busy")
        while self._state == "started" and (entry := self.notebook.next_pending()):
            await self._execute(entry)
        if self._state == "started":
            self._set_status("ready")

    async def _execute(self, entry: Execution) -> None:
        writer = OutputWriter(self._world, entry.cell_id, interval=self._interval)
        began = self._world.time()
        with self._together():
            self._claim(entry)
            writer.clear(self.session_id)
        task = asyncio.get_running_loop().create_task(self._run_cell(entry, writer))
        self._current = current = _Current(entry, task)
        await asyncio.wait({task})
        self._current = None
        duration = round((self._world.time() - began) * 1000)
        with self._together():
            self._emit(writer.drain())
            # Who cancelled the execution has ended it already, and an execution ends once.
            if entry.is_open:
                self._complete(entry, _error_of(task), duration, writer)
        current.ended.set()

    async def _run_cell(self, entry: Execution, writer: OutputWriter) -> None:
        cell = self.notebook.cells.get(entry.cell_id)
        if cell is None:
            raise CellError(f"There is no cell {entry.cell_id!r} in this notebook.")
        executor = self._executors.get(cell.cell_type)
        if executor is None:
            raise CellError(
                f"This runtime does not run {cell.cell_type} cells.",
                advice=f"Change the cell to a type that it runs: {', '.join(self._executors)}.",
            )
        run = Run(cell, self.notebook, self.session_id, entry.execution_count, writer)
        await executor.execute(run)

    def _stop_if_over(self) -> None:
        """Cancel the task of an execution that somebody has ended, or whose cell is gone."""
        if self._current is None:
            return
        entry = self._current.entry
        over = not entry.is_open or self._state == "stopped"
        if over or self.notebook.is_deleted(entry.cell_id):
            self._current.task.cancel()

    # Events

    def _claim(self, entry: Execution) -> None:
        self._emit(
            [
                ev.ExecutionAssigned(queue_id=entry.queue_id, runtime_session_id=self.session_id),
                ev.ExecutionStarted(
                    queue_id=entry.queue_id,
                    cell_id=entry.cell_id,
                    runtime_session_id=self.session_id,
                    started_at=self._world.timestamp(),
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
        self._emit(
            [
                ev.ExecutionCompleted(
                    queue_id=entry.queue_id,
                    cell_id=entry.cell_id,
                    status="cancelled" if cancelled else "error" if failed else "success",
                    error=str(error) if failed else None,
                    completed_at=self._world.timestamp(),
                    execution_duration_ms=duration,
                )
            ]
        )

    def _started(self) -> ev.RuntimeSessionStarted:
        models = [
            AiModel(model, provider.name, model)
            for provider in self.providers.list()
            for model in provider.models
        ]
        return ev.RuntimeSessionStarted(
            session_id=self.session_id,
            runtime_id=self.runtime_id,
            runtime_type=RUNTIME_TYPE,
            capabilities=ev.Capabilities(
                can_execute_code="code" in self._executors,
                can_execute_sql="sql" in self._executors,
                can_execute_ai="ai" in self._executors,
                available_ai_models=[model.to_json() for model in models],
            ),
        )

    def _set_status(self, status: Literal["ready", "busy"]) -> None:
        self._emit([ev.RuntimeSessionStatusChanged(session_id=self.session_id, status=status)])

    def _terminate(self, session_id: str, reason: Literal["shutdown", "displaced"]) -> None:
        self._emit([ev.RuntimeSessionTerminated(session_id=session_id, reason=reason)])

    def _emit(self, events: Sequence[ev.Event]) -> None:
        for event in events:
            self.notebook.apply(event)
        if self._held is not None:
            self._held += events
        elif events:
            self._send(events)

    @contextmanager
    def _together(self) -> Iterator[None]:
        """Send all that is emitted within as one batch."""
        self._held = held = list[ev.Event]()
        try:
            yield
        finally:
            self._held = None
            if held:
                self._send(held)

    def _is_own_clear(self, event: ev.Event) -> bool:
        """Whether it is the echo of a clear of ours, which would clear what was written since."""
        return isinstance(event, ev.CellOutputsCleared) and event.cleared_by == self.session_id


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
