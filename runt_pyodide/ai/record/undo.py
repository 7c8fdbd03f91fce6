"""Undoing a run: the events that revert what its tools changed, and nothing that a person did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from ...errors import CellError
from ...notebook import events as ev
from ...notebook.merge import merge_source
from ...notebook.state import Notebook
from .changes import Change, Snapshot
from .fields import AIRecord

UNDONE_BY = "undo"


@dataclass(slots=True)
class Undo:
    """The events that undo a run, which hold for the ``expected`` sources of cells; the cells that
    they restore or remove; and those that are kept, each with the reason.

    What somebody has written since into a cell that is restored stays in it: ``merged`` says for
    such a cell whether that was in the same lines, of which then both versions are there.
    """

    events: list[ev.Event] = field(default_factory=list)
    expected: dict[str, str] = field(default_factory=dict)
    undone: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    merged: dict[str, bool] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        kept = [{"cellId": cell_id, "reason": reason} for cell_id, reason in self.kept.items()]
        merged = [{"cellId": cell_id, "isConflict": both} for cell_id, both in self.merged.items()]
        return {"undone": self.undone, "kept": kept, "merged": merged}


def plan_undo(notebook: Notebook, run_id: str, new_id: Callable[[], str]) -> Undo:
    """Return how to undo the run. What somebody has written into a cell since is merged with what
    was there before the run; a cell that the run made and somebody has changed since is kept as it
    is; a deleted cell comes back under a new id, without its outputs.

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
        self._notebook = notebook
        self._now = {cell.id: Snapshot.of(cell) for cell in notebook.cells.values()}
        self._new_id = new_id
        self._renamed: dict[str, str] = {}
        self._undo = Undo()

    def plan(self, changes: list[Change]) -> Undo:
        undo = self._undo
        made = {change.cell_id for change in changes if change.before is None}
        for change in reversed(changes):
            cell_id = self._renamed.get(change.cell_id, change.cell_id)
            if cell_id in undo.kept:
                continue
            now = self._now.get(cell_id)
            if change.after is None:
                self._restore(change)
            elif now is None:
                if change.kind != "created":
                    undo.kept[cell_id] = "It has been deleted since."
            elif change.cell_id in made and now != change.after:
                undo.kept[cell_id] = "It has been changed since."
            else:
                self._revert(cell_id, now, change.before, change.after)
        undo.undone = [
            cell_id for cell_id in dict.fromkeys(undo.undone) if cell_id not in undo.kept
        ]
        for cell_id in {change.cell_id: None for change in changes if change.after is not None}:
            if cell_id in self._now and cell_id not in (*undo.undone, *undo.kept):
                undo.kept[cell_id] = "Nothing of what the run wrote is left in it."
        undo.merged = {id: both for id, both in undo.merged.items() if id in undo.undone}
        return undo

    def _restore(self, change: Change) -> None:
        assert change.before is not None
        cell_id = self._renamed[change.cell_id] = self._new_id()
        self._undo.events += change.before.create(cell_id, UNDONE_BY)
        self._now[cell_id] = change.before
        self._undo.undone.append(cell_id)

    def _revert(
        self, cell_id: str, now: Snapshot, before: Snapshot | None, after: Snapshot
    ) -> None:
        undo, known = self._undo, len(self._undo.events)
        if before is None:
            undo.events.append(ev.CellDeleted(id=cell_id))
            del self._now[cell_id]
        else:
            self._now[cell_id] = self._put_back(cell_id, now, before, after)
        if len(undo.events) > known:
            undo.undone.append(cell_id)
            if (cell := self._notebook.cells.get(cell_id)) is not None:
                undo.expected[cell_id] = cell.source

    def _put_back(self, cell_id: str, now: Snapshot, before: Snapshot, after: Snapshot) -> Snapshot:
        """Return the cell without what the change made of it."""
        undo = self._undo
        if before.source != after.source:
            source, is_conflict = merge_source(after.source, now.source, before.source)
            if now.source != after.source:
                undo.merged[cell_id] = undo.merged.get(cell_id, False) or is_conflict
            if source != now.source:
                edit = ev.CellSourceChanged.edit(cell_id, now.source, source, UNDONE_BY)
                undo.events.append(edit)
                now = replace(now, source=source)
        if before.fractional_index != after.fractional_index:
            if now.fractional_index != after.fractional_index:
                undo.kept[cell_id] = "It has been moved since."
            else:
                index = before.fractional_index
                undo.events.append(ev.CellMoved(id=cell_id, fractional_index=index))
                now = replace(now, fractional_index=index)
        return now
