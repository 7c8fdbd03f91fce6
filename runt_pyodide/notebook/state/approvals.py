"""What people have allowed: the decisions on tool calls, and the policies of tools."""

from __future__ import annotations

from dataclasses import dataclass

from .. import events as ev


@dataclass(slots=True)
class Approval:
    """A call that waits for a person's decision, or has it."""

    request: ev.ToolApprovalRequested
    response: ev.ToolApprovalResponded | None = None


class Approvals:
    """The approvals of a notebook: of a call the first request counts, and the first response after
    it; of a tool the last policy in each scope."""

    def __init__(self) -> None:
        self.by_id: dict[str, Approval] = {}
        self.policies: dict[tuple[str, ev.PolicyScope], ev.ToolPolicySet] = {}

    def request(self, event: ev.ToolApprovalRequested) -> None:
        self.by_id.setdefault(event.tool_call_id, Approval(event))

    def respond(self, event: ev.ToolApprovalResponded) -> None:
        """Take an answer. One that came before its request was to something that nobody had seen:
        it does not count."""
        approval = self.by_id.get(event.tool_call_id)
        if approval is None or approval.response is not None:
            return
        approval.response = event
        if event.status == "approved_always":
            tool = approval.request.tool_name
            self.set_policy(ev.ToolPolicySet(tool=tool, policy="auto", set_by=event.approved_by))

    def set_policy(self, event: ev.ToolPolicySet) -> None:
        self.policies[event.tool, event.scope or ev.PolicyScope()] = event

    def policy_of(self, tool: str, cell_id: str, run_id: str) -> ev.ToolPolicy | None:
        """Return the policy that holds for a tool in a run of a cell; None if nobody has set one.
        That of the run takes precedence over that of the cell, and this over the notebook's."""
        for cell, run in ((cell_id, run_id), (None, run_id), (cell_id, None), (None, None)):
            event = self.policies.get((tool, ev.PolicyScope(cell_id=cell, run_id=run)))
            if event is not None:
                return event.policy
        return None
