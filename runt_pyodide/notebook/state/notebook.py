"""The notebook as it stands: a fold of its events.

The same events give the same state, whatever the batches in which they come, and an event takes
amortised constant time, whatever the size of the notebook. Identity is by id, never by place. The
rules are in ``docs/events.md``, "How events fold"; each module here folds one part of the notebook.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from .. import events as ev
from .approvals import Approval, Approvals
from .cells import Cell, Cells, set_key
from .executions import Execution, Executions
from .output import Output
from .outputs import Outputs
from .sessions import RuntimeSession, Sessions

_E = TypeVar("_E", bound=ev.Event)


class Notebook:
    """A notebook: pass it events with ``apply``, and read the state that they add up to.

    ``metadata`` holds the title and whatever else is set as text, ``json`` what else the notebook's
    file holds, and ``policies`` the policies of tools by name and scope.
    """

    def __init__(self, events: Iterable[ev.Event] = ()) -> None:
        self.metadata: dict[str, str] = {}
        self.json: dict[str, Any] = {}
        self._cells = Cells()
        self._outputs = Outputs()
        self._executions = Executions()
        self._sessions = Sessions()
        self._approvals = Approvals()
        for event in events:
            self.apply(event)

    def apply(self, event: ev.Event) -> None:
        """Fold one event in. It changes nothing if what it names is gone or not there yet."""
        FOLDS[type(event)](self)(event)

    @property
    def cells(self) -> dict[str, Cell]:
        return self._cells.by_id

    def cells_in_order(self) -> Sequence[Cell]:
        """Return the notebook's own list of cells, which changes with it."""
        return self._cells.in_order()

    def hidden_cells(self) -> list[Cell]:
        """Return the cells that are hidden from AI, or were when they were deleted."""
        return [*self._cells.hidden.values()]

    def is_deleted(self, cell_id: str) -> bool:
        return cell_id in self._cells.deleted

    def deleted_cells(self) -> list[str]:
        return sorted(self._cells.deleted)

    def place_of(self, cell_id: str) -> int:
        """Return the number of cells above this one. Raise KeyError if there is no such cell."""
        return self._cells.place_of(cell_id)

    def cells_upward(self, cell_id: str) -> Iterator[Cell]:
        """Yield the cells above it, nearest first. Raise KeyError if there is no such cell."""
        return self._cells.upward(cell_id)

    def index_below(self, above: Cell | None, moved: Cell | None = None) -> str:
        """Return an index right below a cell, or at the top if it is None; the cell ``moved`` does
        not count. Raise ValueError if there is no room."""
        return self._cells.index_below(above, moved)

    def outputs_of(self, cell_id: str) -> list[Output]:
        """Return the cell's outputs, sorted by position, then by id."""
        return self._outputs.of(cell_id)

    def cells_with_outputs(self) -> list[str]:
        """Return the ids of cells that have outputs; such a cell may not exist yet."""
        return self._outputs.cell_ids()

    def output(self, output_id: str) -> Output | None:
        return self._outputs.get(output_id)

    @property
    def executions(self) -> dict[str, Execution]:
        return self._executions.by_id

    def open_executions(self) -> list[Execution]:
        """Return what is pending, assigned or executing, in the order of the requests."""
        return self._executions.open()

    def last_execution_of(self, cell_id: str) -> Execution | None:
        """Return the execution of a cell that was requested last; None if none ever was."""
        return self._executions.last_of(cell_id)

    def highest_count_of(self, cell_id: str) -> int:
        """Return the highest count that an execution of the cell has had; 0 if there was none."""
        return self._executions.highest_count_of(cell_id)

    def next_pending(self) -> Execution | None:
        return self._executions.next_pending()

    def left_out(self) -> list[tuple[Execution, Execution]]:
        """Return what is pending though something that was requested together with it began and
        did not succeed; each with the first such execution."""
        return self._executions.left_out()

    @property
    def sessions(self) -> dict[str, RuntimeSession]:
        return self._sessions.by_id

    def active_sessions(self) -> list[RuntimeSession]:
        return self._sessions.active()

    @property
    def approvals(self) -> dict[str, Approval]:
        return self._approvals.by_id

    @property
    def policies(self) -> dict[tuple[str, ev.PolicyScope], ev.ToolPolicySet]:
        return self._approvals.policies

    def policy_of(self, tool: str, cell_id: str, run_id: str) -> ev.ToolPolicy | None:
        """Return the policy that people have set for a tool in a run of a cell, if they have."""
        return self._approvals.policy_of(tool, cell_id, run_id)

    def _set_title(self, event: ev.NotebookTitleChanged) -> None:
        self.metadata["title"] = event.title

    def _set_metadata(self, event: ev.NotebookMetadataSet) -> None:
        self.metadata[event.key] = event.value

    def _set_json(self, event: ev.NotebookJsonSet) -> None:
        set_key(self.json, event)

    def _start_execution(self, event: ev.ExecutionStarted) -> None:
        cell = self.cells.get(event.cell_id)
        self._executions.start(event, cell.source if cell else None)

    def _clear_outputs(self, event: ev.CellOutputsCleared) -> None:
        # A run clears what an earlier one left: only what is cleared between runs is missed.
        last = self._executions.last_of(event.cell_id)
        if last and not last.is_open and self.outputs_of(event.cell_id):
            last.is_cleared = True
        self._outputs.clear(event)

    def _clear_all_outputs(self, event: ev.AllOutputsCleared) -> None:
        for cell_id in self.cells_with_outputs():
            last = self._executions.last_of(cell_id)
            if last and not last.is_open:
                last.is_cleared = True
        self._outputs.clear_all(event)

    def _delete_cell(self, event: ev.CellDeleted) -> None:
        self._cells.delete(event)
        self._outputs.delete_cell(event)


def _on(
    kind: type[_E], fold: Callable[[Notebook], Callable[[_E], None]]
) -> tuple[type[ev.Event], Callable[[Notebook], Callable[[Any], None]]]:
    return kind, fold


FOLDS = dict(
    (
        _on(ev.NotebookTitleChanged, lambda nb: nb._set_title),
        _on(ev.NotebookMetadataSet, lambda nb: nb._set_metadata),
        _on(ev.NotebookJsonSet, lambda nb: nb._set_json),
        _on(ev.CellCreatedV1, lambda nb: nb._cells.create),
        _on(ev.CellCreated, lambda nb: nb._cells.create),
        _on(ev.CellSourceChanged, lambda nb: nb._cells.set_source),
        _on(ev.CellTypeChanged, lambda nb: nb._cells.set_type),
        _on(ev.CellDeleted, lambda nb: nb._delete_cell),
        _on(ev.CellMovedV1, lambda nb: nb._cells.move),
        _on(ev.CellMoved, lambda nb: nb._cells.move),
        _on(ev.CellSourceVisibilityToggled, lambda nb: nb._cells.show_source),
        _on(ev.CellOutputVisibilityToggled, lambda nb: nb._cells.show_output),
        _on(ev.CellAiContextVisibilityToggled, lambda nb: nb._cells.show_to_ai),
        _on(ev.AiSettingsChanged, lambda nb: nb._cells.set_ai),
        _on(ev.SqlResultVariableChanged, lambda nb: nb._cells.set_sql_variable),
        _on(ev.CellMetadataSet, lambda nb: nb._cells.set_metadata),
        _on(ev.RuntimeSessionStarted, lambda nb: nb._sessions.start),
        _on(ev.RuntimeSessionStatusChanged, lambda nb: nb._sessions.set_status),
        _on(ev.RuntimeSessionRenewal, lambda nb: nb._sessions.renew),
        _on(ev.RuntimeSessionTerminated, lambda nb: nb._sessions.terminate),
        _on(ev.ExecutionRequested, lambda nb: nb._executions.request),
        _on(ev.MultipleExecutionRequested, lambda nb: nb._executions.request_many),
        _on(ev.ExecutionAssigned, lambda nb: nb._executions.assign),
        _on(ev.ExecutionStarted, lambda nb: nb._start_execution),
        _on(ev.ExecutionCompleted, lambda nb: nb._executions.complete),
        _on(ev.ExecutionCancelled, lambda nb: nb._executions.cancel),
        _on(ev.AllExecutionsCancelled, lambda nb: nb._executions.cancel_all),
        _on(ev.TerminalOutputAdded, lambda nb: nb._outputs.add),
        _on(ev.MarkdownOutputAdded, lambda nb: nb._outputs.add),
        _on(ev.MultimediaDisplayOutputAdded, lambda nb: nb._outputs.add),
        _on(ev.MultimediaResultOutputAdded, lambda nb: nb._outputs.add),
        _on(ev.ErrorOutputAdded, lambda nb: nb._outputs.add),
        _on(ev.OutputRestored, lambda nb: nb._outputs.add),
        _on(ev.OutputDelta, lambda nb: nb._outputs.add_delta),
        _on(ev.TerminalOutputAppended, lambda nb: nb._outputs.add_text),
        _on(ev.MarkdownOutputAppended, lambda nb: nb._outputs.add_text),
        _on(ev.MultimediaDisplayOutputUpdated, lambda nb: nb._outputs.update_display),
        _on(ev.CellOutputsCleared, lambda nb: nb._clear_outputs),
        _on(ev.AllOutputsCleared, lambda nb: nb._clear_all_outputs),
        _on(ev.ToolApprovalRequested, lambda nb: nb._approvals.request),
        _on(ev.ToolApprovalResponded, lambda nb: nb._approvals.respond),
        _on(ev.ToolPolicySet, lambda nb: nb._approvals.set_policy),
    )
)
