"""The notebook as a fold: cells, executions, sessions and approvals."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.state import Notebook
from tests.support.notebook import logs
from tests.support.notebook.logs import (
    cancelled,
    completed,
    delta,
    fold,
    output,
    requested,
    started,
)


def order(notebook: Notebook) -> str:
    return "".join(cell.id for cell in notebook.cells_in_order())


def test_cells_hold_what_their_events_say() -> None:
    settings = ev.AiSettingsChanged(
        cell_id="c", provider="p", model="m", settings=ev.AiSettings(temperature=1)
    )
    notebook = fold(
        logs.cell("c", "code", "x", index="b"),
        ev.CellTypeChanged(id="c", cell_type="ai"),
        ev.CellSourceVisibilityToggled(id="c", source_visible=False),
        ev.CellOutputVisibilityToggled(id="c", output_visible=False),
        ev.CellAiContextVisibilityToggled(id="c", ai_context_visible=False),
        settings,
        ev.SqlResultVariableChanged(cell_id="c", result_variable="sales", changed_by="me"),
        ev.CellMetadataSet(cell_id="c", key="tags", value=["a"]),
        ev.CellMetadataSet(cell_id="c", key="gone", value=1),
        ev.CellMetadataSet(cell_id="c", key="gone", value=None),
        ev.NotebookTitleChanged(title="T"),
        ev.NotebookMetadataSet(key="k", value="1"),
        ev.NotebookMetadataSet(key="k", value="2"),
    )
    assert asdict(notebook.cells["c"]) == {
        "id": "c",
        "cell_type": "ai",
        "fractional_index": "b",
        "created_by": "me",
        "modified_by": "me",
        "source": "x",
        "source_visible": False,
        "output_visible": False,
        "ai_context_visible": False,
        "ai": settings,
        "sql_variable": "sales",
        "metadata": {"tags": ["a"]},
    }
    assert notebook.metadata == {"title": "T", "k": "2"}


def test_what_a_notebooks_file_holds_beside_and_the_policies_of_tools() -> None:
    in_cell = ev.PolicyScope(cell_id="c")
    notebook = fold(
        ev.NotebookJsonSet(key="kernelspec", value={"name": "ir"}),
        ev.ToolPolicySet(tool="run", policy="risky", set_by="me"),
        ev.ToolPolicySet(tool="run", policy="auto", scope=in_cell, set_by="me"),
        ev.ToolPolicySet(tool="run", policy="never", scope=in_cell, set_by="me"),
    )
    assert notebook.json == {"kernelspec": {"name": "ir"}}
    policies = {where: event.policy for where, event in notebook.policies.items()}
    assert policies == {("run", ev.PolicyScope()): "risky", ("run", in_cell): "never"}


def test_the_number_that_the_runtime_gives_comes_before_the_requests() -> None:
    begun = started("q").model_copy(update={"execution_count": 7})
    for log in ([requested("q"), begun], [begun, requested("q")]):
        assert fold(log).executions["q"].execution_count == 7


def created_v1(id: str, position: float) -> ev.CellCreatedV1:
    return ev.CellCreatedV1(id=id, cell_type="code", position=position, created_by="me")


def moved(id: str, index: str) -> ev.CellMoved:
    return ev.CellMoved(id=id, fractional_index=index)


A_TO_C = [*logs.cell("c", index="c"), *logs.cell("a", index="a"), *logs.cell("b", index="b")]


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        (A_TO_C, "abc"),
        ([*A_TO_C, moved("a", "bi")], "bac"),
        ([*A_TO_C, moved("z", "0")], "abc"),
        ([*A_TO_C, ev.CellDeleted(id="b")], "ac"),
        ([*A_TO_C, moved("c", "a")], "acb"),  # equal indices: the id decides
        ([*logs.cell("x", index="Z"), *logs.cell("y", index="0")], "yx"),  # compared as bytes
        ([created_v1("y", 2), created_v1("x", 1.5), *logs.cell("z", index="a1i")], "xzy"),
        # "a" and base 36, compared as text: what old logs mean by it.
        ([created_v1("x", 36), created_v1("y", 2)], "xy"),
        ([*A_TO_C, ev.CellMovedV1(id="c", new_position=0), moved("a", "b0")], "cba"),
    ],
)
def test_the_order_of_cells(log: list[ev.Event], expected: str) -> None:
    notebook = Notebook()
    for event in log:
        notebook.apply(event)
        notebook.cells_in_order()  # what was sorted once is kept in order
    assert order(notebook) == expected == order(Notebook(log))


def test_the_cells_above_another() -> None:
    notebook = fold(A_TO_C)
    assert [cell.id for cell in notebook.cells_upward("c")] == ["b", "a"]
    assert [*notebook.cells_upward("a")] == []
    assert [notebook.place_of(one) for one in "abc"] == [0, 1, 2]
    with pytest.raises(KeyError):
        notebook.cells_upward("gone")


def test_a_second_creation_of_a_cell_is_ignored_and_a_deleted_one_stays_deleted() -> None:
    notebook = fold(logs.cell("c", "ai", "first"), created_v1("c", 9))
    assert (notebook.cells["c"].cell_type, notebook.cells["c"].source) == ("ai", "first")
    deleted = fold(
        logs.cell("c"),
        output("markdown", "o"),
        ev.CellDeleted(id="c"),
        logs.cell("c"),
        created_v1("c", 1),
        output("markdown", "late"),
        delta("d", 0, "late", text="x"),
    )
    assert (deleted.cells, deleted.outputs_of("c")) == ({}, [])
    assert (deleted.is_deleted("c"), notebook.is_deleted("c")) == (True, False)


def test_a_cell_deleted_before_it_was_created() -> None:
    notebook = fold(output("markdown", "o"), ev.CellDeleted(id="c"), logs.cell("c"))
    assert (notebook.cells, notebook.outputs_of("c")) == ({}, [])


BEGUN = [requested("q"), logs.assigned("q"), started("q")]


@pytest.mark.parametrize(
    ("log", "state", "outcome"),
    [
        (BEGUN[:1], "pending", None),
        (BEGUN[:2], "assigned", None),
        (BEGUN[:3], "executing", None),
        ([requested("q"), started("q")], "executing", None),
        ([*BEGUN, completed("q")], "completed", "success"),
        ([*BEGUN, completed("q", status="error")], "failed", "error"),
        ([*BEGUN, completed("q", status="cancelled")], "failed", "cancelled"),
        ([*BEGUN, cancelled("q")], "cancelled", None),
        ([requested("q"), cancelled("q")], "cancelled", None),
        # It never goes back.
        ([*BEGUN, logs.assigned("q", "other"), requested("q")], "executing", None),
        ([*BEGUN, started("q", session_id="other")], "executing", None),
        # Its first end stands.
        ([*BEGUN, completed("q"), cancelled("q")], "completed", "success"),
        ([*BEGUN, cancelled("q"), completed("q", status="error")], "cancelled", None),
        ([*BEGUN, completed("q"), completed("q", status="error")], "completed", "success"),
        ([*BEGUN, completed("q"), *BEGUN], "completed", "success"),
        ([*BEGUN, ev.AllExecutionsCancelled(), completed("q")], "cancelled", None),
        # Before its request.
        ([cancelled("q"), requested("q")], "cancelled", None),
        ([started("q"), requested("q")], "executing", None),
    ],
)
def test_the_state_of_an_execution(log: list[ev.Event], state: str, outcome: str | None) -> None:
    notebook = Notebook(log)
    entry = notebook.executions["q"]
    assert (entry.state, entry.outcome) == (state, outcome)
    is_open = state in ("pending", "assigned", "executing")
    assert notebook.open_executions() == ([entry] if is_open else [])
    assert notebook.next_pending() == (entry if state == "pending" else None)
    assert entry.session_id in (None, "s")


def test_a_second_request_of_one_id_changes_nothing() -> None:
    notebook = fold(requested("q", count=3), requested("q", "other", count=9))
    entry = notebook.executions["q"]
    assert (entry.cell_id, entry.execution_count, entry.requested_by) == ("c", 3, "me")


def test_a_request_that_comes_after_the_start_still_says_what_was_asked() -> None:
    entry = fold(started("q"), requested("q", count=3)).executions["q"]
    assert (entry.state, entry.execution_count, entry.requested_by) == ("executing", 3, "me")


def test_several_requests_at_once_wait_in_their_order() -> None:
    infos = [
        ev.RequestedCell(id=cell_id, execution_count=count, queue_id=queue_id)
        for cell_id, count, queue_id in [("b", 2, "q2"), ("a", 1, "q1"), ("c", 3, "q3")]
    ]
    many = ev.MultipleExecutionRequested(requested_by="me", cells_info=infos)
    notebook = fold(requested("q0"), many, started("q0"), cancelled("q2", "b"), many)
    assert [entry.queue_id for entry in notebook.open_executions()] == ["q0", "q1", "q3"]
    assert notebook.next_pending() is notebook.executions["q1"]
    assert notebook.executions["q3"].execution_count == 3


def test_all_executions_are_cancelled_that_are_open_then() -> None:
    notebook = fold(requested("q1"), completed("q1"), requested("q2"), started("q3"))
    notebook.apply(ev.AllExecutionsCancelled())
    notebook.apply(requested("q4"))
    states = {id: entry.state for id, entry in notebook.executions.items()}
    assert states == {"q1": "completed", "q2": "cancelled", "q3": "cancelled", "q4": "pending"}


def test_sessions_end_once() -> None:
    def session(id: str) -> ev.RuntimeSessionStarted:
        can = ev.Capabilities(can_execute_code=True, can_execute_sql=False, can_execute_ai=True)
        return ev.RuntimeSessionStarted(
            session_id=id, runtime_id="r", runtime_type="python", capabilities=can
        )

    notebook = fold(
        session("s1"),
        ev.RuntimeSessionStatusChanged(session_id="s1", status="ready"),
        ev.RuntimeSessionTerminated(session_id="s1", reason="displaced"),
        ev.RuntimeSessionStatusChanged(session_id="s1", status="busy"),
        session("s1"),
        session("s2"),
        ev.RuntimeSessionRenewal(session_id="s2", renewed_at=logs.TIME, valid_for_ms=30000),
        ev.RuntimeSessionStatusChanged(session_id="s3", status="ready"),
    )
    assert {id: session.status for id, session in notebook.sessions.items()} == {
        "s1": "terminated",
        "s2": "starting",
    }
    assert [session.id for session in notebook.active_sessions()] == ["s2"]


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
