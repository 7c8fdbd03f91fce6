"""What the wheel leaves out of the sources: no code, and no line."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from scripts.paths import ROOT
from scripts.stage_wheel import public_names, slim

SOURCES = sorted((ROOT / "runt_pyodide").rglob("*.py"))
PUBLIC = public_names((ROOT / "runt_pyodide" / "__init__.py").read_text("utf-8"))


def code_of(source: str) -> list[str]:
    """Every statement but docstrings and the stand-ins for them, with its lines."""
    statements = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt))
    return [
        f"{node.lineno} {type(node).__name__}"
        for node in statements
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_code_and_lines_stay(path: Path) -> None:
    source = path.read_text("utf-8")
    slimmed = slim(source, PUBLIC)
    compile(slimmed, path.name, "exec")
    assert code_of(slimmed) == code_of(source)
    assert len(slimmed) <= len(source)


def test_comments_and_private_docstrings_go_and_public_ones_stay() -> None:
    source = '''"""Module."""
from x import y  # why

class Shown:
    """Shown."""
    def method(self):
        """Method."""
        return "# no comment"
    def _own(self):
        """Own."""

class _Hidden:
    """Hidden."""
    # reason
    field = 1
'''
    assert (
        slim(source, {"Shown"})
        == '''
from x import y

class Shown:
    """Shown."""
    def method(self):
        """Method."""
        return "# no comment"
    def _own(self):
        ...

class _Hidden:


    field = 1
'''
    )


def test_what_help_shows_of_ask_stays() -> None:
    source = (ROOT / "runt_pyodide" / "asking" / "ask.py").read_text("utf-8")
    slimmed = slim(source, PUBLIC)
    assert "Asks a model, with the earlier exchanges" in slimmed
    assert "``returns`` is any type that pydantic" in slimmed
    assert "Say whom ``ask`` and ``%%ai`` are to ask" in slimmed
    assert "What may be said besides the prompt" not in slimmed
