"""What a run did to a cell, kept so that it can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ...notebook import events as ev
from ...notebook.state import Cell

ChangeKind = Literal["created", "modified", "moved", "deleted"]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A cell as it was. Two are equal where nothing that a run changes differs."""

    cell_type: ev.CellType
    source: str
    fractional_index: str
    source_visible: bool = True
    output_visible: bool = True
    ai_context_visible: bool = True
    ai: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, cell: Cell) -> Snapshot:
        ai = None
        if cell.ai is not None:
            ai = cell.ai.model_dump(exclude={"cell_id"}, exclude_none=True)
        return cls(
            cell.cell_type,
            cell.source,
            cell.fractional_index,
            cell.source_visible,
            cell.output_visible,
            cell.ai_context_visible,
            ai,
        )

    def create(self, cell_id: str, by: str) -> list[ev.Event]:
        """The events that make such a cell."""
        created = ev.CellCreated(
            id=cell_id,
            cell_type=self.cell_type,
            fractional_index=self.fractional_index,
            created_by=by,
        )
        events: list[ev.Event] = [created]
        if self.source:
            events.append(ev.CellSourceChanged(id=cell_id, source=self.source, modified_by=by))
        if not self.source_visible:
            events.append(ev.CellSourceVisibilityToggled(id=cell_id, source_visible=False))
        if not self.output_visible:
            events.append(ev.CellOutputVisibilityToggled(id=cell_id, output_visible=False))
        if not self.ai_context_visible:
            events.append(ev.CellAiContextVisibilityToggled(id=cell_id, ai_context_visible=False))
        if self.ai is not None:
            events.append(ev.AiSettingsChanged(cell_id=cell_id, **self.ai))
        return events


@dataclass(frozen=True, slots=True)
class Change:
    """One change to one cell: as it was before and after; None where it was not there."""

    kind: ChangeKind
    cell_id: str
    before: Snapshot | None = None
    after: Snapshot | None = None

    def to_json(self) -> dict[str, Any]:
        """As it stands in the metadata of the call's result."""
        known: dict[str, Any] = {"kind": self.kind, "cell_id": self.cell_id}
        for name, snapshot in (("before", self.before), ("after", self.after)):
            if snapshot is not None:
                known[name] = {
                    field: getattr(snapshot, field)
                    for field in Snapshot.__slots__
                    if getattr(snapshot, field) is not None
                }
        return known

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Change:
        before, after = data.get("before"), data.get("after")
        return cls(
            data["kind"],
            data["cell_id"],
            None if before is None else Snapshot(**before),
            None if after is None else Snapshot(**after),
        )
