"""Runs that ended early, and from where they can be continued."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.ai.record.fields import AIRecord
from runt_pyodide.ai.record.resume import began_with
from runt_pyodide.errors import CellError
from tests.support.stages.ai_stage import AiStage, Reader, call, calls, say
from tests.support.stages.wire import cell, claimed, completed, request

ONE_TURN = {"limits": {"turns": 1}}
EDITED = (
    "The prompt was edited after this run began. This continues the answer to the prompt as it "
    "was. To ask what the prompt says now, run the cell."
)


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


@pytest.mark.parametrize("how", ["left", "ended by the page"])
async def test_the_calls_of_a_run_that_broke_off_end_with_it(how: str) -> None:
    policy = {"tools": {"execute_cell": "auto"}}
    turn = calls(("read_cell", {"cellId": "a"}), *[("execute_cell", {"cellId": "a"})] * 2)
    first = AiStage(turn, config=policy, executors={"code": Reader()})
    log = [*cell("a", "x", index="b"), *cell("ai", "Do it.", "ai"), request("q", "ai")]
    first.receive(*log)
    first.agent.start()
    written = await first.settle()
    assert first.states() == ["success", "running", "pending"]
    later = AiStage(session_id="later", world=first.world)
    later.receive(*log, *written)
    if how != "left":
        later.receive(completed("q", "ai", "error"))
    later.agent.start("Python ended.", stopped=["q"])
    assert later.states() == ["success", "cancelled", "cancelled"]


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


def edit(prompt: str) -> tuple[str, dict[str, Any]]:
    return "v1.CellSourceChanged", {"id": "ai", "source": prompt, "modifiedBy": "me"}


def notices(stage: AiStage) -> list[str]:
    """Return what the reader of the AI cell is told, in order."""
    records = map(AIRecord.of, stage.notebook.outputs_of("ai"))
    return [notice.text for record in records for notice in record.notices]


@pytest.mark.parametrize("edited", ["Do something else.", ""])
@pytest.mark.parametrize("times", [1, 2])
async def test_a_run_continues_with_the_prompt_that_it_began_with(edited: str, times: int) -> None:
    stage = AiStage(
        *[call("list_cells", start=n) for n in range(times)], say("Done."), config=ONE_TURN
    )
    stage.open("Do it.")
    await stage.run()
    for number in range(times):
        assert notices(stage) == [EDITED] * number
        stage.receive(edit(edited))
        run_id = stage.agent.continue_run("ai")
        await stage.settle()
    assert stage.notebook.executions[run_id].outcome == "success"
    prompts = [request.messages[0].content for request in stage.provider.requests]
    assert prompts == ["Do it."] * (times + 1)
    assert notices(stage) == [EDITED] * times
    assert stage.notebook.cells["ai"].source == edited


async def test_a_prompt_that_is_as_it_was_is_continued_without_a_word() -> None:
    stage = AiStage(call("list_cells"), say("Done."), config=ONE_TURN)
    stage.open("Do it.")
    await stage.run()
    stage.receive(edit("Do something else."), edit("Do it."))
    stage.agent.continue_run("ai")
    await stage.settle()
    assert notices(stage) == []


async def test_a_prompt_that_was_edited_is_sent_where_the_cell_is_run_anew() -> None:
    stage = AiStage(call("list_cells"), say("Done."), config=ONE_TURN)
    stage.open("Do it.")
    await stage.run()
    stage.receive(edit("Do something else."))
    await stage.run("q2")
    assert stage.provider.requests[-1].messages[0].content == "Do something else."
    assert notices(stage) == []


async def test_a_cell_below_is_told_the_prompt_that_was_continued() -> None:
    stage = AiStage(call("list_cells"), say("Done."), config=ONE_TURN)
    stage.open("Do it.")
    stage.receive(*cell("below", "And now?", "ai", index="z"))
    await stage.run()
    stage.receive(edit("Do something else."))
    stage.agent.continue_run("ai")
    await stage.settle()
    await stage.run("q2", "below")
    told = [message.content for message in stage.provider.requests[-1].messages]
    changed = [text for text in told if "Do something else." in text]
    assert len(changed) == 1
    assert changed[0].startswith("Do it.\n\n[This prompt was changed since; the answer is to the")


@pytest.mark.parametrize(
    "continued",
    [[("q", "q")], [("q", "r"), ("r", "q")], [("s", "q")], [("gone", "q")], [("gone", "r")]],
)
def test_a_log_of_somebody_else_is_read_to_its_end_and_tells_of_no_other_cell(
    continued: list[tuple[str, str]],
) -> None:
    stage = AiStage()
    stage.receive(*cell("secret", "Hidden.", "ai"), *cell("ai", "Do it.", "ai"))
    stage.receive(request("q", "ai"), request("s", "secret"))
    stage.receive(*claimed("q", "ai"), *claimed("s", "secret"), edit("Do something else."))
    for place, (run_id, continued_by) in enumerate(continued):
        record = AIRecord(run_id=run_id, continued_by=continued_by).to_metadata()
        content = {"type": "inline", "data": "x", "metadata": record}
        args = {"id": f"o{place}", "cellId": "ai", "position": place, "content": content}
        stage.receive(("v1.MarkdownOutputAdded", args))
    assert began_with(stage.notebook, stage.notebook.executions["q"]) == "Do it."


async def test_there_is_nothing_to_continue_where_nothing_ran() -> None:
    stage = AiStage()
    stage.open()
    with pytest.raises(CellError, match="nothing to continue from"):
        stage.agent.continue_run("ai")
    assert await stage.settle() == []
