"""AI cells with expressions in their prompts, and with answers that become the next cell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from runt_pyodide.ai.prompt.cell_settings import ASKING
from runt_pyodide.ai.record.fields import AIRecord
from runt_pyodide.execution.run import Run
from tests.support.stages.ai_stage import AiStage, call, say
from tests.support.stages.wire import cell

ONE_TURN = {"limits": {"turns": 1}}


def stage_with(variables: dict[str, object], *turns: Any, **more: Any) -> AiStage:
    async def within(_run: Run, work: Callable[[dict[str, object]], Awaitable[str]]) -> str:
        return await work(dict(variables))

    return AiStage(*turns, variables=lambda: variables, within=within, **more)


def prompts(stage: AiStage) -> list[str]:
    return [request.messages[0].content for request in stage.provider.requests]


def asking(**how: object) -> tuple[str, dict[str, Any]]:
    return "v1.CellMetadataSet", {"cellId": "ai", "key": ASKING, "value": how}


async def test_a_run_that_is_continued_sends_the_values_that_it_began_with() -> None:
    variables: dict[str, object] = {"n": 7}
    stage = stage_with(variables, call("list_cells"), say("Done."), config=ONE_TURN)
    stage.open("Count to {n}.")
    stage.receive(*cell("below", "And now?", "ai", index="z"))
    await stage.run()
    variables["n"] = 8
    stage.agent.continue_run("ai")
    await stage.settle()
    assert prompts(stage) == ["Count to 7."] * 2
    await stage.run("q2", "below")
    assert prompts(stage)[-1] == "Count to 7."
    assert stage.notebook.cells["ai"].source == "Count to {n}."


@pytest.mark.parametrize(
    "setting",
    [
        asking(raw=True),
        ("v1.NotebookJsonSet", {"key": "kernelspec", "value": {"language": "R"}}),
    ],
)
async def test_a_prompt_may_be_sent_as_it_is_written(setting: Any) -> None:
    stage = stage_with({"n": 7})
    stage.receive(setting)
    stage.open("Count to {n} and {m}.")
    stage.receive(setting)
    await stage.run()
    assert prompts(stage) == ["Count to {n} and {m}."]
    assert not any(AIRecord.of(one).notices for one in stage.notebook.outputs_of("ai"))


async def test_without_python_braces_are_braces() -> None:
    stage = AiStage()
    stage.open("Count to {n}.")
    await stage.run()
    assert prompts(stage) == ["Count to {n}."]


async def test_what_is_not_defined_is_told_above_the_answer() -> None:
    stage = stage_with({"n": 7})
    stage.open("Count from {m} to {n}.")
    await stage.run()
    assert prompts(stage) == ["Count from {m} to 7."]
    records = [AIRecord.of(one) for one in stage.notebook.outputs_of("ai")]
    told = [notice.text for record in records for notice in record.notices]
    assert told == ["Sent as written, since a variable in it is not defined: {m}."]
    assert [one.prompt for one in records if one.prompt] == ["Count from {m} to 7."]


async def test_an_expression_that_raises_sends_nothing() -> None:
    stage = stage_with({"rows": []})
    stage.open("The first of {rows[0]}.")
    events = await stage.run()
    ended = next(one["args"] for one in events if one["name"] == "v1.ExecutionCompleted")
    assert ended["status"] == "error"
    assert "{rows[0]} in the prompt raised IndexError" in ended["error"]
    assert "Nothing was sent." in ended["error"]
    assert stage.provider.requests == []


async def test_code_becomes_a_cell_below_which_can_be_undone() -> None:
    stage = stage_with({}, say("Here:\n```python\nx = 1\n```\nand\n~~~\ny = 2\n~~~"))
    stage.open("Set x.")
    stage.receive(asking(format="code"))
    await stage.run()
    assert "Python code alone" in (stage.provider.requests[0].system_prompt or "")
    made = stage.notebook.cells_in_order()[-1]
    assert (made.cell_type, made.source) == ("code", "x = 1\n\ny = 2")
    assert stage.notebook.place_of(made.id) == stage.notebook.place_of("ai") + 1
    undone = await stage.agent.undo("q")
    assert undone["undone"] == [made.id]
    assert made.id not in stage.notebook.cells
