"""The outputs of a notebook: how they are added, grow, change and are removed."""

from __future__ import annotations

from typing import Any

from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.state import Notebook
from tests.support.notebook.logs import bundle, cleared, delta, fold, output


def texts(notebook: Notebook, cell_id: str = "c") -> list[str]:
    return [output.text for output in notebook.outputs_of(cell_id)]


def test_outputs_stand_by_position_and_come_and_go_with_the_clears() -> None:
    notebook = fold(
        output("markdown", "b", data="b", position=1),
        output("terminal", "z", data="z", position=0),
        output("markdown", "a", data="a", position=1),
        output("markdown", "other", "other", data="other"),
    )
    assert texts(notebook) == ["z", "a", "b"]
    notebook.apply(output("markdown", "a", data="a second creation"))
    assert texts(notebook) == ["z", "a", "b"]
    notebook.apply(cleared())
    notebook.apply(output("markdown", "a", data="what is cleared stays so"))
    notebook.apply(delta("d", 0, "a", text="and its deltas"))
    assert (texts(notebook), texts(notebook, "other")) == ([], ["other"])
    notebook.apply(output("markdown", "n", data="new"))
    notebook.apply(ev.AllOutputsCleared(cleared_by="me"))
    assert (texts(notebook), texts(notebook, "other")) == ([], [])


def test_a_clear_that_waits_clears_at_the_next_output() -> None:
    notebook = fold(output("markdown", "a", data="a"), cleared(wait=True))
    notebook.apply(delta("d", 0, "a", text="+"))
    notebook.apply(output("markdown", "a", data="its echo"))
    notebook.apply(output("markdown", "x", "other"))
    assert texts(notebook) == ["a+"]
    notebook.apply(output("markdown", "b", data="b"))
    notebook.apply(output("markdown", "c", data="c"))
    assert texts(notebook) == ["b", "c"]


def test_a_clear_makes_an_earlier_one_that_waits_needless() -> None:
    notebook = fold(cleared(wait=True), cleared(), output("markdown", "a"), output("markdown", "b"))
    assert len(notebook.outputs_of("c")) == 2


def test_deltas_of_every_kind_and_before_their_output() -> None:
    notebook = fold(
        ev.MarkdownOutputAppended(id="d2", output_id="o", delta="d", sequence_number=2),
        delta("d0", 0, text="b"),
        delta("d0", 0, text="its echo"),
        output("markdown", "o", data="a"),
        ev.TerminalOutputAppended(id="d1", output_id="o", delta="c", sequence_number=1),
        delta("d2", 2, text="its echo"),
    )
    assert texts(notebook) == ["abcd"]


def test_an_update_changes_every_display_of_its_id_that_is_there() -> None:
    def display(id: str, cell_id: str, display_id: str | None) -> Any:
        return output("display", id, cell_id, data={"text/plain": id}, display_id=display_id)

    notebook = fold(
        display("o1", "c", "x"),
        display("o2", "c", "y"),
        display("o3", "c", None),
        display("o4", "b", "x"),
        display("o5", "gone", "x"),
        cleared("gone"),
        ev.MultimediaDisplayOutputUpdated(
            display_id="x", representations=bundle({"text/plain": "new"})
        ),
        display("o6", "b", "x"),
    )
    shown = {
        output.id: output.bundle["text/plain"]
        for cell_id in "bc"
        for output in notebook.outputs_of(cell_id)
    }
    assert shown == {
        id: ev.Inline(data=data)
        for id, data in {"o1": "o6", "o2": "o2", "o3": "o3", "o4": "o6", "o6": "o6"}.items()
    }


def test_an_output_that_came_whole_takes_updates_and_deltas_as_others_do() -> None:
    def restored(id: str, **output: Any) -> ev.OutputRestored:
        return ev.OutputRestored(
            id=id, cell_id="c", position=0, output=ev.RestoredOutput(**output), execution_count=2
        )

    notebook = fold(
        delta("d", 0, "a", text=" b"),
        restored("a", kind="markdown", text="a", metadata={"anode": {"role": "assistant"}}),
        restored("b", kind="display", bundle=bundle({"text/plain": "x"}), display_id="d"),
        restored("c", kind="error", error={"ename": "E"}),
        ev.MultimediaDisplayOutputUpdated(
            display_id="d", representations=bundle({"text/plain": "y"})
        ),
    )
    a, b, c = notebook.outputs_of("c")
    assert (a.kind, a.text, a.metadata["anode"]) == ("markdown", "a b", {"role": "assistant"})
    assert (b.kind, b.bundle) == ("display", bundle({"text/plain": "y"}))
    assert (c.kind, c.error) == ("error", {"ename": "E"})
    notebook.apply(cleared())
    assert notebook.outputs_of("c") == []
