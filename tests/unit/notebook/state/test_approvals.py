"""What a person allowed."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.notebook import events as ev
from tests.support.notebook import logs
from tests.support.notebook.logs import fold


def request(tool: str = "run", call_id: str = "t") -> ev.ToolApprovalRequested:
    return ev.ToolApprovalRequested(
        tool_call_id=call_id, cell_id="c", tool_name=tool, arguments={}, requested_at=logs.TIME
    )


def answer(status: Any, call_id: str = "t") -> ev.ToolApprovalResponded:
    return ev.ToolApprovalResponded(
        tool_call_id=call_id, status=status, approved_by="me", responded_at=logs.TIME
    )


def test_an_approval_has_one_request_and_one_answer() -> None:
    first = (request(), answer("denied"))
    for log in (first, (*first, request("other"), answer("approved_always"))):
        approval = fold(*log).approvals["t"]
        assert (approval.request, approval.response) == first


def test_an_answer_that_came_before_its_request_does_not_count() -> None:
    early = fold(answer("approved_always"), answer("approved_once"), request())
    assert early.approvals["t"].response is None
    assert early.policies == {}
    early.apply(answer("denied"))
    assert early.approvals["t"].response == answer("denied")


def test_what_is_approved_for_good_is_a_policy_and_can_be_taken_back() -> None:
    notebook = fold(request(), answer("approved_always"))
    assert notebook.policy_of("run", "any cell", "any run") == "auto"
    assert notebook.policy_of("other", "any cell", "any run") is None
    notebook.apply(ev.ToolPolicySet(tool="run", policy="ask", set_by="me"))
    assert notebook.policy_of("run", "any cell", "any run") == "ask"


@pytest.mark.parametrize(
    ("scope", "holds_in"),
    [
        ({}, {("c", "r"), ("c", "s"), ("d", "r")}),
        ({"cell_id": "c"}, {("c", "r"), ("c", "s")}),
        ({"run_id": "r"}, {("c", "r"), ("d", "r")}),
        ({"cell_id": "c", "run_id": "r"}, {("c", "r")}),
    ],
)
def test_a_policy_holds_in_its_scope_and_nowhere_else(
    scope: dict[str, str], holds_in: set[tuple[str, str]]
) -> None:
    policy = ev.ToolPolicySet(tool="run", policy="auto", scope=ev.PolicyScope(**scope), set_by="me")
    notebook = fold(policy)
    places = [("c", "r"), ("c", "s"), ("d", "r"), ("d", "s")][: 3 if not scope else 4]
    found = {place for place in places if notebook.policy_of("run", *place) == "auto"}
    assert found == holds_in


def test_the_policy_that_is_nearest_to_the_run_holds() -> None:
    scopes = [{}, {"cell_id": "c"}, {"run_id": "r"}, {"cell_id": "c", "run_id": "r"}]
    policies: list[Any] = ["auto", "ask", "never", "risky"]
    notebook = fold(
        *(
            ev.ToolPolicySet(tool="run", policy=policy, scope=ev.PolicyScope(**scope), set_by="me")
            for policy, scope in zip(policies, scopes, strict=True)
        )
    )
    asked = [("d", "s"), ("c", "s"), ("d", "r"), ("c", "r")]
    assert [notebook.policy_of("run", *place) for place in asked] == policies
