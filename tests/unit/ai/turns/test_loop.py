"""A run from turn to turn, and stopped at any point of a turn."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runt_pyodide.llm.test.script import Script
from runt_pyodide.llm.test.settings import TestSettings
from tests.support.stages.ai_stage import AiStage, Reader, call, say
from tests.support.stages.wire import cell, names


async def test_an_ai_cell_may_run_another_but_not_one_that_it_runs_within() -> None:
    stage = AiStage(
        responses=[
            {"prompt": "outer", "turns": [*read_and_execute("inner"), say("Done.")]},
            {"prompt": "inner", "turns": [*read_and_execute("ai"), say("No.")]},
        ],
        config={"tools": {"execute_cell": "auto"}},
    )
    stage.receive(*cell("inner", "inner", "ai", "z"))
    stage.open("outer")
    await stage.run()
    assert stage.results("inner")[1].startswith("The cell 'ai' is running")
    assert json.loads(stage.results()[1])["status"] == "success"


def read_and_execute(cell_id: str) -> list[dict[str, Any]]:
    return [call(name, cellId=cell_id) for name in ("read_cell", "execute_cell")]


@pytest.mark.parametrize("how", ["interrupt", "cancel", "cancel all", "delete"])
@pytest.mark.parametrize("when", ["turn", "tool", "approval"])
async def test_a_stop_ends_it_and_the_next_run_works(when: str, how: str) -> None:
    """No request and no event but the cancellation comes after it, and what the run took."""
    policy = {"tools": {"execute_cell": "ask" if when == "approval" else "auto"}}
    slow = {"text": "Hm.", "delay": 3600.0} if when == "turn" else call("execute_cell", cellId="a")
    reader = Reader()
    stage = AiStage(slow, say("Done."), config=policy, executors={"code": reader})
    stage.receive(*cell("a", "x", index="b"), *cell("next", "Next.", "ai", "z"))
    stage.open()
    await stage.run()
    assert reader.began == (["a"] if when == "tool" else [])
    if how == "interrupt":
        await stage.agent.interrupt()
    elif how == "cancel":
        args = {"queueId": "q", "cellId": "ai", "cancelledBy": "me", "reason": "stop"}
        stage.receive(("v1.ExecutionCancelled", args))
    elif how == "cancel all":
        stage.receive(("v1.AllExecutionsCancelled", {}))
    else:
        stage.receive(("v1.CellDeleted", {"id": "ai"}))
    after = names(await stage.settle())
    allowed = {"v1.OutputDelta", "v1.ExecutionCompleted", "v1.RuntimeSessionStatusChanged"}
    if when == "turn":
        allowed.add("v1.MarkdownOutputAdded")
    assert set(after) <= allowed
    assert not stage.notebook.open_executions()
    assert len(stage.provider.requests) == 1
    stage.respond("call_1")
    reader.gate.set()
    assert await stage.settle() == []
    if how != "delete":
        assert stage.states() == ([] if when == "turn" else ["cancelled"])
    stage.provider._script = Script(TestSettings(strict=False))
    await stage.run("q2", "next")
    assert stage.notebook.executions["q2"].outcome == "success"
    assert len(stage.provider.requests) == 2
