"""What people have allowed: the decisions on tool calls, and the policies of tools."""

from __future__ import annotations

from dataclasses import dataclass

from .. import events as ev


@dataclass(slots=True)
class Approval:
    """A call that waits for a person's decision, or has it."""

    request: ev.ToolApprovalRequested | None = None
    response: ev.ToolApprovalResponded | None = None


class Approvals:
    """The approvals of a notebook: of a call the first request and the first response count, of a
    tool the last policy."""

    def __init__(self) -> None:
        self.by_id: dict[str, Approval] = {}
        self.tools: set[str] = set()
        self.policies: dict[tuple[str, ev.PolicyScope], ev.ToolPolicySet] = {}

    def request(self, event: ev.ToolApprovalRequested) -> None:
        approval = self.by_id.setdefault(event.tool_call_id, Approval())
        approval.request = approval.request or event
        self._note_tool(approval)

    def respond(self, event: ev.ToolApprovalResponded) -> None:
        approval = self.by_id.setdefault(event.tool_call_id, Approval())
        approval.response = approval.response or event
        self._note_tool(approval)

    def set_policy(self, event: ev.ToolPolicySet) -> None:
        self.policies[event.tool, event.scope or ev.PolicyScope()] = event

    def _note_tool(self, approval: Approval) -> None:
        request, response = approval.request, approval.response
        if request and response and response.status == "approved_always":
            self.tools.add(request.tool_name)
