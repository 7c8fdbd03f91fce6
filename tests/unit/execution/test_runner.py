"""Executions: one at a time, and each ends once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from runt_pyodide.errors import CellError
from runt_pyodide.execution.run import Run
from runt_pyodide.llm.transport.scripted import Scripted
from tests.support.notebook import logs
from tests.support.stages.agent_stage import SSE, Stage, chunk
from tests.support.stages.loop import settle
from tests.support.stages.run_stage import RunStage
from tests.support.stages.wire import NOW, cell, completed, event, names, request, status


async def test_a_cancellation_stops_the_request_and_keeps_the_text() -> None:
    stage = Stage(Scripted(200, SSE, [chunk("half"), asyncio.Event()]))
    stage.receive(*cell("c", "Why?", "ai"))
    stage.start()
    stage.receive(request("q", "c"))
    await stage.settle()
    cancelled = {"queueId": "q", "cellId": "c", "cancelledBy": "u", "reason": "stop"}
    stage.receive(("v1.ExecutionCancelled", cancelled))
    delta = {"metadata": {"anode": {"run_id": "q", "finish_reason": "cancelled"}}}
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
    account, ready = await stage.settle()
    assert names([*account, *ready]) == ["v1.MarkdownOutputAdded", "v1.RuntimeSessionStatusChanged"]
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
    [[account, *end], ready] = await stage.settle()
    assert account["name"] == "v1.MarkdownOutputAdded"
    assert [end, ready] == [[completed("q", "c", "cancelled")], [status("ready")]]
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
    assert (await stage.settle())[0][-1] == completed("q", "c", "cancelled")


def together(*cells: tuple[str, str]) -> tuple[str, dict[str, Any]]:
    infos = [{"queueId": queue, "id": cell_id, "executionCount": 1} for queue, cell_id in cells]
    return ("v1.MultipleExecutionRequested", {"requestedBy": "me", "cellsInfo": infos})


class Sources:
    """Runs cells by their sources: "fail" fails, "wait" waits for ever, anything else succeeds."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    async def execute(self, run: Run) -> None:
        self.ran.append(run.cell.id)
        if run.cell.source == "fail":
            raise CellError("No.")
        if run.cell.source == "wait":
            await asyncio.Event().wait()


def stage_of_four(second: str) -> tuple[Stage, Sources]:
    """A stage with cells a to d that have been requested together, of which b is this one; q5
    was requested by itself."""
    sources = Sources()
    stage = Stage(code=sources)
    for cell_id in "abcd":
        stage.receive(*cell(cell_id, second if cell_id == "b" else "", "code", cell_id))
    stage.start()
    stage.receive(together(*((f"q{cell_id}", cell_id) for cell_id in "abcd")))
    stage.receive(request("q5", "a", 2))
    return stage, sources


def reasons(stage: Stage) -> dict[str, str | None]:
    entries = stage.agent.notebook.executions.values()
    return {entry.queue_id: entry.reason for entry in entries if entry.cancelled_by == "session"}


async def test_what_was_requested_together_stops_together_below_a_failed_cell() -> None:
    stage, sources = stage_of_four("fail")
    await stage.settle()
    assert sources.ran == ["a", "b", "a"]
    why = "Not run: a cell above failed."
    assert reasons(stage) == {"qc": why, "qd": why}


@pytest.mark.parametrize("how", ["interrupt", "cancel"])
async def test_what_was_requested_together_stops_together_below_a_stopped_cell(how: str) -> None:
    stage, sources = stage_of_four("wait")
    await stage.settle()
    if how == "interrupt":
        await stage.agent.interrupt()
    else:
        stop = {"queueId": "qb", "cellId": "b", "cancelledBy": "me", "reason": "stop"}
        stage.receive(("v1.ExecutionCancelled", stop))
    await stage.settle()
    assert sources.ran == ["a", "b", "a"]
    why = "Not run: a cell above was stopped."
    assert reasons(stage) == {"qc": why, "qd": why}


async def test_what_is_taken_out_before_it_began_stops_nothing() -> None:
    stage, sources = stage_of_four("")
    stop = {"queueId": "qb", "cellId": "b", "cancelledBy": "me", "reason": "stop"}
    stage.receive(("v1.ExecutionCancelled", stop))
    await stage.settle()
    assert sources.ran == ["a", "c", "d", "a"]


async def test_a_new_session_does_not_run_what_waited_behind_the_cell_that_ended_python() -> None:
    sources = Sources()
    stage = Stage(code=sources)
    for cell_id in "abc":
        stage.receive(*cell(cell_id, "", "code", cell_id))
    started = {"queueId": "qb", "cellId": "b", "runtimeSessionId": "old", "startedAt": NOW}
    stage.receive(together(("qb", "b"), ("qc", "c"), ("qa", "a")), ("v1.ExecutionStarted", started))
    stage.agent.start("Python ended.")
    await stage.settle()
    assert sources.ran == []
    assert reasons(stage) == {
        "qc": "Not run: a cell above failed.",
        "qa": "Not run: a cell before it failed.",
    }


async def test_no_model_is_asked_below_a_failed_cell() -> None:
    stage = Stage(Scripted(200, SSE, [chunk("x", '"stop"')]), code=Sources())
    stage.receive(*cell("a", "fail", "code", "a"), *cell("b", "Why?", "ai", "b"))
    stage.start()
    stage.receive(together(("qa", "a"), ("qb", "b")))
    await stage.settle()
    assert stage.transport.requests == []
    assert reasons(stage) == {"qb": "Not run: a cell above failed."}


async def test_one_counter_numbers_what_a_session_runs() -> None:
    numbers: list[int] = []

    class Recorder:
        async def execute(self, run: Run) -> None:
            numbers.append(run.execution_count)

    stage = Stage(code=Recorder())
    stage.receive(*cell("a", "a", "code"), *cell("b", "b", "markdown", "n"))
    stage.start()
    stage.receive(request("q1", "a", 7), request("q2", "b", 7), request("q3", "a", 1))
    batches = await stage.settle()
    sent = [one["args"] for batch in batches for one in batch if "startedAt" in one["args"]]
    assert [args["executionCount"] for args in sent] == [1, 2, 3]
    assert numbers == [1, 3]


async def test_a_cell_begins_once_the_store_has_its_start() -> None:
    """A page that is killed before would begin it again."""
    ran: list[str] = []

    class Recorder:
        async def execute(self, run: Run) -> None:
            ran.append(run.id)

    created = logs.cell("c", "code")
    stage = RunStage(created, "c", executors={"code": Recorder()}, propose=lambda *_: None)
    running = asyncio.create_task(stage.run.workspace.run_cell("c", "me"))
    await settle()
    (queue_id,) = (e["args"]["queueId"] for e in stage.events if "ExecutionStarted" in e["name"])
    assert ran == []
    stage.receive([logs.started(queue_id)])
    await running
    assert ran == [queue_id]
