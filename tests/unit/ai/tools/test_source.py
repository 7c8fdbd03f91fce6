"""Slips in the source that a model gives a cell."""

from __future__ import annotations

import pytest

from runt_pyodide.ai.tools.source import mend_source


@pytest.mark.parametrize(
    ("cell_type", "source", "mended"),
    [
        ("code", "```python\nx = 1\n```", "x = 1"),
        ("code", "\n~~~~\nx = 1\n\ny\n~~~~\n", "x = 1\n\ny"),
        ("sql", "```sql\nselect 1\n```", "select 1"),
        ("code", "x = 1\\nprint(x)\\n", "x = 1\nprint(x)\n"),
        ("code", "```\nx = 1\\nprint(x)\n```", "x = 1\nprint(x)"),
        ("code", 'print("a\\n")\\nprint(2)', 'print("a\\n")\nprint(2)'),
        ("code", "def f():\\n\\treturn '\\t'", "def f():\n\treturn '\\t'"),
    ],
)
def test_a_slip_is_mended_and_told(cell_type: str, source: str, mended: str) -> None:
    found, told = mend_source(cell_type, source)
    assert found == mended
    assert told


@pytest.mark.parametrize(
    "source",
    [
        "```python\nx\n```\nand\n```python\ny\n```",
        "```python\nx = 1",
        "\n~~~\nx = 1\n",
        "%%time\\nx = 1",
        "x = 1\\ny = (",
    ],
)
def test_a_slip_that_cannot_be_mended_is_told(source: str) -> None:
    found, told = mend_source("code", source)
    assert found == source
    assert told


@pytest.mark.parametrize(
    ("cell_type", "source"),
    [
        ("code", 'print("a\\nb")'),
        ("code", 's = """\n```\nx\n```\n"""'),
        ("code", "%time f('\\n')"),
        ("code", "x = 1\ny = '\\n"),
        ("markdown", "```python\nx = 1\n```"),
        ("markdown", "a\\nb"),
        ("ai", "```\nx\n```"),
        ("code", ""),
    ],
)
def test_anything_else_stays(cell_type: str, source: str) -> None:
    assert mend_source(cell_type, source) == (source, "")
