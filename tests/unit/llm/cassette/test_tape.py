"""A run as a cassette: its requests and answers, to be played in another session."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from runt_pyodide import record, replay
from runt_pyodide.errors import RuntError
from runt_pyodide.execution.run import Run
from tests.support.stages.ai_stage import AiStage, call, say
from tests.support.stages.world import FixedWorld

TURNS = (
    {"text": "I write it.", **call("create_cell", cellType="code", source="1 + 1")},
    call("execute_cell", cellId="{{call_1.cell_id}}"),
    {"thinking": "So.", "text": "It is two."},
)
CONFIG = {"tools": {"execute_cell": "auto"}}


class Slow:
    """Runs a cell for so many milliseconds."""

    def __init__(self, world: FixedWorld, milliseconds: int) -> None:
        self._world = world
        self._milliseconds = milliseconds

    async def execute(self, run: Run) -> None:
        self._world.milliseconds += self._milliseconds


def stage_of(*turns: Any, milliseconds: int = 12, **how: Any) -> AiStage:
    world = FixedWorld()
    code = Slow(world, milliseconds)
    stage = AiStage(*turns, world=world, config=CONFIG, executors={"code": code}, **how)
    stage.open("How much is it?")
    return stage


def shown(stage: AiStage) -> Any:
    """The cells, and what the AI cell shows."""
    outputs = stage.notebook.outputs_of("ai")
    return stage.sources(), [(o.kind, o.text) for o in outputs], stage.states()


async def test_a_run_with_tools_plays_again_where_ids_and_times_are_others() -> None:
    recorded = stage_of(*TURNS)
    await recorded.run()
    cassette = json.loads(recorded.agent.cassette("q").to_json())
    assert cassette["provider"] == "test"
    assert len(cassette["turns"]) == 3

    played = stage_of(cassette=cassette, milliseconds=3400)
    for _ in range(7):
        played.world.clock.new_id()
    await played.run("another")
    assert shown(played) == shown(recorded)
    assert '"duration_ms": 3400' in played.results()[1]
    assert played.notebook.executions["another"].outcome == "success"


async def test_cells_of_a_notebook_are_recorded_and_played_between_start_and_stop(
    tmp_path: Path,
) -> None:
    recording = record(tmp_path / "c.json").start()
    recorded = stage_of(*TURNS)
    await recorded.run()
    recording.stop()
    played = stage_of({"text": "Nobody asked me."}, milliseconds=3400)
    with replay(tmp_path / "c.json", strict=True):
        await played.run()
    assert shown(played) == shown(recorded)
    assert '"duration_ms": 3400' in played.results()[1]


async def test_cells_that_a_second_run_makes_are_others() -> None:
    stage = stage_of(*TURNS)
    await stage.run()
    await stage.run("again")
    made = [one.id for one in stage.notebook.cells_in_order()[1:]]
    assert len({*made}) == 2


async def test_a_turn_that_failed_and_one_that_was_stopped_are_kept_as_what_they_were() -> None:
    stage = stage_of({"text": "Hm.", "fault": "cut"})
    await stage.run()
    (turn,) = json.loads(stage.agent.cassette("q").to_json())["turns"]
    assert turn["error"]["type"] == "CutStreamError"

    stage = stage_of({"text": "Hm. Well.", "delay": 3600.0})
    await stage.run()
    await stage.agent.interrupt()
    (turn,) = json.loads(stage.agent.cassette("q").to_json())["turns"]
    assert "error" not in turn
    assert turn["cancelledAfter"] >= 0


async def test_the_last_runs_are_kept() -> None:
    stage = stage_of(say("Hello."))
    for number in range(9):
        await stage.run(f"q{number}")
    assert stage.agent.cassette("q8").turns
    for gone in ("q0", "unknown"):
        with pytest.raises(RuntError, match="not kept any more"):
            stage.agent.cassette(gone)
