"""The limits that end a run that does not end by itself."""

from __future__ import annotations

import pytest

from runt_pyodide import AIConfig
from tests.support.stages.ai_stage import AiStage, call, say
from tests.support.stages.loop import LoopClock
from tests.support.stages.wire import cell


@pytest.mark.parametrize(
    ("limits", "turns", "made", "said"),
    [
        ({"turns": 2}, 2, "0123", "The run reached its limit of 2 turns."),
        # The call that would have been too much is not made later: the model may call again.
        ({"toolCalls": 1}, 2, "023", "The run reached its limit of 1 tool calls."),
        ({"tokens": 1}, 1, "0123", "The run reached its limit of 1 tokens."),
    ],
)
async def test_a_limit_ends_the_run_as_an_error_that_can_be_continued(
    limits: dict[str, int], turns: int, made: str, said: str
) -> None:
    making = [call("create_cell", cellType="markdown", source=str(n)) for n in range(4)]
    stage = AiStage(*making, say("All four."), config={"limits": limits})
    stage.open()
    await stage.run()
    entry = stage.notebook.executions["q"]
    assert (entry.outcome, entry.error.startswith(said)) == ("error", True)
    assert "Continue" in entry.error
    assert len(stage.provider.requests) == turns
    assert 2 <= len(stage.sources()) < 5
    stage.agent.rules = AIConfig.read({}).rules
    run_id = stage.agent.continue_run("ai")
    await stage.settle()
    assert stage.notebook.executions[run_id].outcome == "success"
    assert [source for _, source in stage.sources()[1:]] == [*made]
    assert stage.notebook.outputs_of("ai")[-1].text == "All four."


async def test_the_notebook_sets_the_number_of_turns() -> None:
    stage = AiStage(*[call("list_cells", start=n) for n in range(9)], say("Done."))
    stage.receive(("v1.NotebookMetadataSet", {"key": "max_ai_iterations", "value": "3"}))
    stage.open()
    await stage.run()
    assert len(stage.provider.requests) == 3


async def test_the_same_call_to_the_same_result_ends_after_three() -> None:
    stage = AiStage(*[call("list_cells")] * 9)
    stage.open()
    await stage.run()
    assert stage.notebook.executions["q"].error.startswith(
        "The model called list_cells with the same arguments, and got the same result, 3 times"
    )
    assert len(stage.provider.requests) == 3


async def test_the_same_error_ends_after_three() -> None:
    flying = [call(f"fly_{n}") for n in range(2)]
    stage = AiStage(*flying, *[call("read_cell", cellId=n) for n in range(9)])
    stage.open()
    await stage.run()
    assert "failed with the same error 3 times in a row" in stage.notebook.executions["q"].error
    assert len(stage.provider.requests) == 5


async def test_seconds_are_a_limit_that_waiting_for_a_person_does_not_count_in(
    loop_clock: LoopClock,
) -> None:
    stage = AiStage(
        call("modify_cell", cellId="a", source="1"),
        {"text": "slow", "delay": 3600.0},
        config={"limits": {"seconds": 60}},
    )
    stage.receive(*cell("a", "0", index="b"))
    stage.open()
    await stage.run()
    loop_clock.advance(3600)
    await stage.settle()
    assert stage.states() == ["waiting"]
    stage.respond("call_1")
    await stage.settle()
    assert stage.notebook.open_executions()
    loop_clock.advance(61)
    await stage.settle()
    assert stage.notebook.executions["q"].error.startswith(
        "The run reached its limit of 60 seconds."
    )
