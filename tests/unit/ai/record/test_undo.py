"""Undoing a run: what it did is reverted, and what a person did since is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.ai.record.write import Transcript
from runt_pyodide.ai.rules import Limits, Rules
from runt_pyodide.ai.tool import Toolbox
from runt_pyodide.ai.tools.notebook import notebook_tools
from runt_pyodide.ai.turns.approvals import Approvals
from runt_pyodide.ai.turns.limits import Meter
from runt_pyodide.ai.turns.run_tools import ToolRunner
from runt_pyodide.errors import CellError
from runt_pyodide.execution.run import Run
from runt_pyodide.llm.messages import ToolCall
from runt_pyodide.llm.redaction import Redactor
from runt_pyodide.notebook.state import Notebook
from runt_pyodide.notebook.writer import OutputWriter
from tests.support.stages.ai_stage import AiStage, call, say
from tests.support.stages.wire import cell, request

AUTO = dict.fromkeys(("modify_cell", "move_cell", "delete_cell", "create_cell"), "auto")


async def stage_of(*turns: dict[str, Any]) -> AiStage:
    stage = AiStage(
        *turns, say("Done."), config={"tools": AUTO, "limits": {"turns": 99, "toolCalls": 99}}
    )
    for place, name in enumerate("abc"):
        stage.receive(*cell(name, f"source {name}", index="bcd"[place]))
    stage.open()
    return stage


def cells_of(notebook: Notebook) -> list[tuple[Any, ...]]:
    """All that a run changes; a deleted cell comes back under another id."""
    return [
        (
            one.cell_type,
            one.source,
            one.fractional_index,
            one.ai_context_visible,
            one.source_visible,
        )
        for one in notebook.cells_in_order()
    ]


async def test_a_run_of_each_kind_of_change_is_undone() -> None:
    stage = await stage_of(
        call("modify_cell", cellId="a", source="changed"),
        call("create_cell", cellType="code", source="new"),
        call("move_cell", cellId="b", after_id="c"),
        call("delete_cell", cellId="c"),
        call("modify_cell", cellId="a", source="changed again"),
    )
    stage.receive(
        ("v1.CellSourceVisibilityToggled", {"id": "c", "sourceVisible": False}),
        (
            "v1.AiSettingsChanged",
            {"cellId": "c", "provider": "p", "model": "m", "settings": {"temperature": 1}},
        ),
    )
    before = cells_of(stage.notebook)
    await stage.run()
    assert cells_of(stage.notebook) != before
    report = await stage.agent.undo("q")
    assert cells_of(stage.notebook) == before
    assert report["kept"] == []
    restored = report["undone"][1]
    assert report["undone"] == ["a", restored, "b", *report["undone"][3:]]
    back = stage.notebook.cells[restored]
    assert (back.source, back.ai.model, back.source_visible) == ("source c", "m", False)


async def test_what_a_person_changed_since_is_left_and_named() -> None:
    stage = await stage_of(
        call("modify_cell", cellId="a", source="changed"),
        call("modify_cell", cellId="b", source="changed"),
        call("modify_cell", cellId="c", source="changed"),
    )
    await stage.run()
    edited = {"id": "a", "source": "mine", "modifiedBy": "me"}
    stage.receive(("v1.CellSourceChanged", edited), ("v1.CellDeleted", {"id": "b"}))
    assert await stage.agent.undo("q") == {
        "undone": ["c", "a"],
        "kept": [{"cellId": "b", "reason": "It has been deleted since."}],
        "merged": [{"cellId": "a", "isConflict": True}],
    }
    assert [source for _, source in stage.sources()][:2] == ["mine\nsource a", "source c"]


async def test_a_persons_lines_stay_when_the_runs_are_undone() -> None:
    stage = await stage_of(
        call("modify_cell", cellId="a", source="import os\nsource a"),
        call("create_cell", cellType="code", source="new"),
        call("modify_cell", cellId="a", source="import os\nsource a\nprint(os)"),
    )
    await stage.run()
    made = next(one.id for one in stage.notebook.cells.values() if one.source == "new")
    for id, source in (("a", "import os\nsource a\nmine\nprint(os)"), (made, "new and mine")):
        stage.receive(("v1.CellSourceChanged", {"id": id, "source": source, "modifiedBy": "me"}))
    assert await stage.agent.undo("q") == {
        "undone": ["a"],
        "kept": [{"cellId": made, "reason": "It has been changed since."}],
        "merged": [{"cellId": "a", "isConflict": False}],
    }
    assert stage.notebook.cells["a"].source == "source a\nmine"
    again = await stage.agent.undo("q")
    assert again["undone"] == []
    reason = "Nothing of what the run wrote is left in it."
    assert {"cellId": "a", "reason": reason} in again["kept"]


async def test_an_edit_in_the_middle_of_the_run_is_kept() -> None:
    """A call that was made for an earlier text is not made."""
    stage = await stage_of(
        call("modify_cell", cellId="a", source="one"),
        call("modify_cell", cellId="b", source="x"),
    )
    stage.agent.rules = type(stage.agent.rules)(policies={**AUTO, "modify_cell": "ask"})
    await stage.run()
    stage.respond("call_1")
    await stage.settle()
    edited = {"id": "b", "source": "mine", "modifiedBy": "me"}
    stage.receive(("v1.CellSourceChanged", edited))
    stage.respond("call_2")
    await stage.settle()
    await stage.agent.undo("q")
    assert [source for _, source in stage.sources()][:2] == ["source a", "mine"]


async def test_undoing_twice_changes_nothing_more() -> None:
    stage = await stage_of(call("create_cell", cellType="code", source="new"))
    await stage.run()
    await stage.agent.undo("q")
    stage.world.take()
    assert await stage.agent.undo("q") == {"undone": [], "kept": [], "merged": []}
    assert await stage.settle() == []


async def test_a_run_that_is_not_known_cannot_be_undone() -> None:
    stage = await stage_of()
    with pytest.raises(CellError, match="no record of the run 'x'"):
        await stage.agent.undo("x")
    await stage.run()
    stage.receive(("v1.CellOutputsCleared", {"cellId": "ai", "wait": False, "clearedBy": "me"}))
    with pytest.raises(CellError, match="its outputs were cleared"):
        await stage.agent.undo("q")


places = st.integers(0, 9)
changes = st.lists(
    st.tuples(st.sampled_from(["modify", "create", "move", "delete"]), places, places),
    min_size=1,
    max_size=10,
)


@given(changes, st.lists(st.tuples(places, places), max_size=3))
async def test_any_run_is_undone_exactly(
    wanted: list[tuple[str, int, int]], edits: list[tuple[int, int]]
) -> None:
    """Random runs of ten changes, and random edits of a person at any time in between: all that the
    person left alone is as it was."""
    stage = await stage_of()
    hand = _Hand(stage)
    before = {one.id: (one.source, one.fractional_index) for one in hand.others()}
    touched: set[str] = set()
    for number, (kind, one, two) in enumerate(wanted):
        for at, which in edits:
            if at == number and hand.others():
                touched.add(hand.edit(which, number))
        await hand.act(kind, one, two, number)
    report = await stage.agent.undo("q")
    stage.agent.receive([])
    now = {one.id: (one.source, one.fractional_index) for one in hand.others()}
    kept = {one["cellId"] for one in report["kept"]}
    renamed = hand.renamed(report["undone"])
    for cell_id, was in before.items():
        if cell_id not in touched:
            assert now[renamed.get(cell_id, cell_id)] == was
    if not touched:
        assert not kept
        assert sorted(now.values()) == sorted(before.values())


class _Hand:
    """Does what a run does, by its tools; and edits as a person does."""

    def __init__(self, stage: AiStage) -> None:
        self._stage = stage
        self._deleted: dict[str, tuple[str, str]] = {}

    def others(self) -> list[Any]:
        return [one for one in self._stage.notebook.cells_in_order() if one.id != "ai"]

    def edit(self, which: int, number: int) -> str:
        there = self.others()
        one = there[which % len(there)]
        args = {"id": one.id, "source": f"person {number}", "modifiedBy": "me"}
        self._stage.receive(("v1.CellSourceChanged", args))
        return str(one.id)

    async def act(self, kind: str, one: int, two: int, number: int) -> None:
        there = self.others()
        if kind != "create" and not there:
            return
        target = there[one % len(there)] if there else None
        other = there[two % len(there)] if there else None
        if kind == "create":
            made = call("create_cell", cellType="code", source=f"run {number}")
        elif kind == "modify":
            made = call("modify_cell", cellId=target.id, source=f"run {number}")
        elif kind == "move":
            made = call("move_cell", cellId=target.id, after_id=other.id)
        else:
            made = call("delete_cell", cellId=target.id)
            self._deleted[target.id] = (target.source, target.fractional_index)
        await _make(self._stage, made["toolCalls"][0])

    def renamed(self, undone: list[str]) -> dict[str, str]:
        """What the deleted cells are called now that they are back: told by their text."""
        known = {(one.source): one.id for one in self.others()}
        return {old: known[f"source {old}"] for old in self._deleted if f"source {old}" in known}


async def _make(stage: AiStage, made: dict[str, Any]) -> None:
    """One call of the run "q", written down as the run would."""

    notebook, runner = stage.notebook, stage.agent._runner
    if "q" not in notebook.executions:
        stage.receive(request("q", "ai"), ("v1.AllExecutionsCancelled", {}))
    there = notebook.outputs_of("ai")
    writer = OutputWriter(runner.commit, runner.clock, "ai", there=there)
    run = Run(notebook.cells["ai"], notebook, "session", 1, writer, runner, "q")
    run.seen.update({one.id: one.source for one in notebook.cells.values()})
    approvals = Approvals(run, Rules(policies=AUTO))
    tool_runner = ToolRunner(
        lambda: Toolbox(notebook_tools(run)),
        approvals,
        Meter(Limits()),
        Transcript(writer, "q", Redactor()),
    )
    called = ToolCall(f"c{len(there)}", made["name"], json.dumps(made["arguments"]))
    await tool_runner.answer(tool_runner.open([called]))
    writer.flush()
