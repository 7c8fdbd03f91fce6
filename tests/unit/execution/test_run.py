"""Cells without anything to run."""

from __future__ import annotations

from tests.support.stages.agent_stage import Stage
from tests.support.stages.wire import cell, claimed, completed, request, status


async def test_markdown_cells_and_empty_prompts_are_done_at_once() -> None:
    stage = Stage()
    stage.receive(*cell("c", "# Title", "markdown"), *cell("d", " \n", "ai"))
    stage.start()
    stage.receive(request("q1", "c"), request("q2", "d"))
    assert await stage.settle() == [
        [status("busy")],
        claimed("q1", "c"),
        [completed("q1", "c", "success")],
        claimed("q2", "d", 2),
        [completed("q2", "d", "success")],
        [status("ready")],
    ]
    assert stage.transport.requests == []
