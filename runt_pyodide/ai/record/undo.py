"""Undoing a run: the events that revert what its tools changed, and nothing that a person did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ...errors import CellError
from ...notebook import events as ev
from ...notebook.state import Notebook
from .changes import Change, Snapshot
from .fields import AIRecord

UNDONE_BY = "undo"


@dataclass(slots=True)
class Undo:
    """The events that undo a run, the cells that they restore or remove, and the cells that are
    kept, each with the reason."""

    events: list[ev.Event] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        kept = [{"cellId": cell_id, "reason": reason} for cell_id, reason in self.kept.items()]
        return {"undone": self.undone, "kept": kept}


def plan_undo(notebook: Notebook, run_id: str, new_id: Callable[[], str]) -> Undo:
    """Return how to undo the run. A cell that somebody has changed since is kept as it is; a
    deleted cell comes back under a new id, without its outputs.

    Raise CellError if the notebook has no record of the run.
    """
    return _Planner(notebook, new_id).plan(read_changes(notebook, run_id))


def read_changes(notebook: Notebook, run_id: str) -> list[Change]:
    """Return the changes that the run made, in order, from the outputs of its cell.

    Raise CellError if these hold nothing of the run.
    """
    execution = notebook.executions.get(run_id)
    outputs = notebook.outputs_of(execution.cell_id) if execution else []
    written = [record for record in map(AIRecord.of, outputs) if record.run_id == run_id]
    if not written:
        raise CellError(
            f"There is no record of the run {run_id!r}, so it cannot be undone: its outputs were "
            "cleared, or there was no such run."
        )
    return [record.change for record in written if record.change is not None]


class _Planner:
    """Goes back through the changes, on a copy of the notebook that follows each step."""

    def __init__(self, notebook: Notebook, new_id: Callable[[], str]) -> None:
        self._now = {cell.id: Snapshot.of(cell) for cell in notebook.cells.values()}
        self._new_id = new_id
        self._renamed: dict[str, str] = {}
        self._undo = Undo()

    def plan(self, changes: list[Change]) -> Undo:
        undo = self._undo
        for change in reversed(changes):
            cell_id = self._renamed.get(change.cell_id, change.cell_id)
            if cell_id in undo.kept:
                continue
            if change.after != self._now.get(cell_id):
                if change.after is not None and cell_id in self._now:
                    undo.kept[cell_id] = "It has been changed since."
                elif change.kind != "created":
                    undo.kept[cell_id] = "It has been deleted since."
                continue
            self._revert(change, cell_id)
        undo.undone = [
            cell_id for cell_id in dict.fromkeys(undo.undone) if cell_id not in undo.kept
        ]
        return undo

    def _revert(self, change: Change, cell_id: str) -> None:
        before, after = change.before, change.after
        if before is None:
            self._undo.events.append(ev.CellDeleted(id=cell_id))
            del self._now[cell_id]
        elif after is None:
            cell_id = self._renamed[change.cell_id] = self._new_id()
            self._undo.events += before.create(cell_id, UNDONE_BY)
            self._now[cell_id] = before
        else:
            self._undo.events += _put_back(cell_id, before, after)
            self._now[cell_id] = before
        self._undo.undone.append(cell_id)


def _put_back(cell_id: str, before: Snapshot, after: Snapshot) -> list[ev.Event]:
    events: list[ev.Event] = []
    if before.source != after.source:
        events.append(ev.CellSourceChanged(id=cell_id, source=before.source, modified_by=UNDONE_BY))
    if before.fractional_index != after.fractional_index:
        events.append(ev.CellMoved(id=cell_id, fractional_index=before.fractional_index))
    return events
