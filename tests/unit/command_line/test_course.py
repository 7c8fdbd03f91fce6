"""The notebook of a course, by the command line, shows what it shows in the page and in
JupyterLite: tests/browser/test_course.py and tests/jupyter/test_course.py compare with the same
file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from runt_pyodide.command_line.main import main
from runt_pyodide.ipynb import read_ipynb
from runt_pyodide.notebook.state import Notebook
from tests.support import course
from tests.support.stages.asking import fresh
from tests.support.stages.python_page import Page

__all__ = ["fresh"]


@pytest.fixture(autouse=True)
def process(page: Page, fresh: None) -> Iterator[None]:
    """Leaves the process as it was."""
    yield


def run(folder: Path, *told: str) -> tuple[int, Notebook]:
    """The exit status, and the notebook that was written."""
    out = folder / "out.ipynb"
    status = main(["run", str(course.NOTEBOOK), "-o", str(out), "--allow", "weather", *told])
    numbers = iter(range(1000))
    return status, Notebook(read_ipynb(out.read_text("utf-8"), "me", lambda: f"id-{next(numbers)}"))


def test_each_cell_shows_what_is_expected(tmp_path: Path) -> None:
    status, notebook = run(tmp_path, "--provider", "test", "--cassette", str(course.CASSETTE))
    assert status == 1  # the last cell shows an error
    assert course.describe_notebook(notebook) == course.expected()


def test_a_recording_is_played(tmp_path: Path) -> None:
    cassette = tmp_path / "new.json"
    told = ("--cassette", str(cassette))
    recorded = run(tmp_path, "--config", str(course.SCRIPTED), *told, "--record")
    assert len(json.loads(cassette.read_text("utf-8"))["turns"]) == 3
    played = run(tmp_path, "--provider", "test", *told)
    assert recorded[0] == played[0] == 1
    assert course.describe_notebook(recorded[1]) == course.describe_notebook(played[1])


def test_what_was_not_recorded_fails_its_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cassette = tmp_path / "empty.json"
    cassette.write_text('{"version": 1, "provider": "test", "turns": []}', "utf-8")
    status, _ = run(tmp_path, "--provider", "test", "--cassette", str(cassette))
    assert status == 1
    assert "cassette" in capsys.readouterr().err
