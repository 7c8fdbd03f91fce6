"""Whether a tool may be called: by its policy, or by the decision of a person who is asked."""

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
    """What a person decided on a call; the reason is for the model."""

    approved: bool
    reason: str = ""


class Approvals:
    """The approvals of a run. ``policies`` hold by a tool's name, before the tool's own. If a
    person always allows a tool, nobody is asked for it again in this notebook."""

    def __init__(self, run: Run, policies: Mapping[str, Policy]) -> None:
        self._notebook = run.notebook
        self._workspace = run.workspace
        self._cell_id = run.cell.id
        self._policies = policies

    def policy_of(self, tool: Tool) -> Policy:
        """Return what holds for a tool now."""
        name = tool.spec.name
        policy = self._policies.get(name, tool.policy)
        return "auto" if policy == "ask" and name in self._notebook.approved_tools else policy

    async def ask(self, call_id: str, name: str, arguments: Mapping[str, Any]) -> Decision:
        """Ask a person by an event, unless that was done, and wait for the answer without end."""
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
