"""A run of a notebook's cells, by the agent that runs them on the page."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ..agent import RuntimeAgent
from ..ai.rules import Policy, Rules
from ..asking.ask import ask
from ..asking.cell_magic import CellMagics
from ..config import AIConfig
from ..errors import CellError
from ..llm.playback.deck import on_deck
from ..llm.registry import ProviderRegistry
from ..llm.transport.absent import find_transport
from ..notebook import events as ev
from ..notebook.clock import Clock
from ..notebook.state import Cell, Execution, Notebook
from ..python.cell import PythonCell
from ..sql.cell import SqlCell
from .installed_packages import InstalledPackages
from .interruption import Interruption
from .providers import refuse

AUTHOR = "command-line"
_RUNNABLE = ("ai", "code", "sql")
_STOPPED = "Not run: stopped by Ctrl+C."


class Watcher(Protocol):
    """Who is told how far a run has come. ``number`` counts the cells that run, from 1."""

    def begin(self, number: int, cell: Cell) -> None: ...

    def end(self, number: int, cell: Cell, entry: Execution) -> None: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """How a notebook is run. ``allowed`` are the tools that need not ask, "all" for every one;
    ``timeout`` is in seconds for each cell. A cell that fails ends the run unless it
    ``keeps_going``."""

    config: AIConfig
    allowed: Sequence[str] = ()
    timeout: float | None = None
    keeps_going: bool = False

    @property
    def rules(self) -> Rules:
        """What AI cells may do. Nobody can be asked."""
        rules = self.config.rules
        allowed: dict[str, Policy] = dict.fromkeys(self.allowed, "auto")
        policies = {**rules.policies, **allowed}
        return Rules(rules.limits, policies, can_be_asked=False, are_allowed="all" in self.allowed)


@dataclass(frozen=True, slots=True)
class Result:
    """The notebook as the run has left it, and the executions of the cells that were to run."""

    notebook: Notebook
    entries: Sequence[Execution]
    was_stopped: bool = False

    @property
    def has_failed(self) -> bool:
        return any(entry.outcome != "success" for entry in self.entries)


def cells_to_run(notebook: Notebook) -> list[Cell]:
    """Return the cells that run, in order."""
    return [cell for cell in notebook.cells_in_order() if cell.cell_type in _RUNNABLE]


async def run_cells(events: Sequence[ev.Event], plan: Plan, watcher: Watcher) -> Result:
    """Run the cells of the notebook that the events make, from top to bottom."""
    with tempfile.TemporaryDirectory() as folder:
        run = _NotebookRun(plan, watcher, folder)
        try:
            return await run.complete(events)
        finally:
            run.sql.close()


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Within this, files are found from a folder, and its modules can be imported, if they shadow
    no other."""
    before = Path.cwd(), [*sys.path]
    os.chdir(folder)
    sys.path.append(str(folder))
    try:
        yield
    finally:
        os.chdir(before[0])
        sys.path[:] = before[1]


class _NotebookRun:
    def __init__(self, plan: Plan, watcher: Watcher, folder: str) -> None:
        transport = find_transport()
        self._plan, self._watcher = plan, watcher
        self._clock = Clock()
        self._numbers: dict[str, int] = {}
        self._interruption = Interruption(self._stop, plan.timeout)
        self._stops: set[asyncio.Task[None]] = set()
        python = PythonCell(InstalledPackages())
        self.sql = SqlCell(f"{folder}/notebook.db", python.namespace, python.variables)
        providers = ProviderRegistry.from_config(plan.config, transport)
        self._agent = RuntimeAgent(
            self._watch,
            providers,
            runtime_id=AUTHOR,
            clock=self._clock,
            executors={"code": python, "sql": self.sql},
            rules=plan.rules,
            variables=python.variables,
            namespace=python.namespace,
            within=python.within,
            read_magic=CellMagics(lambda: on_deck(providers), python.variables).read,
            fallback_provider=refuse,
        )
        ask.session.configure(plan.config, transport)

    async def complete(self, events: Sequence[ev.Event]) -> Result:
        agent, notebook = self._agent, self._agent.notebook
        agent.receive(events)
        agent.start()
        requests = self._request([cell.id for cell in cells_to_run(notebook)])
        with self._interruption.connected():
            agent.receive(requests)
            await agent.until_idle()
            await asyncio.gather(*self._stops)
        for queue_id in self._interruption.late:
            agent.report(queue_id, _too_slow(self._plan.timeout or 0))
        await agent.stop()
        entries = [notebook.executions[queue_id] for queue_id in self._numbers]
        return Result(notebook, entries, self._interruption.is_over)

    def _request(self, cell_ids: Sequence[str]) -> list[ev.Event]:
        """Return the events that request the cells: together, so that none runs below one that
        failed; or each for itself."""
        count = self._agent.notebook.highest_count_of
        cells = [
            ev.RequestedCell(id=id, execution_count=count(id) + 1, queue_id=self._clock.new_id())
            for id in cell_ids
        ]
        self._numbers = {cell.queue_id: number for number, cell in enumerate(cells, 1)}
        if not self._plan.keeps_going:
            together = ev.MultipleExecutionRequested(requested_by=AUTHOR, cells_info=cells)
            return [together] if cells else []
        return [
            ev.ExecutionRequested(
                queue_id=cell.queue_id,
                cell_id=cell.id,
                execution_count=cell.execution_count,
                requested_by=AUTHOR,
            )
            for cell in cells
        ]

    def _watch(self, events: Sequence[ev.Event]) -> None:
        """Take note of what the agent writes. Cells that a model runs are a part of its own."""
        for event in events:
            match event:
                case ev.ExecutionStarted() if event.queue_id in self._numbers:
                    self._interruption.begin(event.queue_id)
                    self._tell(event.queue_id, is_over=False)
                case ev.ExecutionCompleted() if event.queue_id in self._numbers:
                    self._interruption.end()
                    self._tell(event.queue_id, is_over=True)

    def _tell(self, queue_id: str, *, is_over: bool) -> None:
        notebook, number = self._agent.notebook, self._numbers[queue_id]
        entry = notebook.executions[queue_id]
        cell = notebook.cells.get(entry.cell_id)
        if cell is not None and is_over:
            self._watcher.end(number, cell, entry)
        elif cell is not None:
            self._watcher.begin(number, cell)

    def _stop(self, queue_id: str | None, number: int) -> None:
        """Stop what runs, and what waits after Ctrl+C."""
        if self._interruption.is_over:
            self._agent.receive(
                ev.ExecutionCancelled(
                    queue_id=entry.queue_id,
                    cell_id=entry.cell_id,
                    cancelled_by=AUTHOR,
                    reason=_STOPPED,
                )
                for entry in self._agent.notebook.open_executions()
                if entry.state == "pending"
            )
        if queue_id is not None:
            stop = asyncio.ensure_future(self._agent.interrupt(queue_id, number))
            self._stops.add(stop)


def _too_slow(seconds: float) -> CellError:
    return CellError(
        f"The cell took longer than {seconds:g} s, and was stopped.",
        advice="Give it more time with --timeout.",
        ename="TimeoutError",
    )
