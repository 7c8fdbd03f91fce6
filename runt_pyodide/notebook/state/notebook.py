"""The notebook as it stands: a fold of its events.

The same events give the same state, whatever the batches they come in, and an event takes constant
time in the size of the notebook (amortised): cells are sorted when their order is first read, and
kept in order from then on.

Identity is by id, never by place. What is named twice counts once, what is gone stays gone, an
execution never goes back and its first end stands, and a delta may come before its output. Only
the events that have no identity (the clears, updates of a display, and AllExecutionsCancelled) act
on what is there when they come.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from .. import events as ev
from .output import Output, OutputAdded

ExecutionState = Literal["pending", "assigned", "executing", "completed", "failed", "cancelled"]
_OPEN: tuple[ExecutionState, ...] = ("pending", "assigned", "executing")


@dataclass(slots=True)
class Cell:
    id: str
    cell_type: ev.CellType
    fractional_index: str
    created_by: str
    source: str = ""
    source_visible: bool = True
    output_visible: bool = True
    ai_context_visible: bool = True
    ai: ev.AiSettingsChanged | None = None
    sql_variable: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Execution:
    """One entry of the queue. ``execution_count`` is the runtime's where it gave one, else the
    request's (``is_counted`` tells which); ``outcome`` is how it was completed, and ``duration_ms``
    how long that took; None if it was not."""

    queue_id: str
    cell_id: str
    execution_count: int = 0
    is_counted: bool = False
    requested_by: str = ""
    state: ExecutionState = "pending"
    session_id: str | None = None
    outcome: Literal["success", "error", "cancelled"] | None = None
    error: str | None = None
    duration_ms: float | None = None

    @property
    def is_open(self) -> bool:
        return self.state in _OPEN


@dataclass(slots=True)
class RuntimeSession:
    id: str
    runtime_id: str
    status: Literal["starting", "ready", "busy", "restarting", "terminated"] = "starting"


@dataclass(slots=True)
class Approval:
    """A call that waits for a person, or has its answer."""

    request: ev.ToolApprovalRequested | None = None
    response: ev.ToolApprovalResponded | None = None


class Notebook:
    """Feed it events with ``apply``; read what they amount to."""

    def __init__(self, events: Iterable[ev.Event] = ()) -> None:
        self.metadata: dict[str, str] = {}
        self.json: dict[str, Any] = {}
        self.policies: dict[ev.PolicyScope, dict[str, ev.ToolPolicy]] = {}
        self.cells: dict[str, Cell] = {}
        self.executions: dict[str, Execution] = {}
        self.sessions: dict[str, RuntimeSession] = {}
        self.approvals: dict[str, Approval] = {}
        self.approved_tools: set[str] = set()
        self._deleted_cells: set[str] = set()
        self._order: list[Cell] | None = None
        self._open: dict[str, Execution] = {}
        self._outputs: dict[str, Output] = {}
        self._cell_outputs: dict[str, dict[str, Output]] = {}
        self._gone_outputs: set[str] = set()
        self._clear_on_next: set[str] = set()
        self._early_deltas: dict[str, list[tuple[str, int, ev.DeltaBody]]] = {}
        self._displays: dict[str, dict[str, Output]] = {}
        for event in events:
            self.apply(event)

    # Reading

    def cells_in_order(self) -> Sequence[Cell]:
        """The notebook's own list, which changes with it."""
        if self._order is None:
            self._order = sorted(self.cells.values(), key=_order_of)
        return self._order

    def is_deleted(self, cell_id: str) -> bool:
        return cell_id in self._deleted_cells

    def place_of(self, cell_id: str) -> int:
        """How many cells stand before this one. Raises KeyError where there is no such cell."""
        return bisect_left(self.cells_in_order(), _order_of(self.cells[cell_id]), key=_order_of)

    def cells_upward(self, cell_id: str) -> Iterator[Cell]:
        """The cells before this one, from the nearest on. Raises KeyError where there is no such
        cell."""
        order = self.cells_in_order()
        return (order[place] for place in range(self.place_of(cell_id) - 1, -1, -1))

    def outputs_of(self, cell_id: str) -> list[Output]:
        """The cell's outputs by position, then by id."""
        outputs = self._cell_outputs.get(cell_id, {})
        return sorted(outputs.values(), key=lambda output: (output.position, output.id))

    def kind_of(self, output_id: str) -> ev.OutputKind | None:
        """What an output is; None where there is no such output."""
        output = self._outputs.get(output_id)
        return output.kind if output else None

    def open_executions(self) -> list[Execution]:
        """What is pending, assigned or executing, in the order it was asked for."""
        return list(self._open.values())

    def next_pending(self) -> Execution | None:
        return next((entry for entry in self._open.values() if entry.state == "pending"), None)

    def active_sessions(self) -> list[RuntimeSession]:
        return [session for session in self.sessions.values() if session.status != "terminated"]

    # Folding

    def apply(self, event: ev.Event) -> None:
        """Fold one event in. What it names may be gone, or not there yet: then it does nothing."""
        _FOLDS[type(event)](self, event)

    def _set_title(self, event: ev.NotebookTitleChanged) -> None:
        self.metadata["title"] = event.title

    def _set_metadata(self, event: ev.NotebookMetadataSet) -> None:
        self.metadata[event.key] = event.value

    def _create_cell(self, event: ev.CellCreated | ev.CellCreatedV1) -> None:
        if event.id in self.cells or event.id in self._deleted_cells:
            return
        index = event.fractional_index
        cell = self.cells[event.id] = Cell(event.id, event.cell_type, index, event.created_by)
        self._put_in_order(cell)

    def _delete_cell(self, event: ev.CellDeleted) -> None:
        self._deleted_cells.add(event.id)
        if cell := self.cells.get(event.id):
            self._take_from_order(cell)
            del self.cells[event.id]
        self._clear_outputs(event.id)

    def _move_cell(self, event: ev.CellMoved | ev.CellMovedV1) -> None:
        if cell := self.cells.get(event.id):
            self._take_from_order(cell)
            cell.fractional_index = event.fractional_index
            self._put_in_order(cell)

    def _put_in_order(self, cell: Cell) -> None:
        if self._order is not None:
            insort(self._order, cell, key=_order_of)

    def _take_from_order(self, cell: Cell) -> None:
        if self._order is not None:
            del self._order[self.place_of(cell.id)]

    def _set_cell_metadata(self, event: ev.CellMetadataSet) -> None:
        if cell := self.cells.get(event.cell_id):
            _set_key(cell.metadata, event)

    def _set_json(self, event: ev.NotebookJsonSet) -> None:
        _set_key(self.json, event)

    def _set_policy(self, event: ev.ToolPolicySet) -> None:
        scope = event.scope or ev.PolicyScope()
        self.policies.setdefault(scope, {})[event.tool] = event.policy

    def _change_cell(self, cell_id: str, field: str, value: Any) -> None:
        if cell := self.cells.get(cell_id):
            setattr(cell, field, value)

    def _request(self, queue_id: str, cell_id: str, count: int, requested_by: str) -> None:
        entry = self._entry(queue_id, cell_id)
        # It may have begun before its request came; a second request of one id counts for nothing.
        if not entry.requested_by:
            entry.requested_by = requested_by
            entry.execution_count = entry.execution_count if entry.is_counted else count

    def _request_one(self, event: ev.ExecutionRequested) -> None:
        self._request(event.queue_id, event.cell_id, event.execution_count, event.requested_by)

    def _request_many(self, event: ev.MultipleExecutionRequested) -> None:
        for info in event.cells_info:
            self._request(info.queue_id, info.id, info.execution_count, event.requested_by)

    def _assign(self, event: ev.ExecutionAssigned) -> None:
        entry = self.executions.get(event.queue_id)
        if entry and entry.state == "pending":
            entry.state, entry.session_id = "assigned", event.runtime_session_id

    def _start(self, event: ev.ExecutionStarted) -> None:
        entry = self._entry(event.queue_id, event.cell_id)
        if entry.state in ("pending", "assigned"):
            entry.state, entry.session_id = "executing", event.runtime_session_id
            if event.execution_count is not None:
                entry.execution_count, entry.is_counted = event.execution_count, True

    def _complete(self, event: ev.ExecutionCompleted) -> None:
        entry = self._entry(event.queue_id, event.cell_id)
        if entry.is_open:
            entry.outcome, entry.error = event.status, event.error
            entry.duration_ms = event.execution_duration_ms
            self._end(entry, "completed" if event.status == "success" else "failed")

    def _cancel(self, event: ev.ExecutionCancelled) -> None:
        entry = self._entry(event.queue_id, event.cell_id)
        if entry.is_open:
            self._end(entry, "cancelled")

    def _cancel_all(self, _event: ev.AllExecutionsCancelled) -> None:
        for entry in self.open_executions():
            self._end(entry, "cancelled")

    def _entry(self, queue_id: str, cell_id: str) -> Execution:
        entry = self.executions.get(queue_id)
        if entry is None:
            entry = self.executions[queue_id] = Execution(queue_id, cell_id)
            self._open[queue_id] = entry
        return entry

    def _end(self, entry: Execution, state: ExecutionState) -> None:
        entry.state = state
        del self._open[entry.queue_id]

    def _start_session(self, event: ev.RuntimeSessionStarted) -> None:
        self.sessions.setdefault(
            event.session_id, RuntimeSession(event.session_id, event.runtime_id)
        )

    def _set_session(self, session_id: str, status: Any) -> None:
        session = self.sessions.get(session_id)
        if session and session.status != "terminated":
            session.status = status

    def _add_output(self, event: OutputAdded) -> None:
        if event.id in self._outputs or event.id in self._gone_outputs:
            return
        early = self._early_deltas.pop(event.id, ())
        if event.cell_id in self._clear_on_next:
            self._clear_outputs(event.cell_id)
        if event.cell_id in self._deleted_cells:
            self._gone_outputs.add(event.id)
            return
        output = self._outputs[event.id] = Output(event)
        self._cell_outputs.setdefault(event.cell_id, {})[event.id] = output
        if output.display_id is not None:
            self._displays.setdefault(output.display_id, {})[event.id] = output
        for delta in early:
            output.add_delta(*delta)

    def _add_delta(self, event: ev.OutputDelta) -> None:
        self._append(event.output_id, event.id, event.sequence_number, event.delta)

    def _add_text(self, event: ev.MarkdownOutputAppended | ev.TerminalOutputAppended) -> None:
        body = ev.DeltaBody(text=event.delta)
        self._append(event.output_id, event.id, event.sequence_number, body)

    def _append(self, output_id: str, delta_id: str, number: int, body: ev.DeltaBody) -> None:
        if output := self._outputs.get(output_id):
            output.add_delta(delta_id, number, body)
        elif output_id not in self._gone_outputs:
            self._early_deltas.setdefault(output_id, []).append((delta_id, number, body))

    def _update_display(self, event: ev.MultimediaDisplayOutputUpdated) -> None:
        for output in self._displays.get(event.display_id, {}).values():
            output.update(event.representations)

    def _clear(self, event: ev.CellOutputsCleared) -> None:
        if event.wait:
            self._clear_on_next.add(event.cell_id)
        else:
            self._clear_outputs(event.cell_id)

    def _clear_all(self, _event: ev.AllOutputsCleared) -> None:
        for cell_id in list(self._cell_outputs):
            self._clear_outputs(cell_id)

    def _clear_outputs(self, cell_id: str) -> None:
        self._clear_on_next.discard(cell_id)
        for output_id, output in self._cell_outputs.pop(cell_id, {}).items():
            del self._outputs[output_id]
            self._gone_outputs.add(output_id)
            if output.display_id is not None:
                del self._displays[output.display_id][output_id]

    def _request_approval(self, event: ev.ToolApprovalRequested) -> None:
        approval = self.approvals.setdefault(event.tool_call_id, Approval())
        approval.request = approval.request or event
        self._note_approved_tool(approval)

    def _respond_approval(self, event: ev.ToolApprovalResponded) -> None:
        approval = self.approvals.setdefault(event.tool_call_id, Approval())
        approval.response = approval.response or event
        self._note_approved_tool(approval)

    def _note_approved_tool(self, approval: Approval) -> None:
        request, response = approval.request, approval.response
        if request and response and response.status == "approved_always":
            self.approved_tools.add(request.tool_name)


def _order_of(cell: Cell) -> tuple[str, str]:
    return cell.fractional_index, cell.id


def _set_key(values: dict[str, Any], event: ev.KeyValue) -> None:
    if event.value is None:
        values.pop(event.key, None)
    else:
        values[event.key] = event.value


def _pass_over(_notebook: Notebook, _event: ev.Event) -> None:
    """Folds what no state of ours depends on."""


_FOLDS: dict[type[ev.Event], Callable[[Notebook, Any], None]] = {
    ev.NotebookTitleChanged: Notebook._set_title,
    ev.NotebookMetadataSet: Notebook._set_metadata,
    ev.CellCreatedV1: Notebook._create_cell,
    ev.CellCreated: Notebook._create_cell,
    ev.CellSourceChanged: lambda nb, e: nb._change_cell(e.id, "source", e.source),
    ev.CellTypeChanged: lambda nb, e: nb._change_cell(e.id, "cell_type", e.cell_type),
    ev.CellDeleted: Notebook._delete_cell,
    ev.CellMovedV1: Notebook._move_cell,
    ev.CellMoved: Notebook._move_cell,
    ev.CellSourceVisibilityToggled: lambda nb, e: nb._change_cell(
        e.id, "source_visible", e.source_visible
    ),
    ev.CellOutputVisibilityToggled: lambda nb, e: nb._change_cell(
        e.id, "output_visible", e.output_visible
    ),
    ev.CellAiContextVisibilityToggled: lambda nb, e: nb._change_cell(
        e.id, "ai_context_visible", e.ai_context_visible
    ),
    ev.AiSettingsChanged: lambda nb, e: nb._change_cell(e.cell_id, "ai", e),
    ev.SqlResultVariableChanged: lambda nb, e: nb._change_cell(
        e.cell_id, "sql_variable", e.result_variable
    ),
    ev.RuntimeSessionStarted: Notebook._start_session,
    ev.RuntimeSessionStatusChanged: lambda nb, e: nb._set_session(e.session_id, e.status),
    ev.RuntimeSessionRenewal: _pass_over,
    ev.RuntimeSessionTerminated: lambda nb, e: nb._set_session(e.session_id, "terminated"),
    ev.ExecutionRequested: Notebook._request_one,
    ev.MultipleExecutionRequested: Notebook._request_many,
    ev.ExecutionAssigned: Notebook._assign,
    ev.ExecutionStarted: Notebook._start,
    ev.ExecutionCompleted: Notebook._complete,
    ev.ExecutionCancelled: Notebook._cancel,
    ev.AllExecutionsCancelled: Notebook._cancel_all,
    ev.TerminalOutputAdded: Notebook._add_output,
    ev.TerminalOutputAppended: Notebook._add_text,
    ev.MarkdownOutputAdded: Notebook._add_output,
    ev.MarkdownOutputAppended: Notebook._add_text,
    ev.MultimediaDisplayOutputAdded: Notebook._add_output,
    ev.MultimediaDisplayOutputUpdated: Notebook._update_display,
    ev.MultimediaResultOutputAdded: Notebook._add_output,
    ev.ErrorOutputAdded: Notebook._add_output,
    ev.CellOutputsCleared: Notebook._clear,
    ev.AllOutputsCleared: Notebook._clear_all,
    ev.OutputDelta: Notebook._add_delta,
    ev.CellMetadataSet: Notebook._set_cell_metadata,
    ev.NotebookJsonSet: Notebook._set_json,
    ev.ToolPolicySet: Notebook._set_policy,
    ev.OutputRestored: Notebook._add_output,
    ev.ToolApprovalRequested: Notebook._request_approval,
    ev.ToolApprovalResponded: Notebook._respond_approval,
}
