"""One run of a cell, with everything that it needs of a runtime, on a fixed world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from runt_pyodide.execution.run import Run
from runt_pyodide.execution.runner import Runner
from runt_pyodide.notebook.events import Event
from runt_pyodide.notebook.log import EventLog, Propose
from runt_pyodide.notebook.writer import OutputWriter
from tests.support.stages.world import FixedWorld, WireEvent


class RunStage:
    """``run`` is of the cell ``cell_id`` in the notebook that these events make; ``executors`` run
    other cells, for a run that asks for it. ``receive`` takes what others write."""

    def __init__(
        self,
        events: Iterable[Event],
        cell_id: str = "ai",
        *,
        count: int = 1,
        executors: Mapping[str, Any] | None = None,
        propose: Propose | None = None,
    ) -> None:
        self.world = FixedWorld()
        log = EventLog(self.world.emit, propose)
        self.receive = log.receive
        log.receive(events)
        self.notebook = log.notebook
        runner = Runner(log, self.world.clock, executors or {}, "session", 0.05)
        self.writer = OutputWriter(log.commit, self.world.clock, cell_id)
        cell = self.notebook.cells[cell_id]
        self.run = Run(cell, self.notebook, "session", count, self.writer, runner, "q")

    @property
    def events(self) -> list[WireEvent]:
        """Everything that the run has written, without what it holds back."""
        return self.world.events
