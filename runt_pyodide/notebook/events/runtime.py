"""Events of runtimes: their sessions, and the executions that they work through."""

from __future__ import annotations

from typing import Any, Literal

from .model import Event, Integer, Number, Timestamp, WireModel


class Capabilities(WireModel):
    can_execute_code: bool
    can_execute_sql: bool
    can_execute_ai: bool
    available_ai_models: list[dict[str, Any]] | None = None


class RuntimeSessionStarted(Event, name="v1.RuntimeSessionStarted", by=("runtime",)):
    """Begins a session of a runtime, which takes the notebook over."""

    session_id: str
    runtime_id: str
    runtime_type: str
    capabilities: Capabilities


class RuntimeSessionStatusChanged(Event, name="v1.RuntimeSessionStatusChanged", by=("runtime",)):
    """Says what a session does."""

    session_id: str
    status: Literal["ready", "busy", "restarting"]


class RuntimeSessionRenewal(Event, name="v1.RuntimeSessionRenewal", by=("runtime",)):
    """Says that a session is alive: every 15 seconds."""

    session_id: str
    renewed_at: Timestamp
    valid_for_ms: Number


class RuntimeSessionTerminated(Event, name="v1.RuntimeSessionTerminated", by=("runtime",)):
    """Ends a session, by itself or by the one that takes over."""

    session_id: str
    reason: Literal["shutdown", "restart", "error", "timeout", "displaced"]


class ExecutionRequested(Event, name="v1.ExecutionRequested", by=("page", "runtime")):
    """Requests that a cell is run. The count is only a wish."""

    queue_id: str
    cell_id: str
    execution_count: Integer
    requested_by: str
    actor_id: str | None = None


class RequestedCell(WireModel):
    id: str
    execution_count: Integer
    queue_id: str


class MultipleExecutionRequested(Event, name="v1.MultipleExecutionRequested", by=("page",)):
    """Requests that cells are run in this order; they stop together."""

    requested_by: str
    cells_info: list[RequestedCell]


class ExecutionAssigned(Event, name="v1.ExecutionAssigned", by=("runtime",)):
    """Says that a session has taken an execution."""

    queue_id: str
    runtime_session_id: str


class ExecutionStarted(Event, name="v1.ExecutionStarted", by=("runtime",)):
    """Says that an execution has begun; ``executionCount`` is the session's own counter, the number
    of In and Out."""

    queue_id: str
    cell_id: str
    runtime_session_id: str
    started_at: Timestamp
    execution_count: Integer | None = None
    """Ours: the session's own counter. The count in a request is only a wish."""


class ExecutionCompleted(Event, name="v1.ExecutionCompleted", by=("runtime",)):
    """Ends an execution, once."""

    queue_id: str
    cell_id: str
    status: Literal["success", "error", "cancelled"]
    error: str | None = None
    completed_at: Timestamp
    execution_duration_ms: Number


class ExecutionCancelled(Event, name="v1.ExecutionCancelled", by=("page", "runtime")):
    """Stops an execution, or takes it out of the queue; ``reason`` is a sentence for the reader."""

    queue_id: str
    cell_id: str
    cancelled_by: str
    reason: str
    actor_id: str | None = None


class AllExecutionsCancelled(Event, name="v1.AllExecutionsCancelled", by=("page",)):
    """Stops all that run or wait."""
