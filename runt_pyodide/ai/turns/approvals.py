"""Who may call what: a policy for each tool, and the person who is asked where it says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ...execution.workspace import Workspace
from ...notebook import events as ev
from ...notebook.state import Notebook
from ..rules import Policy
from ..tool import Tool


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said of a call; the reason is for the model."""

    approved: bool
    reason: str = ""


class Approvals(Protocol):
    """Decides over calls."""

    def policy_of(self, tool: Tool) -> Policy: ...

    async def ask(self, call_id: str, name: str, arguments: Mapping[str, Any]) -> Decision:
        """Ask a person, and wait for the answer without end."""


class NotebookApprovals:
    """Asks by events. ``policies`` hold by a tool's name, before the tool's own; a tool that was
    approved for always is asked for no more in this notebook, unless it may never be called."""

    def __init__(
        self,
        notebook: Notebook,
        workspace: Workspace,
        cell_id: str,
        policies: Mapping[str, Policy],
    ) -> None:
        self._notebook = notebook
        self._workspace = workspace
        self._cell_id = cell_id
        self._policies = policies

    def policy_of(self, tool: Tool) -> Policy:
        name = tool.spec.name
        policy = self._policies.get(name, tool.policy)
        return "auto" if policy == "ask" and name in self._notebook.approved_tools else policy

    async def ask(self, call_id: str, name: str, arguments: Mapping[str, Any]) -> Decision:
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
