"""The variables of cells that are hidden from AI."""

from __future__ import annotations

import time

import pytest

from runt_pyodide.ai.text import sizes
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
        ("f = lambda x: (y := x)", {"f"}),
        ("print(a)", set()),
    ],
)
def test_the_names_that_a_source_binds(source: str, names: set[str]) -> None:
    assert {*(bound_names(source) or ())} == names


NAMES = ("a", "b", "c", "key", "other", "x", "y")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("key = 1\nx = 2", {"key"}),
        ("files = !ls\nkey, other = 1, 2\nprint(x)", {"key", "other"}),
        ("%time key = 1\nother = y", {"key", "other"}),
        ("key = 1\n" + "# y\n" * (sizes.PARSED // 4), {"key", "y"}),
    ],
    ids=["Python", "no Python", "a magic", "long"],
)
def test_names_are_hidden_that_a_hidden_cell_may_bind_and_no_shown_one_does(
    source: str, names: set[str]
) -> None:
    notebook = fold(cell("a", "code", source), cell("b", "code", "x = 3"), hidden("a"))
    assert hidden_names(notebook, NAMES) == names
    assert hidden_names(fold(cell("a", "code", source)), NAMES) == set()


@pytest.mark.parametrize("source", ["%time key = 3", "!ls\nkey = !ls", "key = 3\n" * 40_000])
def test_a_shown_cell_of_which_it_cannot_be_told_shows_nothing(source: str) -> None:
    notebook = fold(cell("a", "code", "key = 1"), cell("b", "code", source), hidden("a"))
    assert hidden_names(notebook, NAMES) == {"key"}


def test_answers_of_hidden_cells_are_hidden() -> None:
    query = ev.SqlResultVariableChanged(cell_id="s", result_variable="key", changed_by="me")
    asking = ev.CellMetadataSet(cell_id="p", key="asking", value={"name": "other"})
    told = [cell("s", "sql", "select 1"), query, cell("p", "ai", "Hi"), asking]
    assert hidden_names(fold(*told, hidden("s"), hidden("p")), NAMES) == {"key", "other"}
    assert hidden_names(fold(*told, cell("q"), hidden("q")), NAMES) == set()
    assert hidden_names(fold(*told, cell("q", "code", "key = 1"), hidden("q")), NAMES) == set()


def test_names_stay_hidden_that_an_earlier_source_of_the_cell_bound() -> None:
    edited = ev.CellSourceChanged(id="a", source="other = 1", modified_by="me")
    ran = [requested("q", "a"), started("q", "a"), edited]
    notebook = fold(cell("a", "code", "key = 1"), ran, hidden("a"))
    assert hidden_names(notebook, NAMES) == {"key", "other"}


def test_what_a_hidden_cell_has_bound_stays_hidden_once_it_is_deleted() -> None:
    ran = [requested("q", "a"), started("q", "a")]
    told = [cell("a", "code", "key = 1"), ran, hidden("a"), ev.CellDeleted(id="a")]
    assert hidden_names(fold(*told), NAMES) == {"key"}
    assert "key = 1" in hidden_lines(fold(*told))
    shown = ev.CellAiContextVisibilityToggled(id="a", ai_context_visible=True)
    assert hidden_names(fold(*told[:3], shown, told[3]), NAMES) == set()


def test_two_megabytes_take_little_time_and_memory() -> None:
    source = "".join(f"x{n}=1\n" for n in range(200_000))
    notebook = fold(cell("a", "code", source), cell("b", "code", source + "y=2"), hidden("a"))
    began = time.process_time()
    assert hidden_names(notebook, ["x7", "x199999", "y", "z"]) == {"x7", "x199999"}
    lines = hidden_lines(notebook)
    assert "x199999=1" in lines and "z=1" not in lines and "" not in lines
    assert time.process_time() - began < 5


def test_lines_of_hidden_cells_are_left_out_of_tracebacks() -> None:
    trace = [
        '  File "Cell In[2]", line 1, in <module>',
        "    check(1)",
        '  File "Cell In[1]", line 2, in check',
        "    assert x == 'the key'",
        "----> 2     assert x == 'the key'",
        "AssertionError",
    ]
    shown = {"ename": "E", "evalue": "", "traceback": trace}
    raised = output("error", "o", "b", data=shown)
    printed = output("terminal", "o", "b", data="\n".join(trace))
    for told in (raised, printed):
        code = cell("a", "code", "def check(x):\n    assert x == 'the key'")
        (message,) = messages_of(code, cell("b", "code", "check(1)"), told, hidden("a"))
        assert "the key" not in message.content
        assert "    check(1)\n" in message.content
        assert message.content.count("[a line of a cell that is hidden]") == 2
        assert not hidden_lines(fold(code))
