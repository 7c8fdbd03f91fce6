"""What a run did to a cell, kept so that it can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from ...notebook import events as ev
from ...notebook.state import Cell
from .typed_json import TypedJson, read_as

ChangeKind = Literal["created", "modified", "moved", "deleted"]
# Whether a change of each kind has a state before it, and one after it.
_SIDES: Mapping[ChangeKind, tuple[bool, bool]] = {
    "created": (False, True),
    "modified": (True, True),
    "moved": (True, True),
    "deleted": (True, False),
}


@dataclass(frozen=True, slots=True)
class OwnSettings(TypedJson):
    """A cell's own provider, model and settings."""

    provider: str
    model: str
    settings: ev.AiSettings


@dataclass(frozen=True, slots=True)
class Snapshot(TypedJson):
    """A cell as it was. Two are equal if they agree in everything that a run may change."""

    cell_type: ev.CellType
    source: str
    fractional_index: str
    source_visible: bool
    output_visible: bool
    ai_context_visible: bool
    ai: OwnSettings | None = None
    sql_variable: str | None = field(default=None, compare=False)
    metadata: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, cell: Cell, *, whole: bool = False) -> Snapshot:
        """Return the cell as it is; ``whole``, with the metadata of its file, which may be long."""
        own = cell.ai
        ai = None if own is None else OwnSettings(own.provider, own.model, own.settings)
        return cls(
            cell.cell_type,
            cell.source,
            cell.fractional_index,
            cell.source_visible,
            cell.output_visible,
            cell.ai_context_visible,
            ai,
            cell.sql_variable,
            dict(cell.metadata) if whole else {},
        )

    def create(self, cell_id: str, by: str) -> list[ev.Event]:
        """Return the events that make such a cell."""
        events = create_cell(cell_id, self.cell_type, self.source, self.fractional_index, by)
        if not self.source_visible:
            events.append(ev.CellSourceVisibilityToggled(id=cell_id, source_visible=False))
        if not self.output_visible:
            events.append(ev.CellOutputVisibilityToggled(id=cell_id, output_visible=False))
        if not self.ai_context_visible:
            events.append(ev.CellAiContextVisibilityToggled(id=cell_id, ai_context_visible=False))
        if (ai := self.ai) is not None:
            settings = ev.AiSettingsChanged(
                cell_id=cell_id, provider=ai.provider, model=ai.model, settings=ai.settings
            )
            events.append(settings)
        if (name := self.sql_variable) is not None:
            events.append(
                ev.SqlResultVariableChanged(cell_id=cell_id, result_variable=name, changed_by=by)
            )
        events += [
            ev.CellMetadataSet(cell_id=cell_id, key=key, value=value)
            for key, value in self.metadata.items()
        ]
        return events


@dataclass(frozen=True, slots=True)
class Change(TypedJson):
    """One change to one cell: the cell before and after it; None if it did not exist then."""

    kind: ChangeKind
    cell_id: str
    before: Snapshot | None = None
    after: Snapshot | None = None

    @classmethod
    def read(cls, value: object) -> Self | None:
        """Return the change; None unless it is complete.

        If a change whose ``before`` is spoilt were taken for a creation, undoing it would delete
        the cell.
        """
        change = read_as(cls, value)
        if change is None:
            return None
        sides = (change.before is not None, change.after is not None)
        return change if sides == _SIDES[change.kind] else None


def create_cell(
    cell_id: str, cell_type: ev.CellType, source: str, fractional_index: str, by: str
) -> list[ev.Event]:
    """Return the events that make a cell in which everything is visible."""
    created = ev.CellCreated(
        id=cell_id, cell_type=cell_type, fractional_index=fractional_index, created_by=by
    )
    if not source:
        return [created]
    return [created, ev.CellSourceChanged(id=cell_id, source=source, modified_by=by)]
