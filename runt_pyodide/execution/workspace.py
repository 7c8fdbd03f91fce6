"""What a cell that acts on its notebook needs of the runtime that it runs in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from ..notebook.clock import Clock
from ..notebook.events import Event
from ..notebook.state import Execution

_T = TypeVar("_T")


class Workspace(Protocol):
    """What a cell that acts on its notebook can do: write to it, run its cells, wait."""

    @property
    def clock(self) -> Clock: ...

    def commit(self, events: Sequence[Event]) -> None:
        """Write events that belong together."""

    async def run_cell(self, cell_id: str, requested_by: str) -> Execution:
        """Run a cell now, within the cell that runs, and give how it ended.

        Raises CellError for a cell that is running: the cell itself, or one that it runs within.
        """

    async def until(self, look: Callable[[], _T | None]) -> _T:
        """Wait until ``look`` gives something; it is asked whenever the notebook has changed."""
