"""Sessions of runtimes start once, and end once."""

from __future__ import annotations

from runt_pyodide.notebook import events as ev
from tests.support.notebook import logs
from tests.support.notebook.logs import (
    fold,
)


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
