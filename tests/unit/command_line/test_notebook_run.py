"""The cells of a notebook run in CPython as they do on the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runt_pyodide import AIConfig
from runt_pyodide.command_line.notebook_run import Plan, Result, run_cells, working_in
from runt_pyodide.errors import ApprovalError
from runt_pyodide.ipynb import read_ipynb
from runt_pyodide.notebook.state import Cell, Execution
from tests.support.same_outputs import describe
from tests.support.stages.asking import fresh
from tests.support.stages.python_page import Page

__all__ = ["fresh"]

TOOL = '''from runt_pyodide import tool

@tool
def weather(city: str) -> str:
    """The weather of a city."""
    return f"Sunny in {city}"
'''
CALL = {"toolCalls": [{"name": "weather", "arguments": {"city": "Bern"}}]}
RESPONSE = {"pattern": "", "turns": [CALL, {"text": "Sun."}]}
CONFIG = {"providers": {"test": {"responses": [RESPONSE]}}}


class Notes:
    """What a run told."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.ended: list[tuple[int, str | None]] = []

    def begin(self, number: int, cell: Cell) -> None:
        self.begun.append(number)

    def end(self, number: int, cell: Cell, entry: Execution) -> None:
        self.ended.append((number, entry.outcome))


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture(autouse=True)
def process(page: Page, fresh: None) -> Iterator[None]:
    """Leaves the process as it was."""
    yield


async def run(notes: Notes, *sources: str, **plan: Any) -> Result:
    cells = [
        {"cell_type": "code", "id": f"c{number}", "source": source, "metadata": {}, "outputs": []}
        for number, source in enumerate(sources)
    ]
    file = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    numbers = iter(range(1000))
    events = read_ipynb(json.dumps(file), "me", lambda: f"id-{next(numbers)}")
    config = AIConfig.read(plan.pop("config", CONFIG))
    return await run_cells(events, Plan(config, **plan), notes)


def printed(result: Result, cell: str) -> str:
    return "".join(one.text for one in result.notebook.outputs_of(cell))


async def test_python_sql_and_ai_cells_share_what_they_make(notes: Notes) -> None:
    result = await run(
        notes,
        TOOL,
        "rows = [{'n': 1}, {'n': 41}]",
        "%%sql -> total\nSELECT sum(n) AS n FROM rows",
        "print(total[0]['n'])",
        "%%ai -> said\nWeather?",
        "said",
        allowed=["weather"],
    )
    assert [entry.error for entry in result.entries] == [None] * 6
    assert notes.ended == [(number, "success") for number in range(1, 7)]
    assert printed(result, "c3") == "42\n"
    (shown,) = result.notebook.outputs_of("c5")
    assert shown.bundle["text/plain"].data == "'Sun.'"  # type: ignore[union-attr]
    assert not result.has_failed


async def test_below_a_cell_that_failed_nothing_runs(notes: Notes) -> None:
    result = await run(notes, "1 / 0", "print(1)")
    assert notes.begun == [1]
    assert [entry.outcome for entry in result.entries] == ["error", None]
    assert result.entries[1].reason == "Not run: a cell above failed."
    assert result.has_failed


async def test_it_keeps_going_if_it_shall(notes: Notes) -> None:
    result = await run(notes, "1 / 0", "print(1)", keeps_going=True)
    assert notes.ended == [(1, "error"), (2, "success")]
    assert printed(result, "c1") == "1\n"


@pytest.mark.parametrize("allowed", [["weather"], ["all"], ["other", "weather"]])
async def test_a_tool_that_asks_runs_if_it_is_allowed(notes: Notes, allowed: list[str]) -> None:
    result = await run(notes, TOOL, "%%ai\nWeather?", allowed=allowed)
    assert not result.has_failed


async def test_what_the_configuration_never_allows_stays_so(notes: Notes) -> None:
    config = {**CONFIG, "tools": {"weather": "never"}}
    result = await run(notes, TOOL, "%%ai\nWeather?", config=config, allowed=["all"])
    assert "do not allow this tool" in str(describe(result.notebook.outputs_of("c1")))


async def test_a_tool_that_asks_fails_its_cell_which_says_how_to_allow_it(notes: Notes) -> None:
    result = await run(notes, TOOL, "%%ai\nWeather?")
    assert result.entries[1].outcome == "error"
    assert str(ApprovalError("weather", {})) in (result.entries[1].error or "")
    assert "--allow weather" in (result.entries[1].error or "")


async def test_no_answer_is_made_up_without_a_key(notes: Notes) -> None:
    config = {"defaultProvider": "openai", "providers": {"openai": {"model": "m"}}}
    result = await run(notes, "%%ai\nHi", config=config)
    assert "no API key" in (result.entries[0].error or "")
    assert "OPENAI_API_KEY" in (result.entries[0].error or "")


def test_files_are_found_beside_the_notebook(tmp_path: Path) -> None:
    before = Path.cwd()
    (tmp_path / "beside_the_notebook.py").write_text("value = 1", "utf-8")
    with working_in(tmp_path):
        assert Path.cwd() == tmp_path
        import beside_the_notebook  # type: ignore[import-not-found]

        assert beside_the_notebook.value == 1
    assert Path.cwd() == before
