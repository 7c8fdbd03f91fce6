"""What a model is told of cells above that have changed, or are not whole. How they fit a window is
in test_context.py."""

from __future__ import annotations

import pytest

from runt_pyodide.notebook import events as ev
from tests.support.notebook.logs import cell, completed, fold, output, requested, started
from tests.support.notebook.prompt import PROMPT, context_of, messages_of
from tests.support.pictures import PNG, base64_of

RAN = [
    requested("q", "e"),
    started("q", "e"),
    output("markdown", "e1", "e", data="Because."),
    completed("q", "e"),
]
PICTURE = f"![a](data:image/png;base64,{base64_of(PNG + bytes(99))})"


def changed(source: str) -> ev.CellSourceChanged:
    return ev.CellSourceChanged(id="e", source=source, modified_by="me")


@pytest.mark.parametrize("ending", ["cancelled", "length", "content_filter", "error"])
def test_an_answer_that_is_not_whole_is_told_as_half(ending: str) -> None:
    half = {"anode": {"run_id": "q", "iteration": 1, "finish_reason": ending}}
    asked, answer = messages_of(
        cell("e", "ai", "Why?"), output("markdown", "e1", "e", data="Beca", metadata=half)
    )
    assert asked.content == "Why?"
    assert answer.content.startswith("Beca\n\n[") and "answer" in answer.content


CHANGED = "[This prompt was changed since; the answer is to the text above. It reads now:]"
DELETED = "[The text of this prompt was deleted since; the answer is to what it was.]"


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ("Why?", "Why?", "Why?"),
        ("Why?", "How?", f"Why?\n\n{CHANGED}\nHow?"),
        ("Why?", " \n", f"Why?\n\n{DELETED}"),
        (f"Why? {PICTURE}", f"Why? {PICTURE}", "Why? ![a](picture-1)"),
        (f"Why? {PICTURE}", "How?", f"Why? ![a](picture-1)\n\n{CHANGED}\nHow?"),
    ],
)
def test_a_prompt_that_was_changed_after_its_run_is_told_so(
    before: str, now: str, told: str
) -> None:
    asked, answer = messages_of(cell("e", "ai", before), RAN, changed(now))
    assert [asked.content, answer.content] == [told, "Because."]


@pytest.mark.parametrize("cell_type", ["code", "sql", "ai", "markdown"])
def test_a_cell_that_shows_something_is_told_of_though_its_text_is_gone(
    cell_type: ev.CellType,
) -> None:
    assert messages_of(cell("e", cell_type, ""), requested("q", "e")) == []
    told = [one.content for one in messages_of(cell("e", cell_type, "x = 1"), RAN, changed(""))]
    if cell_type == "markdown":
        assert told == []
    elif cell_type == "ai":
        assert told == [f"x = 1\n\n{DELETED}", "Because."]
    else:
        assert "Its text was changed after it began" in told[0]
        assert "Because." in told[0]


def test_what_was_told_of_a_changed_prompt_is_what_the_model_has_seen() -> None:
    notebook = fold(cell("e", "ai", "Why?"), RAN, changed("How?"), PROMPT)
    assert context_of(notebook).seen["e"] == "How?"
