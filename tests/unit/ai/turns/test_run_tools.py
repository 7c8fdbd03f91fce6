"""The calls of a turn: which are made, in which order, and what the model is told about them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from runt_pyodide import tool
from runt_pyodide.ai.tools.function import remove_tool
from tests.support.stages.ai_stage import AiStage, Reader, call, calls, say
from tests.support.stages.python_page import Page
from tests.support.stages.wire import cell


@pytest.mark.parametrize(
    ("turn", "told"),
    [
        (call("fly"), "There is no tool 'fly'. The tools are: create_cell, "),
        (
            {"toolCalls": [{"name": "read_cell", "arguments": "{not json"}]},
            "The arguments of read_cell cannot be read: Expecting property name enclosed in double "
            "quotes: line 1 column 2 (char 1). Call it again with valid JSON. You wrote: {not json",
        ),
        (
            {"toolCalls": [{"name": "read_cell", "arguments": "[1]"}]},
            "The arguments of read_cell cannot be read: they are a list, not an object.",
        ),
        (
            {
                "toolCalls": [
                    {"name": "read_cell", "arguments": '{"a":' * 9_999 + "1" + "}" * 9_999}
                ]
            },
            "The arguments of read_cell cannot be read: it is nested more than 250 deep.",
        ),
        (call("read_cell"), "The arguments of read_cell are wrong. cellId: Field required."),
        (
            call("create_cell", cellType="code", source=1, colour="red"),
            "The arguments of create_cell are wrong. source: Input should be a valid string; "
            "colour: Extra inputs are not permitted.",
        ),
        (call("read_cell", cellId="gone"), "The cell 'gone' is not there. list_cells gives"),
        (call("read_cell", cellId="secret"), "The cell 'secret' is not there."),
        (call("execute_cell", cellId="secret"), "The cell 'secret' is not there."),
        (call("execute_cell", cellId="ai"), "The cell 'ai' is running: it cannot run within"),
        (call("modify_cell", cellId="ai", source=""), "That is the cell that you answer"),
        (call("move_cell", cellId="a", after_id="a"), "A cell cannot be moved below itself."),
    ],
)
async def test_a_bad_call_is_told_to_the_model_and_the_run_goes_on(
    turn: dict[str, Any], told: str
) -> None:
    every = dict.fromkeys(("execute_cell", "modify_cell", "move_cell"), "auto")
    stage = AiStage(turn, say("Never mind."), config={"tools": every})
    hidden = {"id": "secret", "aiContextVisible": False}
    stage.receive(
        *cell("a", "0", index="b"),
        *cell("secret", "key", index="c"),
        ("v1.CellAiContextVisibilityToggled", hidden),
    )
    stage.open()
    await stage.run()
    (result,) = stage.results()
    assert result.startswith(told)
    assert stage.states() == ["error"]
    assert stage.notebook.outputs_of("ai")[-1].text == "Never mind."
    sent = stage.provider.requests[1].messages[-1]
    assert (sent.role, sent.tool_call_id) == ("tool", "call_1")
    assert told in sent.content


async def test_a_cell_that_a_person_stops_is_a_result_and_the_run_goes_on() -> None:
    reader = Reader()
    stage = AiStage(
        call("execute_cell", cellId="a"),
        say("You stopped it."),
        config={"tools": {"execute_cell": "auto"}},
        executors={"code": reader},
    )
    stage.receive(*cell("a", "x", index="b"))
    stage.open()
    await stage.run()
    inner = next(one for one in stage.notebook.open_executions() if one.cell_id == "a")
    args = {"queueId": inner.queue_id, "cellId": "a", "cancelledBy": "me", "reason": "stop"}
    stage.receive(("v1.ExecutionCancelled", args))
    await stage.settle()
    assert stage.results() == ['{"status": "cancelled", "note": "A person stopped the cell."}']
    assert stage.notebook.executions["q"].outcome == "success"


async def test_calls_run_in_their_order_and_those_that_only_read_together() -> None:
    order: list[str] = []
    gates = {name: asyncio.Event() for name in ("one", "two")}

    @tool(policy="auto", reads_only=True)
    async def look(name: str) -> str:
        """Looks."""
        order.append(f"{name} begins")
        await gates[name].wait()
        order.append(f"{name} ends")
        return name

    try:
        stage = AiStage(
            calls(
                ("look", {"name": "one"}),
                ("look", {"name": "two"}),
                ("create_cell", {"cellType": "markdown", "source": "# New"}),
            ),
            say("Done."),
        )
        stage.open()
        await stage.run()
        assert order == ["one begins", "two begins"]
        assert stage.states() == ["running", "running", "pending"]
        gates["two"].set()
        await stage.settle()
        gates["one"].set()
        await stage.settle()
    finally:
        remove_tool("look")
    assert order[2:] == ["two ends", "one ends"]
    assert stage.results()[:2] == ["two", "one"]
    told = stage.provider.requests[1].messages[-3:]
    assert [message.tool_call_id for message in told] == ["call_1", "call_2", "call_3"]


async def test_a_tool_that_a_cell_defines_is_there_in_the_next_turn(page: Page) -> None:
    defining = "from runt_pyodide import tool\n@tool(policy='auto')\ndef twice(n: int) -> int:\n"
    defining += "    '''Doubles.'''\n    return n * 2"
    stage = AiStage(
        call("create_cell", cellType="code", source=defining),
        call("execute_cell", cellId="{{call_1.cell_id}}"),
        call("twice", n=21),
        say("42"),
        config={"tools": {"execute_cell": "auto"}},
        executors={"code": page.cell},
    )
    stage.open()
    try:
        await stage.run()
    finally:
        remove_tool("twice")
    assert stage.results()[-1] == "42"


async def test_a_call_is_made_under_the_name_and_with_the_arguments_that_the_model_meant() -> None:
    written = '```json\n{"source": "print(1)\n",}\n```'
    turn = {"toolCalls": [{"name": "functions.create_cell", "arguments": written}]}
    stage = AiStage(turn, say("Done."))
    stage.open()
    await stage.run()
    (result,) = stage.results()
    assert '"cell_id"' in result
    assert stage.sources()[-1] == ("code", "print(1)\n")
    assert stage.provider.requests[-1].messages[-2].tool_calls[0].name == "create_cell"
