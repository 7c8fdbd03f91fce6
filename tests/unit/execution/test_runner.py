"""Executions: one at a time, and each ends once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from runt_pyodide.errors import CellError
from runt_pyodide.execution.run import Run
from runt_pyodide.llm.transport.scripted import Scripted
from tests.support.stages.agent_stage import SSE, Stage, chunk
from tests.support.stages.wire import cell, completed, event, names, request, status


async def test_a_cancellation_stops_the_request_and_keeps_the_text() -> None:
    stage = Stage(Scripted(200, SSE, [chunk("half"), asyncio.Event()]))
    stage.receive(*cell("c", "Why?", "ai"))
    stage.start()
    stage.receive(request("q", "c"))
    await stage.settle()
    cancelled = {"queueId": "q", "cellId": "c", "cancelledBy": "u", "reason": "stop"}
    stage.receive(("v1.ExecutionCancelled", cancelled))
    delta = {"metadata": {"anode": {"finish_reason": "cancelled"}}}
    args = {"id": "id-2", "cellId": "c", "outputId": "id-1", "sequenceNumber": 0, "delta": delta}
    assert await stage.settle() == [[event("v1.OutputDelta", **args)], [status("ready")]]
    assert stage.transport.aborted == 1
    assert stage.agent.notebook.outputs_of("c")[0].text == "half"


async def test_a_pending_execution_that_was_cancelled_never_runs() -> None:
    stage = Stage(Scripted(200, SSE, [asyncio.Event()]))
    stage.receive(*cell("c", "Why?", "ai"))
    stage.start()
    stage.receive(request("q1", "c"), request("q2", "c", 2))
    await stage.settle()
    stage.receive(("v1.AllExecutionsCancelled", {}))
    assert names(*await stage.settle()) == ["v1.RuntimeSessionStatusChanged"]
    assert len(stage.transport.requests) == 1


@pytest.mark.parametrize("how", ["interrupt", "delete"])
async def test_an_interrupt_and_a_deleted_cell_complete_as_cancelled(how: str) -> None:
    stage = Stage(Scripted(200, SSE, [asyncio.Event()]))
    stage.receive(*cell("c", "Why?", "ai"))
    stage.start()
    stage.receive(request("q", "c"))
    await stage.settle()
    if how == "interrupt":
        await stage.agent.interrupt()
    else:
        stage.receive(("v1.CellDeleted", {"id": "c"}))
    assert await stage.settle() == [[completed("q", "c", "cancelled")], [status("ready")]]
    assert stage.transport.aborted == 1


async def test_executions_run_one_at_a_time_in_order_and_once() -> None:
    ran: list[str] = []

    class Recorder:
        async def execute(self, run: Run) -> None:
            ran.append(f"{run.cell.source}{run.execution_count}")
            await asyncio.sleep(0)

    stage = Stage(code=Recorder())
    stage.receive(*cell("a", "a", "code"), *cell("b", "b", "code", "n"))
    stage.start()
    requests = [request("q1", "b", 1), request("q2", "a", 2), request("q3", "b", 3)]
    stage.receive(*requests, requests[0])
    stage.receive(*requests)
    await stage.settle()
    assert ran == ["b1", "a2", "b3"]


def error_output(ename: str, evalue: str, traceback: list[str]) -> dict[str, Any]:
    data = {"ename": ename, "evalue": evalue, "traceback": traceback}
    content = {"type": "inline", "data": data}
    return event("v1.ErrorOutputAdded", id="id-1", cellId="c", position=0, content=content)


class Failing:
    def __init__(self, error: Exception) -> None:
        self._error = error

    async def execute(self, run: Run) -> None:
        raise self._error


async def test_a_failure_is_an_output_and_an_end_in_one_batch() -> None:
    error = CellError("ValueError: no", ename="ValueError", traceback=["line 1", "ValueError: no"])
    stage = Stage(code=Failing(error))
    stage.receive(*cell("c", "x", "code"))
    stage.start()
    stage.receive(request("q", "c"))
    assert (await stage.settle())[2] == [
        error_output("ValueError", "ValueError: no", ["line 1", "ValueError: no"]),
        completed("q", "c", "error", error="ValueError: no"),
    ]


async def test_what_we_did_not_expect_is_shown_with_its_traceback() -> None:
    stage = Stage(code=Failing(KeyError("x")))
    stage.receive(*cell("c", "x", "code"))
    stage.start()
    stage.receive(request("q", "c"))
    shown = (await stage.settle())[2][0]["args"]["content"]["data"]
    assert (shown["ename"], shown["evalue"]) == ("KeyError", "'x'")
    assert shown["traceback"][0] == "Traceback (most recent call last):"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([], "There is no cell 'c' in this notebook."),
        (cell("c", "select 1", "sql"), "This runtime does not run sql cells. Change the cell to"),
    ],
)
async def test_what_cannot_run_says_why(cells: list[Any], said: str) -> None:
    stage = Stage()
    stage.receive(*cells)
    stage.start()
    stage.receive(request("q", "c"))
    end = (await stage.settle())[2][-1]["args"]
    assert end["status"] == "error"
    assert end["error"].startswith(said)


async def test_an_interrupt_can_be_for_one_execution_alone() -> None:
    stage = Stage(Scripted(200, SSE, [asyncio.Event()]))
    stage.receive(*cell("c", "Why?", "ai"))
    stage.start()
    stage.receive(request("q", "c"))
    await stage.settle()
    await stage.agent.interrupt("another")
    assert await stage.settle() == []
    await stage.agent.interrupt("q")
    assert (await stage.settle())[0] == [completed("q", "c", "cancelled")]
