"""The tools with which a model acts on the notebook: their policies and arguments."""

from __future__ import annotations

import pytest

from runt_pyodide.ai.tools.notebook import NotebookTool, notebook_tools, reading_tools
from runt_pyodide.errors import ToolArgumentsError
from tests.support.notebook.logs import cell
from tests.support.stages.run_stage import RunStage


@pytest.fixture
def tools() -> dict[str, NotebookTool]:
    return {one.spec.name: one for one in notebook_tools(RunStage([*cell("ai", "ai")]).run)}


def test_those_that_only_read_run_at_once_and_the_rest_asks_save_for_creating(
    tools: dict[str, NotebookTool],
) -> None:
    reading = {one.spec.name for one in reading_tools(RunStage([*cell("ai", "ai")]).run)}
    assert reading == {"read_cell", "list_cells", "inspect_variables"}
    assert {name for name, tool in tools.items() if tool.policy == "auto"} == {
        *reading,
        "create_cell",
    }


@pytest.mark.parametrize("name", ["cellId", "cell_id"])
async def test_an_argument_is_taken_in_camel_case_and_in_snake_case(
    tools: dict[str, NotebookTool], name: str
) -> None:
    assert (await tools["read_cell"].bind({name: "ai"})()).failed is False


@pytest.mark.parametrize("arguments", [{}, {"cellId": "ai", "colour": 1}, {"cellId": None}])
def test_bad_arguments_are_refused_before_the_call(
    tools: dict[str, NotebookTool], arguments: dict[str, object]
) -> None:
    with pytest.raises(ToolArgumentsError, match="The arguments of read_cell are wrong"):
        tools["read_cell"].bind(arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"old": None, "new": "x"},
        {"old": "x", "new": "y", "edits": [{"old": "x", "new": "y"}]},
        {"edits": []},
        {"edits": [{"old": "x"}]},
        {"edits": [{"old": "x", "new": "y", "all": True}]},
    ],
)
def test_pieces_are_given_in_one_way(
    tools: dict[str, NotebookTool], arguments: dict[str, object]
) -> None:
    with pytest.raises(ToolArgumentsError, match="The arguments of edit_cell are wrong"):
        tools["edit_cell"].bind({"cellId": "ai", **arguments})
