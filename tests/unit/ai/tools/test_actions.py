"""What a model can do to a notebook: what each action commits, and what the model is told."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from runt_pyodide.ai.record.changes import Change
from runt_pyodide.ai.tool import ToolResult
from runt_pyodide.ai.tools.notebook import NotebookTool, notebook_tools
from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.log import Refusal
from tests.support.notebook.logs import cell, output
from tests.support.pictures import PNG, base64_of
from tests.support.stages.loop import settle
from tests.support.stages.run_stage import RunStage

CELLS = [
    *cell("a", "code", "x = 1", index="b"),
    *cell("ai", "ai", "Do it.", index="d"),
    *cell("b", "code", "y = 2", index="f"),
]


class Stage(RunStage):
    """The actions of one run, by the names of their tools, whose model has seen all cells but those
    that are ``unseen``."""

    def __init__(self, *more: ev.Event, unseen: str = "", **stage: Any) -> None:
        super().__init__([*CELLS, *more], **stage)
        cells = self.notebook.cells.values()
        self.run.seen.update({one.id: one.source for one in cells if one.id not in unseen})
        self.variables: dict[str, object] = {}

    def tool(self, name: str) -> NotebookTool:
        tools = notebook_tools(self.run, lambda: self.variables)
        (tool,) = [one for one in tools if one.spec.name == name]
        return tool

    async def call(self, name: str, **arguments: Any) -> ToolResult:
        return await self.tool(name).bind(arguments)()

    def order(self) -> list[str]:
        return [one.source for one in self.notebook.cells_in_order()]


def change_of(result: ToolResult) -> Change:
    assert isinstance(result.change, Change)
    return result.change


async def test_a_cell_is_created_below_the_own_one_and_those_that_the_run_made() -> None:
    stage = Stage()
    for source in ("one", "two"):
        result = await stage.call("create_cell", cellType="markdown", source=source)
        made = json.loads(result.text)["cell_id"]
        assert (change_of(result).kind, change_of(result).cell_id) == ("created", made)
    assert stage.order() == ["x = 1", "Do it.", "one", "two", "y = 2"]
    assert {event["args"].get("createdBy", "ai:q") for event in stage.events} == {"ai:q"}
    await stage.call("create_cell", cellType="code", source="top", afterId="a")
    assert stage.order()[:3] == ["x = 1", "top", "Do it."]


async def test_created_cells_have_the_same_ids_each_time() -> None:
    first, second = Stage(), Stage()
    for stage in (first, second):
        for source in "12":
            await stage.call("create_cell", cellType="code", source=source)
    assert [*first.notebook.cells] == [*second.notebook.cells]
    assert len(first.notebook.cells) == 5


async def test_a_picture_within_markdown_is_shown_and_outlives_a_change() -> None:
    url = f"data:image/png;base64,{base64_of(PNG + bytes(99))}"
    stage = Stage(*cell("m", "markdown", f"![plot]({url})", index="g"))
    read = await stage.call("read_cell", cellId="m")
    assert json.loads(read.text)["source"] == "![plot](picture-1)"
    assert len(read.images) == 1
    await stage.call("modify_cell", cellId="m", source="# Title\n\n![plot](picture-1)")
    assert stage.order()[-1] == f"# Title\n\n![plot]({url})"


async def test_pieces_are_those_of_the_text_as_the_model_knows_it() -> None:
    url = f"data:image/png;base64,{base64_of(PNG + bytes(99))}"
    stage = Stage(*cell("m", "markdown", f"A ![plot]({url})", index="g"))
    edits = [{"old": "A !", "new": "B !"}, {"old": "(picture-1)", "new": "(picture-1) below"}]
    assert not (await stage.call("edit_cell", cellId="m", edits=edits)).failed
    assert stage.order()[-1] == f"B ![plot]({url}) below"


async def test_if_one_piece_is_not_there_none_is_replaced_and_nobody_is_asked() -> None:
    stage = Stage()
    edits = [{"old": "x", "new": "z"}, {"old": "2", "new": "3"}]
    refused = await stage.call("edit_cell", cellId="a", edits=edits)
    assert (refused.failed, stage.events) == (True, [])
    assert refused.text.endswith("based on the present text of the cell 'a':\nx = 1")
    assert stage.tool("edit_cell").refuse({"cellId": "a", "edits": edits}) == refused


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("modify_cell", {"source": "x = 2"}),
        ("edit_cell", {"old": "1", "new": "2"}),
        ("edit_cell", {"edits": [{"old": "= 1", "new": "= 2"}]}),
    ],
)
async def test_a_change_keeps_how_the_cell_was(name: str, arguments: dict[str, Any]) -> None:
    stage = Stage()
    change = change_of(await stage.call(name, cellId="a", **arguments))
    assert stage.order()[0] == "x = 2"
    assert change.before is not None
    assert change.after is not None
    assert (change.before.source, change.after.source) == ("x = 1", "x = 2")


@pytest.mark.parametrize(
    ("after", "order"),
    [
        ("b", ["Do it.", "y = 2", "x = 1"]),
        ("ai", ["Do it.", "x = 1", "y = 2"]),
        (None, ["x = 1", "Do it.", "y = 2"]),
    ],
)
async def test_a_cell_is_moved(after: str | None, order: list[str]) -> None:
    stage = Stage()
    assert change_of(await stage.call("move_cell", cell_id="a", after_id=after)).kind == "moved"
    assert stage.order() == order


async def test_a_deleted_cell_is_gone_and_kept_in_the_change() -> None:
    stage = Stage()
    change = change_of(await stage.call("delete_cell", cellId="b"))
    assert stage.order() == ["x = 1", "Do it."]
    assert (change.after, change.before and change.before.source) == (None, "y = 2")
    again = await stage.call("delete_cell", cellId="b")
    assert again.failed
    assert again.text == "The cell 'b' was deleted. list_cells gives those that are."


async def test_reading_changes_nothing_and_passes_hidden_cells_over() -> None:
    hidden = ev.CellAiContextVisibilityToggled(id="b", ai_context_visible=False)
    stage = Stage(output("result", "o", "a", data={"text/plain": "1"}), hidden)
    stage.variables["answer"] = 42
    assert json.loads((await stage.call("read_cell", cellId="a")).text)["result"] == "1"
    assert "y = 2" not in (await stage.call("list_cells")).text
    assert (await stage.call("read_cell", cellId="b")).failed
    assert (await stage.call("inspect_variables", names=["answer"])).text == "answer: int = 42"
    stage.variables["y"] = 2
    assert (await stage.call("inspect_variables")).text == "answer: int = 42"
    assert (await stage.call("inspect_variables", names=["y"])).text == "y: not defined"
    assert stage.events == []


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("modify_cell", {"cellId": "ai", "source": ""}, "That is the cell that you answer"),
        ("edit_cell", {"cellId": "ai", "old": "D", "new": ""}, "That is the cell that you answer"),
        ("edit_cell", {"cellId": "a", "old": "x = 2", "new": ""}, "The piece 'x = 2' does not"),
        ("delete_cell", {"cellId": "ai"}, "That is the cell that you answer"),
        ("move_cell", {"cellId": "a", "afterId": "a"}, "A cell cannot be moved below itself."),
        ("move_cell", {"cellId": "a", "afterId": "gone"}, "The cell 'gone' is not there."),
        ("create_cell", {"cellType": "code", "source": "", "after_id": "gone"}, "The cell 'gone'"),
    ],
)
async def test_what_cannot_be_done_is_a_failed_result(
    name: str, arguments: dict[str, Any], said: str
) -> None:
    stage = Stage()
    result = await stage.call(name, **arguments)
    assert (result.failed, result.text.startswith(said)) == (True, True)
    assert stage.events == []


DEPENDING: dict[str, dict[str, Any]] = {
    "edit_cell": {"cellId": "a", "old": "1", "new": "2"},
    "modify_cell": {"cellId": "a", "source": "x = 2"},
    "delete_cell": {"cellId": "a"},
    "execute_cell": {"cellId": "a"},
    "move_cell": {"cellId": "a", "afterId": "b"},
}


def typed(source: str, cell_id: str = "a") -> ev.Event:
    return ev.CellSourceChanged(id=cell_id, source=source, modified_by="me")


@pytest.mark.parametrize("name", DEPENDING)
async def test_nothing_is_done_to_a_cell_that_was_changed_since_it_was_read(name: str) -> None:
    stage = Stage(executors={"code": Nothing()})
    stage.receive([typed("x = 1  # mine")])
    refused = await stage.call(name, **DEPENDING[name])
    assert refused.failed
    assert refused.text.startswith("The cell 'a' was changed since you read it, so nothing was")
    assert refused.text.endswith("present text:\nx = 1  # mine")
    assert stage.events == []
    assert not (await stage.call(name, **DEPENDING[name])).failed


@pytest.mark.parametrize("name", [*DEPENDING][:4])
async def test_a_cell_that_was_never_read_is_read_first(name: str) -> None:
    stage = Stage(unseen="a", executors={"code": Nothing()})
    refused = await stage.call(name, **DEPENDING[name])
    assert refused.text.startswith("The cell 'a' is one that you have not read, so nothing was")
    assert (refused.text.endswith("\nx = 1"), stage.events) == (True, [])
    other = Stage(unseen="a", executors={"code": Nothing()})
    await other.call("read_cell", cellId="a")
    assert not (await other.call(name, **DEPENDING[name])).failed


async def test_what_the_run_wrote_itself_it_has_seen() -> None:
    stage = Stage()
    made = json.loads((await stage.call("create_cell", source="one")).text)["cell_id"]
    for source in ("two", "three"):
        assert not (await stage.call("modify_cell", cellId=made, source=source)).failed
    assert not (await stage.call("delete_cell", cellId=made)).failed


class Nothing:
    async def execute(self, run: Any) -> None:
        """Run nothing."""


class Crossing:
    """A page where a person has written meanwhile, or deleted the cell, or whose store refuses."""

    def __init__(self, refusal: Refusal | None) -> None:
        self.refusal = refusal
        self.proposed: list[tuple[list[str], dict[str, str]]] = []

    def propose(self, events: Any, expected: Any, settle: Any) -> None:
        self.proposed.append(([event.NAME for event in events], dict(expected)))
        asyncio.get_running_loop().call_soon(settle, self.refusal)


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (Refusal({"a": "x = 1  # mine"}), "The cell 'a' was changed since you read it"),
        (Refusal({"a": None}), "The cell 'a' was deleted. list_cells gives those that are."),
        (Refusal({}, "too long"), "The notebook's store refused it: too long"),
    ],
)
@pytest.mark.parametrize("name", ["edit_cell", "modify_cell", "delete_cell"])
async def test_an_edit_that_crosses_with_a_persons_is_not_made(
    name: str, refusal: Refusal, told: str
) -> None:
    page = Crossing(refusal)
    stage = Stage(propose=page.propose)
    result = await stage.call(name, **DEPENDING[name])
    assert (result.failed, result.text.startswith(told), result.change) == (True, True, None)
    assert stage.notebook.cells["a"].source == "x = 1"
    assert [expected for _, expected in page.proposed] == [{"a": "x = 1"}]
    if refusal.present.get("a"):
        assert result.text.endswith("\nx = 1  # mine")
        stage.receive([typed("x = 1  # mine")])
        page.refusal = None
        assert not (await stage.call(name, **DEPENDING[name])).failed
        assert page.proposed[-1][1] == {"a": "x = 1  # mine"}


async def test_an_edit_that_was_made_is_written_down_though_the_run_is_stopped_meanwhile() -> None:
    """Otherwise it could not be undone."""
    settles: list[Any] = []
    stage = Stage(propose=lambda events, expected, settle: settles.append(settle))
    results: list[ToolResult] = []

    async def run() -> None:
        results.append(await stage.call("modify_cell", cellId="a", source="x = 2"))
        await asyncio.Event().wait()

    task = asyncio.create_task(run())
    await settle()
    task.cancel()
    await settle()
    assert not task.done()
    settles[0](None)
    await settle()
    assert task.cancelled()
    assert change_of(results[0]).kind == "modified"
    assert stage.notebook.cells["a"].source == "x = 2"
