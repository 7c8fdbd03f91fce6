"""One execution of a cell, as an executor sees it: what to run, where its outputs go, and what it
may do to the notebook. There is one executor per cell type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, runtime_checkable

from ..notebook.clock import Clock
from ..notebook.events import Event
from ..notebook.log import Refusal
from ..notebook.state import Cell, Execution, Notebook
from ..notebook.writer import OutputWriter

_T = TypeVar("_T")


class Workspace(Protocol):
    """What a cell that acts on its notebook may do: write to it, run its cells, wait."""

    clock: Clock

    def commit(self, events: Sequence[Event]) -> None:
        """Write events that belong together."""

    async def propose(self, events: Sequence[Event], expected: Mapping[str, str]) -> Refusal | None:
        """Write events that were made for these sources of cells, by the cells' ids; return the
        refusal if somebody has changed one of them."""

    async def run_cell(self, cell_id: str, requested_by: str) -> Execution:
        """Run another cell now, within the one that is running, and return its ended execution.

        Raise CellError if that cell is running already: it is the caller, or the caller runs
        within it.
        """

    async def until(self, look: Callable[[], _T | None]) -> _T:
        """Wait until ``look``, which is called whenever the notebook has changed, returns something
        other than None, and return that."""


def _nowhere() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a cell: the cell, its notebook, the session that runs it, and the writer of
    its outputs.

    ``id`` is the execution's queue id. ``seen`` holds the sources of other cells, by their ids, as
    the run last read or wrote them. A ``resumed`` run continues from its cell's outputs.
    ``reopen`` returns a writer for what tasks of the cell write after the execution has ended, or
    None if the cell has run again or is gone.
    """

    cell: Cell
    notebook: Notebook
    session_id: str
    execution_count: int
    writer: OutputWriter
    workspace: Workspace
    id: str
    resumed: bool = False
    seen: dict[str, str] = field(default_factory=dict)
    reopen: Callable[[], OutputWriter | None] = _nowhere


_current: ContextVar[Run | None] = ContextVar("run", default=None)
_under_way: set[int] = set()


@contextmanager
def under_way(run: Run) -> Iterator[None]:
    """Within this, what runs belongs to the run, and so do the tasks that it starts."""
    token = _current.set(run)
    _under_way.add(id(run))
    try:
        yield
    finally:
        _under_way.remove(id(run))
        _current.reset(token)


def current_run() -> Run | None:
    """Return the run to which the code that calls this belongs, if it is under way."""
    run = _current.get()
    return run if id(run) in _under_way else None


class Executor(Protocol):
    """Runs the cells of a type."""

    async def execute(self, run: Run) -> object:
        """Run the cell. Raise the exception that it failed with, or CancelledError if it was
        stopped, after it has released all that it held."""


@runtime_checkable
class ResumingExecutor(Executor, Protocol):
    """An executor whose runs can go on from the outputs of an earlier run."""

    def can_resume(self, notebook: Notebook, entry: Execution) -> bool:
        """Return whether this execution continues from the outputs that its cell has. One that is
        "executing" was left by a session that is gone."""


class TextCell:
    """Runs Markdown and raw cells, which show nothing but their source."""

    async def execute(self, run: Run) -> None:
        """Write nothing."""
