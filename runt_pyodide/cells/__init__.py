"""One executor per cell type. It writes outputs, and raises where the cell failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ..notebook import Cell, Notebook
from ..outputs import OutputWriter


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a cell: what is run, in which notebook, by which session, and where its
    outputs go."""

    cell: Cell
    notebook: Notebook
    session_id: str
    execution_count: int
    writer: OutputWriter


class Executor(Protocol):
    """What runs the cells of a type."""

    async def execute(self, run: Run) -> None:
        """Run the cell. Raises the exception that it failed with; CancelledError where it was
        stopped, after it has let go of all that it held."""
