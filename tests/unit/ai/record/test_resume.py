"""Runs that ended early, and from where they can be continued."""

from __future__ import annotations

import pytest

from runt_pyodide.errors import CellError
from tests.support.stages.ai_stage import AiStage, Reader, call, say
from tests.support.stages.wire import cell, request


async def test_a_run_that_was_in_the_middle_of_something_fails_with_the_session() -> None:
    stage = AiStage({"text": "Hm.", "delay": 3600.0})
    log = [*cell("ai", "Do it.", "ai"), request("q", "ai")]
    stage.receive(*log)
    stage.agent.start()
    written = await stage.settle()
    later = AiStage(say("Hello."), session_id="later")
    later.receive(*log, *written)
    later.agent.start()
    assert later.notebook.executions["q"].error.startswith("This run was cut off")


async def test_a_stopped_run_leaves_a_history_that_can_be_continued() -> None:
    reader = Reader()
    stage = AiStage(
        call("execute_cell", cellId="a"),
        say("Done."),
        config={"tools": {"execute_cell": "auto"}},
        executors={"code": reader},
    )
    stage.receive(*cell("a", "x", index="b"))
    stage.open()
    await stage.run()
    await stage.agent.interrupt()
    await stage.settle()
    stage.agent.continue_run("ai")
    await stage.settle()
    sent = stage.provider.requests[-1].messages
    assert [message.role for message in sent[-2:]] == ["assistant", "tool"]
    assert "This call was stopped before it had a result." in sent[-1].content
    assert stage.notebook.outputs_of("ai")[-1].text == "Done."


async def test_there_is_nothing_to_continue_where_nothing_ran() -> None:
    stage = AiStage()
    stage.open()
    with pytest.raises(CellError, match="nothing to continue from"):
        stage.agent.continue_run("ai")
    assert await stage.settle() == []
