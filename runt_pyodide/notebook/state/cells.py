"""A notebook's cells and their order."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .. import events as ev
from ..ordering import index_between

CARRIED = "ipynb"
"""The key of a cell's metadata under which is kept what only its .ipynb file has a place for."""
ASKING = "asking"
"""The key under which is kept how the prompt of an AI cell is asked."""


@dataclass(slots=True)
class Cell:
    """One cell. ``ai`` holds its own provider, model and settings; ``sql_variable`` names what an
    SQL cell's result is assigned to; ``metadata`` is what else its file holds. ``modified_by``
    wrote the source."""

    id: str
    cell_type: ev.CellType
    fractional_index: str
    created_by: str
    source: str = ""
    modified_by: str = ""
    source_visible: bool = True
    output_visible: bool = True
    ai_context_visible: bool = True
    ai: ev.AiSettingsChanged | None = None
    sql_variable: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def attachments(self) -> dict[str, Any]:
        """What its file attached to it, which its source names as "attachment:name": MIME bundles
        by name."""
        found: Any = self.metadata
        for key in (CARRIED, "added", "attachments"):
            found = found.get(key) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else {}

    @property
    def assigned_name(self) -> str | None:
        """The variable that gets what an SQL or AI cell results in."""
        if self.cell_type == "sql":
            return self.sql_variable
        asking = self.metadata.get(ASKING) if self.cell_type == "ai" else None
        name = asking.get("name") if isinstance(asking, dict) else None
        return name if isinstance(name, str) else None


class Cells:
    """The cells of a notebook. They are sorted when their order is first read, and kept in order
    from then on."""

    def __init__(self) -> None:
        self.by_id: dict[str, Cell] = {}
        self.deleted: set[str] = set()
        self.hidden: dict[str, Cell] = {}
        """Those that are hidden from AI, also if they were deleted: what they bound is there."""
        self._order: list[Cell] | None = None

    def in_order(self) -> Sequence[Cell]:
        """Return the list that is kept in order, which changes with the notebook."""
        if self._order is None:
            self._order = sorted(self.by_id.values(), key=_order_of)
        return self._order

    def place_of(self, cell_id: str) -> int:
        """Return the number of cells above this one. Raise KeyError if there is no such cell."""
        return bisect_left(self.in_order(), _order_of(self.by_id[cell_id]), key=_order_of)

    def upward(self, cell_id: str) -> Iterator[Cell]:
        """Yield the cells above it, nearest first. Raise KeyError if there is no such cell."""
        order = self.in_order()
        return (order[place] for place in range(self.place_of(cell_id) - 1, -1, -1))

    def index_below(self, above: Cell | None, moved: Cell | None = None) -> str:
        """Return an index right below the cell ``above``, or at the top if it is None; the cell
        ``moved`` does not count. Raise ValueError if there is no room."""
        order = self.in_order()
        lower = above.fractional_index if above else None
        following = order[self.place_of(above.id) + 1 :] if above else order
        upper = next(
            (
                cell.fractional_index
                for cell in following
                if cell is not moved and (lower is None or cell.fractional_index > lower)
            ),
            None,
        )
        return index_between(lower, upper)

    def create(self, event: ev.CellCreated | ev.CellCreatedV1) -> None:
        if event.id in self.by_id or event.id in self.deleted:
            return
        cell = Cell(event.id, event.cell_type, event.fractional_index, event.created_by)
        self.by_id[event.id] = cell
        self._put_in_order(cell)

    def delete(self, event: ev.CellDeleted) -> None:
        self.deleted.add(event.id)
        if cell := self.by_id.get(event.id):
            self._take_from_order(cell)
            del self.by_id[event.id]

    def move(self, event: ev.CellMoved | ev.CellMovedV1) -> None:
        if cell := self.by_id.get(event.id):
            self._take_from_order(cell)
            cell.fractional_index = event.fractional_index
            self._put_in_order(cell)

    def set_source(self, event: ev.CellSourceChanged) -> None:
        if cell := self.by_id.get(event.id):
            cell.source, cell.modified_by = event.source, event.modified_by

    def set_type(self, event: ev.CellTypeChanged) -> None:
        if cell := self.by_id.get(event.id):
            cell.cell_type = event.cell_type

    def show_source(self, event: ev.CellSourceVisibilityToggled) -> None:
        if cell := self.by_id.get(event.id):
            cell.source_visible = event.source_visible

    def show_output(self, event: ev.CellOutputVisibilityToggled) -> None:
        if cell := self.by_id.get(event.id):
            cell.output_visible = event.output_visible

    def show_to_ai(self, event: ev.CellAiContextVisibilityToggled) -> None:
        if cell := self.by_id.get(event.id):
            cell.ai_context_visible = event.ai_context_visible
            if event.ai_context_visible:
                self.hidden.pop(event.id, None)
            else:
                self.hidden[event.id] = cell

    def set_ai(self, event: ev.AiSettingsChanged) -> None:
        if cell := self.by_id.get(event.cell_id):
            cell.ai = event

    def set_sql_variable(self, event: ev.SqlResultVariableChanged) -> None:
        if cell := self.by_id.get(event.cell_id):
            cell.sql_variable = event.result_variable

    def set_metadata(self, event: ev.CellMetadataSet) -> None:
        if cell := self.by_id.get(event.cell_id):
            set_key(cell.metadata, event)

    def _put_in_order(self, cell: Cell) -> None:
        if self._order is not None:
            insort(self._order, cell, key=_order_of)

    def _take_from_order(self, cell: Cell) -> None:
        if self._order is not None:
            del self._order[self.place_of(cell.id)]


def set_key(values: dict[str, Any], event: ev.KeyValue) -> None:
    """Set the event's key; null removes it."""
    if event.value is None:
        values.pop(event.key, None)
    else:
        values[event.key] = event.value


def _order_of(cell: Cell) -> tuple[str, str]:
    return cell.fractional_index, cell.id
