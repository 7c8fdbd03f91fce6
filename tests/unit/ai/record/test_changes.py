"""The record of what a run did to cells."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from runt_pyodide.ai.record.changes import Change, OwnSettings, Snapshot, create_cell
from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.events import AiSettings
from tests.support.notebook.logs import cell, fold

CELL = Snapshot("code", "x", "b", True, False, True).to_json()


@pytest.mark.parametrize(
    "spoilt",
    [
        {"kind": "modified", "cell_id": "a", "before": {**CELL, "source": 1}, "after": CELL},
        {"kind": "modified", "cell_id": "a", "after": CELL},
        {"kind": "deleted", "cell_id": "a", "before": CELL, "after": CELL},
        {"kind": "created", "cell_id": "a", "before": CELL, "after": CELL},
        {"kind": "created", "cell_id": "a"},
        {"kind": "deleted", "cell_id": ["a"], "before": CELL},
        {"kind": "eaten", "cell_id": "a", "before": CELL},
    ],
)
def test_half_a_change_is_none(spoilt: object) -> None:
    """A modification whose first half is spoilt would be undone as a creation: by a deletion."""
    assert Change.read(spoilt) is None


def test_a_change_is_read_as_it_was_written() -> None:
    snapshot = Snapshot("code", "x", "b", True, False, True)
    settings = OwnSettings("p", "m", AiSettings(temperature=1))
    changed = replace(snapshot, source="y", ai=settings)
    for change in (
        Change("created", "a", None, snapshot),
        Change("modified", "a", snapshot, changed),
        Change("deleted", "a", changed, None),
    ):
        assert Change.read(json.loads(json.dumps(change.to_json()))) == change


@pytest.mark.parametrize(
    "more",
    [
        [],
        [ev.CellSourceVisibilityToggled(id="a", source_visible=False)],
        [ev.CellOutputVisibilityToggled(id="a", output_visible=False)],
        [ev.CellAiContextVisibilityToggled(id="a", ai_context_visible=False)],
        [
            ev.AiSettingsChanged(
                cell_id="a", provider="p", model="m", settings=AiSettings(max_tokens=5)
            )
        ],
        [ev.SqlResultVariableChanged(cell_id="a", result_variable="", changed_by="me")],
        [
            ev.CellMetadataSet(cell_id="a", key="tags", value=["x", None]),
            ev.CellMetadataSet(cell_id="a", key="no", value=False),
        ],
    ],
)
def test_a_cell_that_is_made_of_a_snapshot_is_as_it_was(more: list[ev.Event]) -> None:
    notebook = fold(cell("a", "ai", "Why?", index="c"), more)
    snapshot = Snapshot.of(notebook.cells["a"], whole=True)
    copied = fold(snapshot.create("copy", "me"))
    assert Snapshot.of(copied.cells["copy"], whole=True).to_json() == snapshot.to_json()
    assert Snapshot.read(snapshot.to_json()) == snapshot


def test_what_no_run_changes_does_not_keep_it_from_being_undone() -> None:
    notebook = fold(cell("a", "sql", "SELECT 1"))
    before = Snapshot.of(notebook.cells["a"])
    notebook.apply(ev.CellMetadataSet(cell_id="a", key="tags", value=["x"]))
    notebook.apply(ev.SqlResultVariableChanged(cell_id="a", result_variable="n", changed_by="me"))
    assert Snapshot.of(notebook.cells["a"], whole=True) == before


def test_an_empty_cell_is_one_event() -> None:
    (created,) = create_cell("a", "code", "", "c", "me")
    assert isinstance(created, ev.CellCreated)
