"""One executor per cell type. It writes outputs, and raises where the cell failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ..notebook.state import Cell, Notebook
from ..notebook.writer import OutputWriter
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a cell: what is run, in which notebook, by which session, and where its
    outputs go.

    ``id`` is the execution's queue id. A ``resumed`` run goes on from the outputs that are there.
    """

    cell: Cell
    notebook: Notebook
    session_id: str
    execution_count: int
    writer: OutputWriter
    workspace: Workspace
    id: str
    resumed: bool = False


class Executor(Protocol):
    """What runs the cells of a type."""

    async def execute(self, run: Run) -> object:
        """Run the cell. Raises the exception that it failed with; CancelledError where it was
        stopped, after it has let go of all that it held."""
