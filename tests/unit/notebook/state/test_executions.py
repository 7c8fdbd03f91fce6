"""Executions: they move forward and never back."""

from __future__ import annotations

import pytest

from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.state import Notebook
from tests.support.notebook import logs
from tests.support.notebook.logs import (
    cancelled,
    completed,
    fold,
    requested,
    started,
)


def test_the_number_that_the_runtime_gives_comes_before_the_requests() -> None:
    begun = started("q").model_copy(update={"execution_count": 7})
    for log in ([requested("q"), begun], [begun, requested("q")]):
        assert fold(log).executions["q"].execution_count == 7


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
