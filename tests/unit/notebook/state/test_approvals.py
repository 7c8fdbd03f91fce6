"""What a person allowed."""

from __future__ import annotations

from typing import Any

from runt_pyodide.notebook import events as ev
from tests.support.notebook import logs
from tests.support.notebook.logs import (
    fold,
)


def test_an_approval_has_one_request_and_one_answer() -> None:
    def request(tool: str) -> ev.ToolApprovalRequested:
        return ev.ToolApprovalRequested(
            tool_call_id="t", cell_id="c", tool_name=tool, arguments={}, requested_at=logs.TIME
        )

    def response(status: Any) -> ev.ToolApprovalResponded:
        return ev.ToolApprovalResponded(
            tool_call_id="t", status=status, approved_by="me", responded_at=logs.TIME
        )

    first = (request("run"), response("denied"))
    for log in (first, first[::-1], (*first, request("other"), response("approved_always"))):
        approval = fold(*log).approvals["t"]
        assert (approval.request, approval.response) == first
