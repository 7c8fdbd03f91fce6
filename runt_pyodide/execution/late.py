"""What comes from a cell's tasks after its execution has ended: it is added below the cell's
outputs, until the cell runs again or is deleted."""

from __future__ import annotations

from ..notebook.clock import Clock
from ..notebook.log import EventLog
from ..notebook.state import Execution
from ..notebook.writer import Displays, OutputWriter


class LateWriters:
    """Writers for executions that have ended, one for each cell, opened when something comes."""

    def __init__(self, log: EventLog, clock: Clock, interval: float, displays: Displays) -> None:
        self._log = log
        self._clock = clock
        self._interval = interval
        self._displays = displays
        self._latest: dict[str, str] = {}
        self._writers: dict[str, OutputWriter] = {}

    def begin(self, entry: Execution) -> None:
        """Take note that a cell runs: what comes of its earlier executions is dropped."""
        if (writer := self._writers.pop(entry.cell_id, None)) is not None:
            writer.flush()
        self._latest[entry.cell_id] = entry.queue_id

    def open(self, entry: Execution) -> OutputWriter | None:
        """Return the writer for an execution that has ended, or None if its cell has run again, or
        is deleted, or the session is over."""
        is_latest = self._latest.get(entry.cell_id) == entry.queue_id
        if not is_latest or self._log.notebook.is_deleted(entry.cell_id):
            return None
        if entry.cell_id not in self._writers:
            self._writers[entry.cell_id] = OutputWriter(
                self._log.commit,
                self._clock,
                entry.cell_id,
                interval=self._interval,
                there=self._log.notebook.outputs_of(entry.cell_id),
                displays=self._displays,
            )
        return self._writers[entry.cell_id]

    def follow(self) -> None:
        """Act on what has happened to the cells: one may be deleted, or its outputs cleared."""
        for cell_id in [*self._writers]:
            if not self._log.notebook.outputs_of(cell_id):
                self._writers.pop(cell_id).drain()

    def close(self, *, write: bool) -> None:
        """End the session: send what was not sent yet, if it may still ``write``."""
        self._latest.clear()
        for writer in self._writers.values():
            if write:
                writer.flush()
            writer.drain()
        self._writers.clear()
