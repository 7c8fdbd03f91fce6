"""Exit statuses, files that cannot be read, and what is written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runt_pyodide.command_line.main import main
from runt_pyodide.ipynb.write import LOADER_ID
from tests.support.stages.asking import fresh
from tests.support.stages.python_page import Page

__all__ = ["fresh"]


@pytest.fixture(autouse=True)
def process(
    page: Page, fresh: None, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: Any
) -> Iterator[None]:
    """Leaves the process as it was."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
    yield


def code(*sources: str, **more: Any) -> str:
    cells = [
        {
            **{"cell_type": "code", "id": f"c{number}", "source": source, "outputs": []},
            **{"metadata": {"tags": ["own"]}, "execution_count": None},
        }
        for number, source in enumerate(sources)
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": more, "cells": cells})


def run(folder: Path, text: str | bytes, *told: str) -> int:
    path = folder / "in.ipynb"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return main(["run", str(path), *told])


def test_a_notebook_that_succeeds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.ipynb"
    assert run(tmp_path, code("print(40 + 2)", "6 * 7", mine=1), "-o", str(out)) == 0
    written = json.loads(out.read_text("utf-8"))
    assert written["metadata"] == {"mine": 1}
    first, second = written["cells"]
    assert first["metadata"] == {"tags": ["own"]}
    assert first["outputs"] == [{"output_type": "stream", "name": "stdout", "text": ["42\n"]}]
    assert second["outputs"][0]["data"] == {"text/plain": ["42"]}
    assert [cell["execution_count"] for cell in written["cells"]] == [1, 2]
    told = capsys.readouterr()
    assert told.out == ""
    assert f"2 cells: 2 succeeded. The notebook was written to {out}." in told.err


def test_without_an_output_nothing_is_written(tmp_path: Path) -> None:
    assert run(tmp_path, code("x = 1")) == 0
    assert os.listdir(tmp_path) == ["in.ipynb"]


def test_a_notebook_may_be_written_over(tmp_path: Path) -> None:
    assert run(tmp_path, code("6 * 7"), "-o", str(tmp_path / "in.ipynb"), "-q") == 0
    assert '"42"' in (tmp_path / "in.ipynb").read_text("utf-8")


def test_a_cell_that_fails_is_told_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.ipynb"
    assert run(tmp_path, code("print(1)", "1 / 0", "print(3)"), "-o", str(out)) == 1
    told = capsys.readouterr().err
    assert "division by zero" in told
    assert "3 cells: 1 succeeded, 1 failed, 1 not run." in told
    error = json.loads(out.read_text("utf-8"))["cells"][1]["outputs"][0]
    assert (error["ename"], error["evalue"]) == ("ZeroDivisionError", "division by zero")


@pytest.mark.parametrize(
    "source",
    [
        "while True: pass",
        "import asyncio\nawait asyncio.sleep(600)",
        "import time\ntime.sleep(600)",
        "try:\n    while True: pass\nexcept KeyboardInterrupt:\n    pass",
    ],
)
def test_a_cell_that_takes_too_long_is_stopped_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], source: str
) -> None:
    out = tmp_path / "out.ipynb"
    told = ("-o", str(out), "--timeout", "0.2")
    assert run(tmp_path, code("import asyncio, time", source, "print(1)"), *told) == 1
    assert "3 cells: 1 succeeded, 1 stopped, 1 not run." in capsys.readouterr().err
    _, stopped, left = json.loads(out.read_text("utf-8"))["cells"]
    (error,) = [one for one in stopped["outputs"] if one["output_type"] == "error"]
    assert error["ename"] == "TimeoutError"
    assert error["evalue"].startswith("The cell took longer than 0.2 s, and was stopped.")
    assert left["outputs"] == []


def test_text_alone_has_nothing_to_run(tmp_path: Path) -> None:
    cell = {"cell_type": "markdown", "id": "m", "source": "# Hi", "metadata": {}}
    file = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    assert run(tmp_path, json.dumps(file)) == 0


@pytest.mark.parametrize("loads", [True, False])
def test_a_cell_that_loads_the_extension_stays_and_none_is_added(
    tmp_path: Path, loads: bool
) -> None:
    file = json.loads(code("%%ai\nHi"))
    loader = {
        **file["cells"][0],
        **{"id": LOADER_ID, "source": "%pip install -q runt-pyodide\n%load_ext runt_pyodide"},
        "metadata": {},
    }
    file["cells"][:0] = [loader] if loads else []
    out = tmp_path / "out.ipynb"
    assert run(tmp_path, json.dumps(file), "-o", str(out), "--provider", "test") == 0
    written = [cell["id"] for cell in json.loads(out.read_text("utf-8"))["cells"]]
    assert written == [cell["id"] for cell in file["cells"]]


R = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}
BAD: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "This file is empty."),
    "null": ("null", "not a notebook: it has no list of cells"),
    "NaN": ("NaN", "not a notebook: it has no list of cells"),
    "a list": ("[]", "not a notebook: it has no list of cells"),
    "null bytes": (b"\0" * 100, "not text in UTF-8"),
    "no list of cells": ('{"nbformat": 4}', "not a notebook: it has no list of cells"),
    "no cells": (code(), "This notebook has no cells."),
    "a cell that is null": ('{"nbformat": 4, "cells": [null]}', "cell 1 is null, not a cell"),
    "marks of a merge": ("{\n<<<<<<< HEAD\n}", "the marks of a merge"),
    "cut off": (code("x")[:-20], "it is not JSON, or it is cut off"),
    "a web page": ("<!doctype html>", "a web page, not a notebook"),
    "latin-1": ('{"cells": "\xe9"}'.encode("latin-1"), "not text in UTF-8"),
    "format 9": ('{"nbformat": 9, "cells": []}', "has the format 9"),
    "nested too deep": ("[" * 200_000, "nested too deep"),
    "another language": (code("x <- 1", **R), "written in 'R', and only Python can be run"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_run_is_one_sentence_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    text, said = BAD[name]
    out = tmp_path / "out.ipynb"
    assert run(tmp_path, text, "-o", str(out)) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.startswith(str(tmp_path / "in.ipynb")) and told.count("\n") == 1
    assert not out.exists()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (["--diff"], "--diff needs the package nbdime"),
        (["-o", "nowhere/out.ipynb"], "cannot be written: no such file or directory"),
        (["--config", "none.json"], "none.json' cannot be read: no such file"),
        (["--provider", "frob"], "unknown type 'frob'"),
        (["--cassette", "none.json"], "There is no cassette"),
    ],
)
def test_what_cannot_be_used_is_told_before_anything_runs(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    told: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(tmp_path, code("open('ran', 'w')"), *told) == 2
    assert said in capsys.readouterr().err
    assert os.listdir(tmp_path) == ["in.ipynb"]


def test_what_is_odd_and_can_be_read_comes_back(tmp_path: Path) -> None:
    file = json.loads(code("x = 1"))
    file["metadata"] = {"odd": [float("nan"), None, 1e400, "\ud800"]}
    out = tmp_path / "out.ipynb"
    assert run(tmp_path, json.dumps(file), "-o", str(out), "-q") == 0
    odd = json.loads(out.read_text("utf-8"))["metadata"]["odd"]
    assert str(odd) == str(file["metadata"]["odd"])


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
@pytest.mark.parametrize("waits", ["while True: pass", "import time; time.sleep(600)"])
def test_ctrl_c_ends_it_cleanly_and_writes_what_was_done(tmp_path: Path, waits: str) -> None:
    path, out = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    # The cell itself says that it runs.
    busy = f"print('begun')\nopen('running', 'w').close()\n{waits}"
    path.write_text(code("done = 1\ndone", busy, "print('never')"), "utf-8")
    command = [sys.executable, "-m", "runt_pyodide", "run", str(path), "-o", str(out)]
    os.mkfifo(tmp_path / "running")
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    (tmp_path / "running").read_bytes()  # until it is opened and closed
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped by Ctrl+C." in told and "Traceback" not in told
    cells = json.loads(out.read_text("utf-8"))["cells"]
    assert cells[0]["outputs"][0]["data"] == {"text/plain": ["1"]}
    assert cells[1]["outputs"][0]["text"] == ["begun\n"]
    assert cells[2]["outputs"] == []
