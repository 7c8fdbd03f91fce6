"""What is said of pictures that a model is not sent."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.ai.candidate import Candidate
from runt_pyodide.ai.prompt.above import Reach
from runt_pyodide.ai.prompt.cell_settings import IMAGES
from runt_pyodide.ai.prompt.context import Budget, build_context
from runt_pyodide.ai.prompt.left_out import describe_left_out
from runt_pyodide.llm.test.provider import TestProvider
from runt_pyodide.notebook import events as ev
from tests.support.notebook.logs import cell, fold, output
from tests.support.pictures import PNG, base64_of

BLIND = (
    "The model 'm' is not known to see pictures: choose one that does or, if it does, set Pictures "
    "to \"To all models\" in the advanced settings of the provider 'test' (in code: vision=True)."
)
ABOVE = f"The pictures in cells above were left out. {BLIND}"
PLOT = [cell("a", "code", "plot()"), output("display", "o", "a", data={"image/png": "iVBORw0K"})]


def told_of(*parts: Any, own: list[Any] | None = None, sees: bool = False) -> list[str]:
    """Return what is told of a prompt below these cells, with its ``own`` pictures beside it."""
    kept = ev.CellMetadataSet(cell_id="z", key=IMAGES, value=own or [])
    notebook = fold(*parts, cell("z", "ai", "What is this?"), kept)
    prompt = notebook.cells["z"]
    context = build_context(notebook, prompt, budget=Budget(100_000, 1_000), sees=sees)
    candidate = Candidate(TestProvider(), "m")
    reach = Reach.above(notebook, prompt)
    return [*describe_left_out(notebook, reach, candidate, context, sees=sees)]


def pictures(count: int) -> list[Any]:
    return [{"mediaType": "image/png", "data": base64_of(PNG)}] * count


@pytest.mark.parametrize(
    ("count", "said"), [(1, "Left out of the prompt: 1 picture."), (3, "3 pictures.")]
)
def test_the_prompt_s_own_are_counted(count: int, said: str) -> None:
    (told,) = told_of(own=pictures(count))
    assert said in told
    assert told.endswith(BLIND)


def test_nothing_is_said_where_all_was_sent() -> None:
    assert told_of(*PLOT, own=pictures(2), sees=True) == []
    assert told_of() == []


def test_those_that_cannot_be_read_are_told_of_in_any_case() -> None:
    for sees in (True, False):
        (told,) = told_of(own=[{"data": "?"}, {}], sees=sees)
        assert told.startswith("Left out of the prompt: 2 pictures. Models take PNG, JPEG, GIF")
        assert told.endswith("of at most 3 MB.")


def test_those_above_are_told_of_once_in_a_notebook() -> None:
    assert told_of(*PLOT) == [ABOVE]
    notices = {"anode": {"notices": [{"kind": "warning", "text": ABOVE}]}}
    said = output("markdown", "t", "b", data="A line.", metadata=notices)
    assert told_of(*PLOT, cell("b", "ai", "What is it?"), said) == []
    other = {"anode": {"notices": [{"kind": "warning", "text": ABOVE.replace("'m'", "'n'")}]}}
    said = output("markdown", "t", "b", data="A line.", metadata=other)
    assert told_of(*PLOT, cell("b", "ai", "What is it?"), said) == [ABOVE]
