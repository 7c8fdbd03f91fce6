"""The variables of cells that are hidden from AI."""

from __future__ import annotations

import pytest

from runt_pyodide.ai.text.hidden_cells import bound_names, hidden_lines, hidden_names
from runt_pyodide.notebook import events as ev
from tests.support.notebook.logs import cell, fold, output, requested, started
from tests.support.notebook.prompt import hidden, messages_of


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a = b = c.d = 1\n(e, [f]), *g = x", {"a", "b", "e", "f", "g"}),
        ("a: int = 1\na += 1\nif (b := 2): c = 3", {"a", "b", "c"}),
        ("def f(x):\n    global g\n    y = 1\nclass C:\n    z = 1", {"f", "g", "C"}),
        ("import os.path, json as j\nfrom x import y, z as w", {"os", "j", "y", "w"}),
        ("for i in x:\n    with a as b: pass\ntry: pass\nexcept E as e: pass", {"i", "b", "e"}),
        ("%time x = 1\n!ls\ny = 2\nz?", {"y"}),
        ("x = \ndef f(:\n  pass", {"x", "f"}),
        ("f = lambda x: (y := x)", {"f"}),
        ("print(a)", set()),
    ],
)
def test_the_names_that_a_source_binds(source: str, names: set[str]) -> None:
    assert bound_names(source) == names


def test_names_are_hidden_that_no_shown_cell_binds() -> None:
    notebook = fold(cell("a", "code", "key = 1\nx = 2"), cell("b", "code", "x = 3"), hidden("a"))
    assert hidden_names(notebook) == {"key"}
    assert hidden_names(fold(cell("a", "code", "key = 1"))) == set()


def test_names_stay_hidden_that_an_earlier_source_of_the_cell_bound() -> None:
    edited = ev.CellSourceChanged(id="a", source="other = 1", modified_by="me")
    ran = [requested("q", "a"), started("q", "a"), edited]
    assert hidden_names(fold(cell("a", "code", "key = 1"), ran, hidden("a"))) == {"key", "other"}


def test_lines_of_hidden_cells_are_left_out_of_tracebacks() -> None:
    trace = [
        '  File "Cell In[2]", line 1, in <module>',
        "    check(1)",
        '  File "Cell In[1]", line 2, in check',
        "    assert x == 'the key'",
        "----> 2     assert x == 'the key'",
        "AssertionError",
    ]
    error = output("error", "o", "b", data={"ename": "E", "evalue": "", "traceback": trace})
    code = cell("a", "code", "def check(x):\n    assert x == 'the key'")
    (message,) = messages_of(code, cell("b", "code", "check(1)"), error, hidden("a"))
    assert "the key" not in message.content
    assert "    check(1)\n" in message.content
    assert message.content.count("[a line of a cell that is hidden]") == 2
    assert hidden_lines(fold(code)) == set()
