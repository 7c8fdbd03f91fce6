"""Cells and their order."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.state import Notebook
from tests.support.notebook import logs
from tests.support.notebook.logs import (
    delta,
    fold,
    output,
)


def order(notebook: Notebook) -> str:
    return "".join(cell.id for cell in notebook.cells_in_order())


def test_cells_hold_what_their_events_say() -> None:
    settings = ev.AiSettingsChanged(
        cell_id="c", provider="p", model="m", settings=ev.AiSettings(temperature=1)
    )
    notebook = fold(
        logs.cell("c", "code", "x", index="b"),
        ev.CellTypeChanged(id="c", cell_type="ai"),
        ev.CellSourceVisibilityToggled(id="c", source_visible=False),
        ev.CellOutputVisibilityToggled(id="c", output_visible=False),
        ev.CellAiContextVisibilityToggled(id="c", ai_context_visible=False),
        settings,
        ev.SqlResultVariableChanged(cell_id="c", result_variable="sales", changed_by="me"),
        ev.CellMetadataSet(cell_id="c", key="tags", value=["a"]),
        ev.CellMetadataSet(cell_id="c", key="gone", value=1),
        ev.CellMetadataSet(cell_id="c", key="gone", value=None),
        ev.NotebookTitleChanged(title="T"),
        ev.NotebookMetadataSet(key="k", value="1"),
        ev.NotebookMetadataSet(key="k", value="2"),
    )
    assert asdict(notebook.cells["c"]) == {
        "id": "c",
        "cell_type": "ai",
        "fractional_index": "b",
        "created_by": "me",
        "modified_by": "me",
        "source": "x",
        "source_visible": False,
        "output_visible": False,
        "ai_context_visible": False,
        "ai": settings,
        "sql_variable": "sales",
        "metadata": {"tags": ["a"]},
    }
    assert notebook.metadata == {"title": "T", "k": "2"}


def created_v1(id: str, position: float) -> ev.CellCreatedV1:
    return ev.CellCreatedV1(id=id, cell_type="code", position=position, created_by="me")


def moved(id: str, index: str) -> ev.CellMoved:
    return ev.CellMoved(id=id, fractional_index=index)


A_TO_C = [*logs.cell("c", index="c"), *logs.cell("a", index="a"), *logs.cell("b", index="b")]


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        (A_TO_C, "abc"),
        ([*A_TO_C, moved("a", "bi")], "bac"),
        ([*A_TO_C, moved("z", "0")], "abc"),
        ([*A_TO_C, ev.CellDeleted(id="b")], "ac"),
        ([*A_TO_C, moved("c", "a")], "acb"),  # equal indices: the id decides
        ([*logs.cell("x", index="Z"), *logs.cell("y", index="0")], "yx"),  # compared as bytes
        ([created_v1("y", 2), created_v1("x", 1.5), *logs.cell("z", index="a1i")], "xzy"),
        # "a" and base 36, compared as text: what old logs mean by it.
        ([created_v1("x", 36), created_v1("y", 2)], "xy"),
        ([*A_TO_C, ev.CellMovedV1(id="c", new_position=0), moved("a", "b0")], "cba"),
    ],
)
def test_the_order_of_cells(log: list[ev.Event], expected: str) -> None:
    notebook = Notebook()
    for event in log:
        notebook.apply(event)
        notebook.cells_in_order()  # what was sorted once is kept in order
    assert order(notebook) == expected == order(Notebook(log))


def test_the_cells_above_another() -> None:
    notebook = fold(A_TO_C)
    assert [cell.id for cell in notebook.cells_upward("c")] == ["b", "a"]
    assert [*notebook.cells_upward("a")] == []
    assert [notebook.place_of(one) for one in "abc"] == [0, 1, 2]
    with pytest.raises(KeyError):
        notebook.cells_upward("gone")


def test_a_second_creation_of_a_cell_is_ignored_and_a_deleted_one_stays_deleted() -> None:
    notebook = fold(logs.cell("c", "ai", "first"), created_v1("c", 9))
    assert (notebook.cells["c"].cell_type, notebook.cells["c"].source) == ("ai", "first")
    deleted = fold(
        logs.cell("c"),
        output("markdown", "o"),
        ev.CellDeleted(id="c"),
        logs.cell("c"),
        created_v1("c", 1),
        output("markdown", "late"),
        delta("d", 0, "late", text="x"),
    )
    assert (deleted.cells, deleted.outputs_of("c")) == ({}, [])
    assert (deleted.is_deleted("c"), notebook.is_deleted("c")) == (True, False)


def test_a_cell_deleted_before_it_was_created() -> None:
    notebook = fold(output("markdown", "o"), ev.CellDeleted(id="c"), logs.cell("c"))
    assert (notebook.cells, notebook.outputs_of("c")) == ({}, [])
