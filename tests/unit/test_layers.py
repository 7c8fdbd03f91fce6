"""The check of the layers names an import that breaks one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).with_name("lint-imports")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "runt_pyodide", tmp_path / "runt_pyodide", ignore=ignored)
    return tmp_path


def check(directory: Path) -> tuple[int, str]:
    done = subprocess.run([LINT, "--no-cache"], cwd=directory, capture_output=True, text=True)
    return done.returncode, done.stdout


def add(directory: Path, module: str, line: str) -> None:
    file = directory / "runt_pyodide" / module
    file.write_text(f"{file.read_text('utf-8')}\n{line}\n", "utf-8")


def test_the_package_keeps_its_layers(copy: Path) -> None:
    code, said = check(copy)
    assert code == 0, said


@pytest.mark.parametrize(
    ("module", "line", "named"),
    [
        ("notebook/ordering.py", "from ..llm import messages", "notebook.ordering -> runt"),
        ("llm/reply.py", "from ..notebook import clock", "llm.reply -> runt"),
        ("execution/run.py", "from ..ai import rules", "execution.run -> runt"),
        ("ai/rules.py", "from .turns import loop", "ai.rules -> runt"),
        ("sql/source.py", "from ..python import packages", "sql.source -> runt"),
    ],
)
def test_what_knows_too_much_is_named(copy: Path, module: str, line: str, named: str) -> None:
    add(copy, module, line)
    code, said = check(copy)
    assert code != 0
    assert named in said


def test_a_circle_is_named(copy: Path) -> None:
    add(copy, "llm/retry.py", "from . import doctor")
    add(copy, "llm/doctor.py", "from . import retry")
    code, said = check(copy)
    assert code != 0
    assert ".retry -> .doctor" in said


def test_a_new_folder_needs_a_layer(copy: Path) -> None:
    (copy / "runt_pyodide" / "extra").mkdir()
    (copy / "runt_pyodide" / "extra" / "__init__.py").write_text("")
    code, said = check(copy)
    assert code != 0
    assert "extra" in said
