"""Whether a tool may be called: decided by its policy, or by a person who is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...execution.run import Run
from ...notebook import events as ev
from ..rules import Policy
from ..tool import Tool


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's decision on a call; the model is told the reason."""

    approved: bool
    reason: str = ""


class Approvals:
    """The approvals of a run. ``policies``, by tool name, take precedence over the tool's own. Once
    a person has always allowed a tool, nobody is asked about it again in this notebook."""

    def __init__(self, run: Run, policies: Mapping[str, Policy]) -> None:
        self._notebook = run.notebook
        self._workspace = run.workspace
        self._cell_id = run.cell.id
        self._policies = policies

    def policy_of(self, tool: Tool) -> Policy:
        """Return the policy that holds for a tool now."""
        name = tool.spec.name
        policy = self._policies.get(name, tool.policy)
        return "auto" if policy == "ask" and name in self._notebook.approved_tools else policy

    async def ask(self, call_id: str, name: str, arguments: Mapping[str, Any]) -> Decision:
        """Ask a person by an event, unless one was sent before, and wait as long as it takes."""
        known = self._notebook.approvals.get(call_id)
        if known is None or known.request is None:
            request = ev.ToolApprovalRequested(
                tool_call_id=call_id,
                cell_id=self._cell_id,
                tool_name=name,
                arguments=dict(arguments),
                requested_at=self._workspace.clock.timestamp(),
            )
            self._workspace.commit([request])
        answer = await self._workspace.until(lambda: self._notebook.approvals[call_id].response)
        return Decision(answer.status != "denied", answer.reason or "")
