"""The queue of a notebook: every execution that there has been."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .. import events as ev

ExecutionState = Literal["pending", "assigned", "executing", "completed", "failed", "cancelled"]
Outcome = Literal["success", "error", "cancelled"]


@dataclass(slots=True)
class Execution:
    """One entry of the queue.

    ``execution_count`` is the runtime's if it gave one, otherwise the request's; None before
    either. ``outcome``, ``error`` and ``duration_ms`` say how it was completed, if it was;
    ``cancelled_by`` and ``reason``, who cancelled it, and why. Executions that were requested
    together share a ``group``.
    ``source`` is the cell's when it started; None if it did not, or if the cell was not there.
    ``is_cleared`` says that somebody has cleared what it left.
    """

    queue_id: str
    cell_id: str
    execution_count: int | None = None
    requested_by: str | None = None
    group: str | None = None
    state: ExecutionState = "pending"
    session_id: str | None = None
    started_at: str | None = None
    outcome: Outcome | None = None
    error: str | None = None
    duration_ms: float | None = None
    cancelled_by: str | None = None
    reason: str | None = None
    source: str | None = None
    is_cleared: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in ("pending", "assigned", "executing")

    @property
    def has_stopped(self) -> bool:
        """Whether it began, and did not succeed."""
        return self.started_at is not None and self.state in ("failed", "cancelled")


class Executions:
    """The executions of a notebook. Their state only moves forward, and their first end counts."""

    def __init__(self) -> None:
        self.by_id: dict[str, Execution] = {}
        self._open: dict[str, Execution] = {}
        self._last: dict[str, Execution] = {}
        self._highest: dict[str, int] = {}

    def last_of(self, cell_id: str) -> Execution | None:
        """Return the cell's execution that was requested last."""
        return self._last.get(cell_id)

    def highest_count_of(self, cell_id: str) -> int:
        """Return the highest count that an execution of the cell has had; 0 if there was none."""
        return self._highest.get(cell_id, 0)

    def open(self) -> list[Execution]:
        """Return what is pending, assigned or executing, in the order of the requests."""
        return list(self._open.values())

    def next_pending(self) -> Execution | None:
        return next((entry for entry in self._open.values() if entry.state == "pending"), None)

    def left_out(self) -> list[tuple[Execution, Execution]]:
        """Return what is pending though something that was requested together with it began and
        did not succeed; each with the first such execution."""
        pending = [entry for entry in self.open() if entry.state == "pending" and entry.group]
        stopped: dict[str | None, Execution] = {}
        for entry in self.by_id.values() if pending else ():
            if entry.has_stopped:
                stopped.setdefault(entry.group, entry)
        return [(entry, stopped[entry.group]) for entry in pending if entry.group in stopped]

    def request(self, event: ev.ExecutionRequested) -> None:
        self._request(event.queue_id, event.cell_id, event.execution_count, event.requested_by)

    def request_many(self, event: ev.MultipleExecutionRequested) -> None:
        for cell in event.cells_info:
            group = event.cells_info[0].queue_id
            self._request(cell.queue_id, cell.id, cell.execution_count, event.requested_by, group)

    def _request(
        self, queue_id: str, cell_id: str, count: int, requested_by: str, group: str | None = None
    ) -> None:
        # It may have begun before its request came; a second request changes nothing.
        entry = self._entry(queue_id, cell_id)
        if entry.execution_count is None:
            self._count(entry, count)
        if entry.requested_by is None:
            entry.requested_by, entry.group = requested_by, group

    def assign(self, event: ev.ExecutionAssigned) -> None:
        # This event does not name the cell, so an execution that is not known yet cannot be added.
        entry = self.by_id.get(event.queue_id)
        if entry and entry.state == "pending":
            entry.state, entry.session_id = "assigned", event.runtime_session_id

    def start(self, event: ev.ExecutionStarted, source: str | None = None) -> None:
        """Start an execution of a cell that has this ``source``."""
        entry = self._entry(event.queue_id, event.cell_id)
        if entry.state not in ("pending", "assigned"):
            return
        entry.source = source
        entry.state, entry.session_id = "executing", event.runtime_session_id
        entry.started_at = event.started_at
        if event.execution_count is not None:
            self._count(entry, event.execution_count)

    def complete(self, event: ev.ExecutionCompleted) -> None:
        entry = self._entry(event.queue_id, event.cell_id)
        if entry.is_open:
            entry.outcome, entry.error = event.status, event.error
            entry.duration_ms = event.execution_duration_ms
            self._end(entry, "completed" if event.status == "success" else "failed")

    def cancel(self, event: ev.ExecutionCancelled) -> None:
        entry = self._entry(event.queue_id, event.cell_id)
        if entry.is_open:
            entry.cancelled_by, entry.reason = event.cancelled_by, event.reason
            self._end(entry, "cancelled")

    def cancel_all(self, _event: ev.AllExecutionsCancelled) -> None:
        for entry in self.open():
            self._end(entry, "cancelled")

    def _count(self, entry: Execution, count: int) -> None:
        entry.execution_count = count
        self._highest[entry.cell_id] = max(count, self.highest_count_of(entry.cell_id))

    def _entry(self, queue_id: str, cell_id: str) -> Execution:
        entry = self.by_id.get(queue_id)
        if entry is None:
            entry = self.by_id[queue_id] = Execution(queue_id, cell_id)
            self._open[queue_id] = self._last[cell_id] = entry
        return entry

    def _end(self, entry: Execution, state: ExecutionState) -> None:
        entry.state = state
        del self._open[entry.queue_id]
