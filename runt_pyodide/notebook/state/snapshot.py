"""A notebook's whole state as JSON, the same in both languages, as the fold cases hold it.

Empty values are left out, so that a reader sees what the events did.
"""

from __future__ import annotations

from typing import Any

from .. import events as ev
from .approvals import Approval
from .cells import Cell
from .executions import Execution
from .notebook import Notebook
from .output import Output
from .sessions import RuntimeSession


def state_json(notebook: Notebook) -> dict[str, Any]:
    """Return everything that can be read of a notebook."""
    return _without_empty(
        metadata=notebook.metadata,
        json=notebook.json,
        cells=[_cell_json(cell) for cell in notebook.cells_in_order()],
        deletedCells=notebook.deleted_cells(),
        outputs={
            cell_id: [output_json(output) for output in notebook.outputs_of(cell_id)]
            for cell_id in notebook.cells_with_outputs()
        },
        executions=[_execution_json(entry) for entry in notebook.executions.values()],
        openExecutions=[entry.queue_id for entry in notebook.open_executions()],
        sessions={id: _session_json(session) for id, session in notebook.sessions.items()},
        approvals={id: _approval_json(approval) for id, approval in notebook.approvals.items()},
        policies=_policies_json(notebook),
    )


def _cell_json(cell: Cell) -> dict[str, Any]:
    visible = {
        "source": cell.source_visible,
        "output": cell.output_visible,
        "aiContext": cell.ai_context_visible,
    }
    return _without_empty(
        id=cell.id,
        cellType=cell.cell_type,
        fractionalIndex=cell.fractional_index,
        createdBy=cell.created_by,
        source=cell.source or None,
        modifiedBy=cell.modified_by or None,
        hidden=[part for part, is_visible in visible.items() if not is_visible],
        ai=_ai_json(cell.ai),
        sqlVariable=cell.sql_variable,
        metadata=cell.metadata,
    )


def _ai_json(ai: ev.AiSettingsChanged | None) -> dict[str, Any] | None:
    return ai.model_dump(by_alias=True, exclude_none=True, exclude={"cell_id"}) if ai else None


def output_json(output: Output) -> dict[str, Any]:
    """Return everything that can be read of an output."""
    bundle = {mime: _representation_json(one) for mime, one in output.bundle.items()}
    return _without_empty(
        id=output.id,
        kind=output.kind,
        position=output.position,
        text=output.text or None,
        bundle=bundle,
        error=output.error,
        metadata=output.metadata,
        streamName=output.stream_name,
        displayId=output.display_id,
        executionCount=output.execution_count,
    )


def _representation_json(one: ev.Representation) -> dict[str, Any]:
    data = {"data": one.data} if isinstance(one, ev.Inline) else {}  # which may be null
    return {**one.model_dump(by_alias=True, exclude_none=True), **data}


def _execution_json(entry: Execution) -> dict[str, Any]:
    return _without_empty(
        queueId=entry.queue_id,
        cellId=entry.cell_id,
        state=entry.state,
        executionCount=entry.execution_count,
        requestedBy=entry.requested_by,
        group=entry.group,
        sessionId=entry.session_id,
        startedAt=entry.started_at,
        outcome=entry.outcome,
        error=entry.error,
        durationMs=entry.duration_ms,
        cancelledBy=entry.cancelled_by,
        reason=entry.reason,
    )


def _session_json(session: RuntimeSession) -> dict[str, Any]:
    return {
        "runtimeId": session.runtime_id,
        "runtimeType": session.runtime_type,
        "capabilities": session.capabilities.model_dump(by_alias=True, exclude_none=True),
        "status": session.status,
    }


def _approval_json(approval: Approval) -> dict[str, Any]:
    return _without_empty(
        request=_args_json(approval.request), response=_args_json(approval.response)
    )


def _policies_json(notebook: Notebook) -> list[dict[str, Any]]:
    """Return the policies, sorted by tool, cell and run."""
    policies = [
        _without_empty(
            tool=event.tool,
            cellId=scope.cell_id,
            runId=scope.run_id,
            policy=event.policy,
            setBy=event.set_by,
        )
        for (_, scope), event in notebook.policies.items()
    ]
    keys = ("tool", "cellId", "runId")
    return sorted(policies, key=lambda one: [(key in one, one.get(key, "")) for key in keys])


def _args_json(event: ev.Event | None) -> dict[str, Any] | None:
    args: dict[str, Any] | None = ev.to_wire(event)["args"] if event else None
    return args


def _without_empty(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, [], {})}
