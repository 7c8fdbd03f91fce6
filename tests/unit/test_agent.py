"""The agent's whole conversation with the store: every batch of events, ids and clock fixed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from runt_pyodide import AIConfig, ProviderRegistry, RuntimeAgent
from runt_pyodide.errors import CellError, NetworkError
from runt_pyodide.execution.run import Run
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from runt_pyodide.notebook.events import parse_event
from tests.support.stages.ai_stage import plain
from tests.support.stages.loop import settle
from tests.support.stages.world import FixedWorld

NOW = "2026-01-01T00:00:00.000Z"
SSE = {"content-type": "text/event-stream"}


def chunk(text: str, finish: str = "null") -> bytes:
    choice = f'{{"delta":{{"content":"{text}"}},"finish_reason":{finish}}}'
    return f'data: {{"choices":[{choice}]}}\n\n'.encode()


class Stage:
    """An agent on a fixed world, with an OpenAI provider whose answers are scripted."""

    def __init__(self, *answers: Scripted | NetworkError, **executors: Any) -> None:
        self.world = FixedWorld()
        self.transport = ScriptedTransport(answers)
        config = AIConfig.read({"providers": {"openai": {"baseUrl": "http://x/v1", "model": "m"}}})
        self.agent = RuntimeAgent(
            self.world.emit,
            ProviderRegistry.from_config(config, self.transport),
            runtime_id="runtime",
            clock=self.world.clock,
            session_id="session",
            executors=executors,
        )

    def receive(self, *wire: tuple[str, dict[str, Any]]) -> None:
        events = [parse_event({"name": name, "args": args}) for name, args in wire]
        self.agent.receive([event for event in events if event is not None])

    def start(self) -> None:
        self.agent.start()
        self.world.take()

    async def settle(self) -> list[list[dict[str, Any]]]:
        """What the agent emitted since the last time, once it has nothing more to do."""
        await settle()
        return [plain(batch) for batch in self.world.take()]


def cell(cell_id: str, source: str, cell_type: str = "ai", index: str = "m") -> list[Any]:
    created = {"id": cell_id, "cellType": cell_type, "fractionalIndex": index, "createdBy": "u"}
    return [
        ("v2.CellCreated", created),
        ("v1.CellSourceChanged", {"id": cell_id, "source": source, "modifiedBy": "u"}),
    ]


def request(queue: str, cell_id: str, number: int = 1) -> tuple[str, dict[str, Any]]:
    args = {"queueId": queue, "cellId": cell_id, "executionCount": number, "requestedBy": "u"}
    return ("v1.ExecutionRequested", args)


def event(name: str, **args: Any) -> dict[str, Any]:
    return {"name": name, "args": args}


def status(value: str) -> dict[str, Any]:
    return event("v1.RuntimeSessionStatusChanged", sessionId="session", status=value)


def claimed(queue: str, cell_id: str) -> list[dict[str, Any]]:
    started = {"queueId": queue, "cellId": cell_id, "runtimeSessionId": "session"}
    return [
        event("v1.ExecutionAssigned", queueId=queue, runtimeSessionId="session"),
        event("v1.ExecutionStarted", **started, startedAt=NOW),
        event("v1.CellOutputsCleared", cellId=cell_id, wait=False, clearedBy="session"),
    ]


def completed(queue: str, cell_id: str, outcome: str, **more: Any) -> dict[str, Any]:
    return event(
        "v1.ExecutionCompleted",
        queueId=queue,
        cellId=cell_id,
        status=outcome,
        **more,
        completedAt=NOW,
        executionDurationMs=0,
    )


def answer(output_id: str, text: str, **anode: Any) -> dict[str, Any]:
    spoken = {"role": "assistant", "ai_provider": "openai", "ai_model": "m", "iteration": 1}
    known = {**spoken, "run_id": "q", **anode}
    content = {"type": "inline", "data": text, "metadata": {"anode": known}}
    args = {"id": output_id, "cellId": "c", "position": 0, "content": content}
    return event("v1.MarkdownOutputAdded", **args)


def names(batches: list[list[dict[str, Any]]]) -> list[str]:
    return [event["name"] for batch in batches for event in batch]


async def test_a_prompt_from_request_to_answer() -> None:
    gate = asyncio.Event()
    stage = Stage(Scripted(200, SSE, [chunk("Because "), gate, chunk("of air.", '"stop"')]))
    stage.receive(*cell("c", "Why?"))
    stage.start()
    stage.receive(request("q", "c"))
    assert await stage.settle() == [
        [status("busy")],
        claimed("q", "c"),
        [answer("id-1", "Because ")],
    ]
    gate.set()
    delta = {"text": "of air.", "metadata": {"anode": {"finish_reason": "stop"}}}
    args = {"id": "id-2", "cellId": "c", "outputId": "id-1", "sequenceNumber": 0, "delta": delta}
    assert await stage.settle() == [
        [event("v1.OutputDelta", **args), completed("q", "c", "success")],
        [status("ready")],
    ]


async def test_a_session_starts_by_ending_what_others_left() -> None:
    stage = Stage()
    capabilities = {"canExecuteCode": True, "canExecuteSql": False, "canExecuteAi": True}
    old = {"sessionId": "old", "runtimeId": "r", "runtimeType": "python"}
    stage.receive(
        ("v1.RuntimeSessionStarted", {**old, "capabilities": capabilities}),
        *cell("c", ""),
        request("q1", "c"),
        ("v1.ExecutionAssigned", {"queueId": "q1", "runtimeSessionId": "old"}),
        request("q2", "c", 2),
    )
    stage.agent.start()
    model = {
        "name": "m",
        "displayName": "m",
        "provider": "openai",
        "capabilities": ["completion"],
    }
    started = {
        "sessionId": "session",
        "runtimeId": "runtime",
        "runtimeType": "python",
        "capabilities": {
            "canExecuteCode": False,
            "canExecuteSql": False,
            "canExecuteAi": True,
            "availableAiModels": [model],
        },
    }
    restarted = "The runtime restarted while this cell ran. Run it again."
    assert await stage.settle() == [
        [
            event("v1.RuntimeSessionTerminated", sessionId="old", reason="displaced"),
            event("v1.RuntimeSessionStarted", **started),
            completed("q1", "c", "error", error=restarted),
            status("ready"),
        ],
        [status("busy")],
        claimed("q2", "c"),
        [completed("q2", "c", "success")],
        [status("ready")],
    ]


async def test_a_cancellation_stops_the_request_and_keeps_the_text() -> None:
    stage = Stage(Scripted(200, SSE, [chunk("half"), asyncio.Event()]))
    stage.receive(*cell("c", "Why?"))
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
    stage.receive(*cell("c", "Why?"))
    stage.start()
    stage.receive(request("q1", "c"), request("q2", "c", 2))
    await stage.settle()
    stage.receive(("v1.AllExecutionsCancelled", {}))
    assert names(await stage.settle()) == ["v1.RuntimeSessionStatusChanged"]
    assert len(stage.transport.requests) == 1


@pytest.mark.parametrize("how", ["interrupt", "delete"])
async def test_an_interrupt_and_a_deleted_cell_complete_as_cancelled(how: str) -> None:
    stage = Stage(Scripted(200, SSE, [asyncio.Event()]))
    stage.receive(*cell("c", "Why?"))
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


async def test_the_echo_of_its_own_events_changes_nothing() -> None:
    stage = Stage(Scripted(200, SSE, [chunk("Because.", '"stop"')]))
    stage.receive(*cell("c", "Why?"))
    stage.start()
    stage.receive(request("q", "c"))
    batches = await stage.settle()
    for batch in [*batches, *batches]:
        stage.receive(*((wire["name"], wire["args"]) for wire in batch))
    assert await stage.settle() == []
    assert [output.text for output in stage.agent.notebook.outputs_of("c")] == ["Because."]


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


async def test_markdown_cells_and_empty_prompts_are_done_at_once() -> None:
    stage = Stage()
    stage.receive(*cell("c", "# Title", "markdown"), *cell("d", " \n"))
    stage.start()
    stage.receive(request("q1", "c"), request("q2", "d"))
    assert await stage.settle() == [
        [status("busy")],
        claimed("q1", "c"),
        [completed("q1", "c", "success")],
        claimed("q2", "d"),
        [completed("q2", "d", "success")],
        [status("ready")],
    ]
    assert stage.transport.requests == []


async def test_a_limit_of_tokens_is_no_success() -> None:
    stage = Stage(Scripted(200, SSE, [chunk("half", '"length"')]))
    stage.receive(*cell("c", "Why?"))
    stage.start()
    stage.receive(request("q", "c"))
    end = (await stage.settle())[-2]
    expected = ["v1.OutputDelta", "v1.ErrorOutputAdded", "v1.ExecutionCompleted"]
    assert names([end]) == expected
    assert end[-1]["args"]["error"].startswith("The answer was cut at the limit of output tokens.")


@pytest.fixture
async def taken_over() -> AsyncIterator[Stage]:
    stage = Stage(Scripted(200, SSE, [asyncio.Event()]))
    stage.receive(*cell("c", "Why?"))
    stage.start()
    stage.receive(request("q1", "c"), request("q2", "c", 2))
    await stage.settle()
    terminated = {"sessionId": "session", "reason": "displaced"}
    stage.receive(("v1.RuntimeSessionTerminated", terminated))
    yield stage


async def test_a_displaced_session_stops_and_leaves_all_to_the_other(taken_over: Stage) -> None:
    assert await taken_over.settle() == []
    taken_over.receive(request("q3", "c", 3))
    assert await taken_over.settle() == []
    entries = taken_over.agent.notebook.open_executions()
    assert [entry.queue_id for entry in entries] == ["q1", "q2", "q3"]


async def test_stop_ends_the_session_once() -> None:
    stage = Stage(Scripted(200, SSE, [asyncio.Event()]))
    stage.receive(*cell("c", "Why?"))
    stage.start()
    stage.receive(request("q", "c"))
    await stage.settle()
    await stage.agent.stop()
    await stage.agent.stop()
    assert await stage.settle() == [
        [completed("q", "c", "cancelled")],
        [event("v1.RuntimeSessionTerminated", sessionId="session", reason="shutdown")],
    ]


async def test_what_could_not_be_stopped_says_what_became_of_it() -> None:
    old, stage = Stage(Scripted(200, SSE, [asyncio.Event()])), Stage()
    log = [*cell("c", "Why?"), *cell("d", "And?"), request("q1", "c"), request("q2", "d")]
    old.receive(*log)
    old.start()
    written = [event for batch in await old.settle() for event in batch]
    cancelled = {"queueId": "q1", "cellId": "c", "cancelledBy": "u", "reason": "r"}
    stage.receive(*log, *((event["name"], event["args"]) for event in written))
    stage.receive(("v1.ExecutionCancelled", cancelled))
    stage.receive(request("q3", "c", 2))
    stage.agent.start("It had to go.", ["q1", "q3", "gone"])
    began = (await stage.settle())[0]
    said = "It had to go. The variables are lost: run the cells that make them again."
    errors = [e["args"] for e in began if e["name"] == "v1.ErrorOutputAdded"]
    assert [(e["cellId"], e["content"]["data"]["evalue"]) for e in errors] == [("c", said)]


async def test_an_interrupt_can_be_for_one_execution_alone() -> None:
    stage = Stage(Scripted(200, SSE, [asyncio.Event()]))
    stage.receive(*cell("c", "Why?"))
    stage.start()
    stage.receive(request("q", "c"))
    await stage.settle()
    await stage.agent.interrupt("another")
    assert await stage.settle() == []
    await stage.agent.interrupt("q")
    assert (await stage.settle())[0] == [completed("q", "c", "cancelled")]
