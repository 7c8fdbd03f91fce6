"""What a run changed, as nbdime shows it: in JupyterLite's environment, which has nbdime."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

from scripts.paths import LITE_VENV, ROOT


def changes(folder: Path, source: str, outputs: list[object]) -> tuple[int, str]:
    """The exit status of a run with --diff, and what it prints."""
    cell = {
        **{"cell_type": "code", "id": "c", "source": source, "metadata": {}},
        **{"outputs": outputs, "execution_count": 1},
    }
    file = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    (folder / "in.ipynb").write_text(json.dumps(file), "utf-8")
    command = [LITE_VENV / "bin" / "python", "-m", "runt_pyodide", "run", "in.ipynb", "--diff"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(folder / "ipython")}
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)
    return done.returncode, done.stdout


def test_what_a_run_changed_is_shown(tmp_path: Path) -> None:
    told = {"output_type": "stream", "name": "stdout", "text": ["41\n"]}
    status, shown = changes(tmp_path, "print(42)", [told])
    assert status == 0
    assert re.search(r"^- +41$", shown, re.MULTILINE)
    assert re.search(r"^\+ +42$", shown, re.MULTILINE)


def test_nothing_is_shown_if_nothing_changed(tmp_path: Path) -> None:
    told = {"output_type": "stream", "name": "stdout", "text": ["42\n"]}
    assert changes(tmp_path, "print(42)", [told]) == (0, "")
