"""Cells as a model reads them: after a run, by themselves, and as a list."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runt_pyodide.ai.text import sizes
from runt_pyodide.ai.text.cell import list_cells, report_cell, report_execution
from runt_pyodide.llm.messages import Image
from runt_pyodide.notebook.state import Notebook
from tests.support.notebook.logs import cancelled, cell, completed, fold, output, requested, started


def run(*parts: Any) -> Notebook:
    return fold(cell("c", "code", "x"), requested("q"), started("q"), *parts)


def reported(notebook: Notebook) -> dict[str, Any]:
    result = report_execution(notebook.executions["q"], notebook.outputs_of("c"))
    report: dict[str, Any] = json.loads(result.text)
    assert result.failed == (report["status"] != "success")
    return report


def test_a_run_is_told_by_its_end_and_by_where_its_outputs_went() -> None:
    picture = {"image/png": "aVZC", "text/plain": "<Figure>"}
    notebook = run(
        output("terminal", "a", data="one\n", position=0),
        output("display", "b", data=picture, position=1),
        output("markdown", "d", data="**m**", position=2),
        output("terminal", "e", data="two\n", position=3),
        output("result", "f", data={"text/plain": "3"}, position=4),
        completed("q"),
    )
    assert reported(notebook) == {
        "status": "success",
        "duration_ms": 1,
        "stdout": "one\ntwo",
        "result": "3",
        "displays": ["<Figure>", "**m**"],
    }
    result = report_execution(notebook.executions["q"], notebook.outputs_of("c"))
    assert result.images == (Image("image/png", "aVZC"),)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (
            [
                output("error", "e", data={"ename": "E", "evalue": "no", "traceback": ["E: no"]}),
                completed("q", status="error", error="E: no"),
            ],
            {"error": {"name": "E", "message": "no", "traceback": "E: no"}},
        ),
        ([completed("q", status="error", error="Gone.")], {"error": {"message": "Gone."}}),
    ],
)
def test_a_failure_is_told_with_its_error(parts: list[Any], told: dict[str, Any]) -> None:
    assert reported(run(*parts)) == {"status": "error", "duration_ms": 1, **told}


def test_a_stop_is_a_person_s() -> None:
    report = reported(run(cancelled("q")))
    assert report == {"status": "cancelled", "note": "A person stopped the cell."}


def test_what_is_long_is_cut_and_counted() -> None:
    report = reported(run(output("terminal", "a", data="x" * 10_000), completed("q")))
    assert report["left_out"] == 4_000
    assert "characters left out" in report["stdout"]
    notebook = fold(cell("c", "code", "x" * 100_000), output("terminal", "a", data="y" * 10_000))
    told = json.loads(report_cell(notebook.cells["c"], notebook.outputs_of("c")).text)
    assert (told["id"], told["type"], told["left_out"]) == ("c", "code", 44_000)


def test_a_cell_is_told_with_what_it_shows() -> None:
    notebook = fold(cell("c", "code", "x"), output("result", "a", data={"text/plain": "1"}))
    told = json.loads(report_cell(notebook.cells["c"], notebook.outputs_of("c")).text)
    assert told == {"id": "c", "type": "code", "source": "x", "result": "1"}


@pytest.mark.parametrize(
    ("start", "limit", "told"),
    [
        (
            0,
            9,
            ["0. a code: x = 1", "1. ai ai (the cell that you answer): Why?", "2. c raw: (empty)"],
        ),
        (0, 1, ["0. a code: x = 1", "2 more: call again with start=1."]),
        (2, 9, ["2. c raw: (empty)"]),
        (3, 9, ["There are 3 cells, none from 3 on."]),
    ],
)
def test_the_list_of_cells_in_parts(
    monkeypatch: pytest.MonkeyPatch, start: int, limit: int, told: list[str]
) -> None:
    monkeypatch.setattr(sizes, "LISTED_CELLS", limit)
    source = "\n  x = 1\ny = 2"
    notebook = fold(
        cell("a", "code", source, "a"), cell("ai", "ai", "Why?", "b"), cell("c", "raw", " \n", "c")
    )
    listed = list_cells([*notebook.cells_in_order()], start, "ai")
    assert listed.split("\n") == told
