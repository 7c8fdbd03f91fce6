"""What a run reports can be read in a log, and on a terminal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from runt_pyodide.command_line.notebook_run import Result
from runt_pyodide.command_line.progress import Progress
from runt_pyodide.notebook.state import Cell, Execution, Notebook
from tests.support.notebook import logs


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def cell_of(source: str, kind: str = "code") -> Cell:
    return Notebook(logs.cell("c", source=source, cell_type=kind)).cells["c"]


def ended(outcome: str | None, error: str | None = None) -> Execution:
    started = None if outcome is None else "2026-01-01T00:00:00Z"
    return Execution("q", "c", outcome=outcome, error=error, duration_ms=1230, started_at=started)  # type: ignore[arg-type]


def told(*cells: tuple[Cell, Execution], quiet: bool = False, terminal: bool = False) -> str:
    stream = Terminal() if terminal else io.StringIO()
    progress = Progress(stream, 12, quiet=quiet)
    for number, (cell, entry) in enumerate(cells, 1):
        progress.begin(number, cell)
        progress.end(number, cell, entry)
    progress.summarize(Result(Notebook(), [entry for _, entry in cells]), Path("out.ipynb"))
    return stream.getvalue()


def test_each_cell_is_a_line_with_its_error_below() -> None:
    lines = told(
        (cell_of("x = 1\ny = 2"), ended("success")),
        (cell_of("Why?", "ai"), ended("error", "ConfigError: No key.\nSet one.")),
        (cell_of("SELECT 1", "sql"), ended(None)),
    )
    assert lines.split("\n") == [
        " 1/12  python    1.2 s  ok       x = 1",
        " 2/12  ai        1.2 s  FAILED   Why?",
        "    ConfigError: No key.",
        "    Set one.",
        " 3/12  sql       1.2 s  STOPPED  SELECT 1",
        "12 cells: 1 succeeded, 1 failed, 1 not run. The notebook was written to out.ipynb.",
        "",
    ]


def test_a_terminal_shows_the_cell_that_runs_in_the_same_line() -> None:
    first = told((cell_of("x"), ended("success")), terminal=True).split("\n")[0]
    running, _, over = first.partition("\r\x1b[K")
    assert "...      x" in running
    assert "ok       x" in over


def test_quietly_only_failures_are_told() -> None:
    assert told((cell_of("x"), ended("success")), quiet=True) == ""
    assert "FAILED   x" in told((cell_of("x"), ended("error", "no")), quiet=True)


def test_what_a_notebook_says_cannot_command_the_terminal() -> None:
    shown = told((cell_of("\x1b[2Jx"), ended("error", "\x1b]0;owned\x07")))
    assert "\x1b" not in shown and "\x07" not in shown
    assert "U+001B" in shown


@pytest.mark.parametrize("length", [1, 10_000])
def test_no_line_is_endless(length: int) -> None:
    lines = told((cell_of("x" * length), ended("error", "line\n" * length)))
    assert len(lines.split("\n")) < 20
    assert max(map(len, lines.split("\n"))) < 400
