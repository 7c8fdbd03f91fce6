"""What a model is told of how a cell last ran."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.ai.prompt.above import mark_data
from runt_pyodide.ai.text.last_run import describe_last_run
from runt_pyodide.notebook import events as ev
from tests.support.notebook.logs import (
    cancelled,
    cell,
    cleared,
    completed,
    fold,
    output,
    requested,
    started,
)
from tests.support.notebook.prompt import messages_of

SESSION = ev.RuntimeSessionStarted(
    session_id="s",
    runtime_id="r",
    runtime_type="pyodide",
    capabilities=ev.Capabilities(can_execute_code=True, can_execute_sql=True, can_execute_ai=True),
)
CELL = cell("c", "code", "x = 1")
SHOWN = output("terminal", "o", data="1")
ERROR = output("error", "e", data={"ename": "E", "evalue": "bad"})
EDITED = ev.CellSourceChanged(id="c", source="x = 2", modified_by="me")
BEGUN = [requested("q"), started("q")]
OVER = [*BEGUN, completed("q")]
WAITS = "It waits to be run again"
CANCELLED = "It was to be run again, and was cancelled before it began"
EARLIER = "; what it did and shows is of an earlier run."


@pytest.mark.parametrize(
    ("log", "told"),
    [
        ([SESSION], "It has not been run"),
        ([SESSION, SHOWN], ""),
        ([], ""),
        ([requested("q")], "It waits to be run: nothing"),
        ([SHOWN, requested("r")], f"{WAITS}{EARLIER}"),
        ([*OVER, requested("r")], f"{WAITS}{EARLIER} It ran to its end and shows no output."),
        ([*OVER, SHOWN, requested("r")], f"{WAITS}{EARLIER}"),
        ([*OVER, SHOWN, requested("r"), cancelled("r")], f"{CANCELLED}{EARLIER}"),
        (
            [*OVER, SHOWN, EDITED, requested("r"), cancelled("r")],
            f"{CANCELLED}{EARLIER} Its text was changed after it began",
        ),
        (
            [*BEGUN, SHOWN, completed("q", status="cancelled"), requested("r"), cancelled("r")],
            f"{CANCELLED}{EARLIER} It was stopped before its end",
        ),
        ([*BEGUN, SHOWN], "It is still running"),
        ([*BEGUN, SHOWN, completed("q")], ""),
        (OVER, "It ran to its end and shows no output."),
        ([*BEGUN, ERROR, completed("q", status="error", error="E: bad")], ""),
        ([*BEGUN, completed("q", status="error", error="Python ended.")], "It failed, and shows"),
        ([*BEGUN, SHOWN, completed("q", status="cancelled")], "It was stopped before its end"),
        ([*BEGUN, cancelled("q")], "It was stopped before its end"),
        ([requested("q"), cancelled("q")], "It was to be run, and was cancelled before it began."),
        ([*BEGUN, SHOWN, completed("q"), cleared()], "It ran; its outputs were cleared since."),
        (
            [*BEGUN, SHOWN, completed("q"), ev.AllOutputsCleared(cleared_by="me")],
            "It ran; its outputs were cleared since.",
        ),
        ([*BEGUN, SHOWN, cleared(), completed("q")], "It ran to its end and shows no output."),
        ([*BEGUN, SHOWN, completed("q"), EDITED], "Its text was changed after it began"),
        (
            [*BEGUN, EDITED, SHOWN],
            "It is still running; its outputs are those so far. Its text was",
        ),
        ([EDITED, *BEGUN, SHOWN, completed("q")], ""),
        ([*OVER, EDITED, *CELL[1:]], "It ran to its end and shows no output."),
        ([*OVER, SHOWN, EDITED, requested("r"), started("r"), completed("r")], ""),
    ],
)
def test_how_a_cell_last_ran(log: list[Any], told: str) -> None:
    notebook = fold(CELL, log)
    said = describe_last_run(notebook, notebook.cells["c"], notebook.outputs_of("c"))
    assert said.startswith(told) and bool(said) == bool(told)


def test_it_stands_between_the_text_and_the_outputs_and_an_error_is_data() -> None:
    failed = completed("q", status="error", error="Python ended.")
    (message,) = messages_of(CELL, BEGUN, SHOWN, failed, EDITED)
    assert message.content == (
        "A code cell:\n```python\nx = 2\n```\n\n"
        "It failed, and shows no error. Its text was changed "
        "after it began: what it did and shows is that of an earlier text.\n\n"
        f"Its error:\n{mark_data('Python ended.')}\n\nIts output:\n{mark_data('1')}"
    )


_CHANGED = "Its prompt was changed since"


def test_a_prompt_that_was_changed_since_it_was_answered() -> None:
    asked = [*cell("c", "ai", "Why?"), *OVER]
    changed = [*asked, EDITED]
    left_out = [*changed, requested("r"), cancelled("r")]
    for events, told in ((asked, ""), (changed, _CHANGED), (left_out, _CHANGED)):
        notebook = fold(events)
        said = describe_last_run(notebook, notebook.cells["c"], [])
        assert said.startswith(told) and bool(said) == bool(told)
