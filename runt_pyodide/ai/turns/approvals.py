"""Whether a tool may be called: decided by its policy, or by a person who is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import ApprovalError
from ...execution.run import Run
from ...json_text import canonical_json
from ...notebook import events as ev
from ..rules import Policy, Rules
from ..tool import Tool

_OTHER = (
    "What a person was asked under this call's id was another call, so this one was not made. Call "
    "it again, and they are asked about it."
)


class Approvals:
    """The approvals of a run. The policies of its ``rules`` take precedence over the tool's own,
    and what a person has set in the notebook over them, except that what the rules never allow
    stays so."""

    def __init__(self, run: Run, rules: Rules) -> None:
        self._notebook = run.notebook
        self._workspace = run.workspace
        self._cell_id = run.cell.id
        self._run_id = run.id
        self._rules = rules
        self._granted: set[tuple[str, str]] = set()

    def policy_of(self, tool: Tool) -> Policy:
        """Return the policy that holds for a tool now."""
        name = tool.spec.name
        configured = self._rules.policies.get(name, tool.policy)
        chosen = self._notebook.policy_of(name, self._cell_id, self._run_id)
        if configured == "ask" and self._rules.are_allowed:
            return "auto"
        if chosen is None or configured == "never":
            return configured
        # What counts as risky is decided where the tool is; who does not know it asks.
        return "ask" if chosen == "risky" else chosen

    def policy_for(self, tool: Tool, arguments: Mapping[str, Any]) -> Policy:
        """Return the policy that holds for a call: what a person has allowed this run does not ask
        again."""
        policy = self.policy_of(tool)
        scope = tool.scope(arguments) if policy == "ask" else None
        is_granted = scope is not None and (tool.spec.name, scope) in self._granted
        return "auto" if is_granted else policy

    def grant(self, tool: Tool, arguments: Mapping[str, Any]) -> None:
        """Note that a person has allowed this call, and with it those of the same scope."""
        if (scope := tool.scope(arguments)) is not None:
            self._granted.add((tool.spec.name, scope))

    async def ask(self, call_id: str, name: str, arguments: Mapping[str, Any]) -> str | None:
        """Ask a person by an event, unless this was done before, and wait as long as it takes.

        Return None if they allow the call, and else what the model is told. An answer counts for
        what was asked: this tool, in this cell, with these arguments. Raise ApprovalError if nobody
        can be asked.
        """
        if not self._rules.can_be_asked:
            raise ApprovalError(name, arguments)
        request = ev.ToolApprovalRequested(
            tool_call_id=call_id,
            cell_id=self._cell_id,
            tool_name=name,
            arguments=dict(arguments),
            requested_at=self._workspace.clock.timestamp(),
        )
        if call_id not in self._notebook.approvals:
            self._workspace.commit([request])
        approval = self._notebook.approvals[call_id]
        if not _is_same(approval.request, request):
            return _OTHER
        answer = await self._workspace.until(lambda: approval.response)
        if answer.status != "denied":
            return None
        reason = f" Their reason: {answer.reason}" if answer.reason else ""
        return f"The user denied this call.{reason} Do not try it again; go on without it, or ask."


def _is_same(asked: ev.ToolApprovalRequested, now: ev.ToolApprovalRequested) -> bool:
    same_call = (asked.cell_id, asked.tool_name) == (now.cell_id, now.tool_name)
    return same_call and canonical_json(asked.arguments) == canonical_json(now.arguments)
