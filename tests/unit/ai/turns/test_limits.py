"""The limits that end a run that does not end by itself."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide import AIConfig
from runt_pyodide.ai.rules import Limits
from runt_pyodide.ai.turns.limits import Meter
from runt_pyodide.errors import LimitError
from runt_pyodide.llm.messages import TextDelta, Usage
from tests.support.stages.ai_stage import AiStage, call, say
from tests.support.stages.loop import LoopClock, settle
from tests.support.stages.wire import cell


@pytest.mark.parametrize(
    ("limits", "turns", "made", "said"),
    [
        ({"turns": 2}, 2, "0123", "The run reached its limit of 2 turns."),
        # The call that would have been too much is not made later: the model may call again.
        ({"toolCalls": 1}, 2, "023", "The run reached its limit of 1 tool calls."),
        ({"tokens": 15}, 2, "0123", "The run reached its limit of 15 tokens."),
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


async def test_the_notebook_cannot_raise_what_a_run_may_spend() -> None:
    turns = [call("list_cells", start=n) for n in range(9)]
    stage = AiStage(*turns, say("Done."), config={"limits": {"turns": 2}})
    stage.receive(("v1.NotebookMetadataSet", {"key": "max_ai_iterations", "value": "9"}))
    stage.open()
    await stage.run()
    assert len(stage.provider.requests) == 2


async def test_calls_that_repeat_end_the_run() -> None:
    stage = AiStage(*[call("list_cells")] * 9)
    stage.open()
    await stage.run()
    assert "got the same result, 3 times" in stage.notebook.executions["q"].error
    assert len(stage.provider.requests) == 3


@pytest.mark.parametrize("places", [[None] * 9, ["a", "b", "c"] * 3])
async def test_the_same_cell_again_ends_the_run_however_it_is_looked_at(places: list[Any]) -> None:
    made = [call("create_cell", source="print(1)", after_id=place) for place in places]
    turns = [turn for one in made for turn in (one, call("list_cells"))]
    stage = AiStage(*turns, config={"limits": {"turns": 40}})
    stage.receive(*(event for name in "abc" for event in cell(name, name, index=f"a{name}")))
    stage.open()
    await stage.run()
    error = stage.notebook.executions["q"].error
    assert error.startswith("The model called create_cell with the same arguments")
    assert len(stage.provider.requests) == 7


class Nested(AiStage):
    """A stage on which AI cells that are there already run others: each cell "ai0" to "ai5" has a
    prompt whose answer runs the next one, three times."""

    def __init__(self, **limits: Any) -> None:
        runs = [
            {
                "pattern": f"^run {level}$",
                "turns": [call("execute_cell", cellId=f"ai{level}")] * 3 + [say("Done.")],
            }
            for level in range(1, 6)
        ]
        policies = {"execute_cell": "auto"}
        super().__init__(responses=runs, config={"limits": limits, "tools": policies})
        for level in range(6):
            self.receive(*cell(f"ai{level}", f"run {level + 1}", "ai", index=f"b{level}"))
        self.agent.start()
        self.world.take()

    @property
    def asked(self) -> list[str]:
        """The prompts that were sent."""
        return [
            next(m.content for m in reversed(r.messages) if m.role == "user")
            for r in self.provider.requests
        ]


async def test_all_that_a_run_starts_draws_on_its_limits() -> None:
    stage = Nested(turns=3)
    await stage.run(cell_id="ai0")
    assert len(stage.provider.requests) == 3
    assert stage.notebook.executions["q"].error.startswith("The run reached its limit of 3 turns.")


async def test_runs_within_runs_go_to_a_depth_of_two() -> None:
    stage = Nested(turns=40)
    await stage.run(cell_id="ai0")
    assert "run 3" in stage.asked
    assert "run 4" not in stage.asked
    ends = [entry.error or "" for entry in stage.notebook.executions.values()]
    assert any(one.startswith("This AI run was started within 2 others") for one in ends)


async def test_an_answer_is_ended_where_the_tokens_are_used_up() -> None:
    stage = AiStage({"text": "word " * 10_000}, config={"limits": {"tokens": 100}})
    stage.open()
    await stage.run()
    assert stage.notebook.executions["q"].error.startswith("The run reached its limit of 100")
    assert len(stage.notebook.outputs_of("ai")[0].text) < 1_000


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


@pytest.mark.parametrize("last", [0, 1])
async def test_the_time_stands_still_until_the_last_wait_for_a_person_is_over(
    loop_clock: LoopClock, last: int
) -> None:
    """Runs beside each other, which a tool has started, may ask at once."""
    outer = Meter(Limits(seconds=60))
    with pytest.raises(LimitError, match="60 seconds"):
        async with outer.running():
            loop_clock.advance(30)
            asking = [Meter(Limits(seconds=None)).paused() for _ in range(2)]
            for one in asking:
                one.__enter__()
            loop_clock.advance(3600)
            await settle()
            asking[1 - last].__exit__(None, None, None)
            loop_clock.advance(3600)
            await settle()
            asking[last].__exit__(None, None, None)
            loop_clock.advance(29)
            await settle()
            outer.begin_turn()
            loop_clock.advance(2)
            await settle()
            pytest.fail("The time is up.")


@pytest.mark.parametrize("told", [None, Usage(input_tokens=5, output_tokens=20)])
async def test_runs_beside_each_other_share_the_tokens_that_are_left(told: Usage | None) -> None:
    """A tool that asks many questions at once starts such runs."""
    outer, piece = Meter(Limits(tokens=100)), TextDelta("word " * 16)
    async with outer.running():
        runs = [Meter(Limits()) for _ in range(5)]
        for run in runs:
            run.begin_turn()
        with pytest.raises(LimitError, match="limit of 100 tokens"):
            for run in runs:
                run.watch(piece)
                run.watch(piece)
    spent = outer.tokens
    assert 100 < spent < 140
    runs[0].count_usage(told)
    for run in runs[1:]:
        run.count_usage(None)
    assert outer.tokens == sum(run.tokens for run in runs)
    assert runs[0].tokens == (25 if told else spent - sum(run.tokens for run in runs[1:]))
