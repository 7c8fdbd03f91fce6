"""Events of approvals: calls that wait for a person, the answers, and the policies of tools."""

from __future__ import annotations

from typing import Any, Literal

from .model import Event, Timestamp, WireModel

ApprovalStatus = Literal["approved_once", "approved_always", "denied"]
ToolPolicy = Literal["auto", "ask", "never", "risky"]


class ToolApprovalRequested(Event, name="v1.ToolApprovalRequested", by=("runtime",)):
    """Asks a person about a call of a tool, which waits for the answer."""

    tool_call_id: str
    cell_id: str
    tool_name: str
    arguments: dict[str, Any]
    requested_at: Timestamp


class ToolApprovalResponded(Event, name="v1.ToolApprovalResponded", by=("person",)):
    """Answers: allows this call (``approved_once``), this and all later calls of the tool in the
    notebook (``approved_always``), or refuses (``denied``); a model is told the ``reason``."""

    tool_call_id: str
    status: ApprovalStatus
    approved_by: str
    responded_at: Timestamp
    reason: str | None = None


class PolicyScope(WireModel):
    """The cell or the run in which a policy holds; it holds everywhere if neither is named."""

    cell_id: str | None = None
    run_id: str | None = None


class ToolPolicySet(Event, name="v1.ToolPolicySet", by=("person",)):
    """Says whether calls of a tool run at once (``auto``), after a person has allowed each
    (``ask``; ``risky`` too, so far), or never (``never``), in a run, a cell or the notebook."""

    tool: str
    policy: ToolPolicy
    scope: PolicyScope | None = None
    set_by: str
