"""The agent's whole conversation with the store: every batch of events, ids and clock fixed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given

from runt_pyodide.execution.run import TextCell
from runt_pyodide.llm.transport.scripted import Scripted
from tests.support.notebook.odd_logs import BATCHES
from tests.support.notebook.page_fold import read_or_refuse
from tests.support.stages.agent_stage import SSE, Stage, chunk
from tests.support.stages.ai_stage import AiStage, call, say
from tests.support.stages.wire import NOW, cell, claimed, completed, event, names, request, status


def answer(output_id: str, text: str, **anode: Any) -> dict[str, Any]:
    spoken = {"role": "assistant", "ai_provider": "openai", "ai_model": "m", "iteration": 1}
    known = {**spoken, "run_id": "q", **anode}
    content = {"type": "inline", "data": text, "metadata": {"anode": known}}
    args = {"id": output_id, "cellId": "c", "position": 0, "content": content}
    return event("v1.MarkdownOutputAdded", **args)


async def test_a_prompt_from_request_to_answer() -> None:
    gate = asyncio.Event()
    stage = Stage(Scripted(200, SSE, [chunk("Because "), gate, chunk("of air.", '"stop"')]))
    stage.receive(*cell("c", "Why?", "ai"))
    stage.start()
    stage.receive(request("q", "c"))
    assert await stage.settle() == [
        [status("busy")],
        claimed("q", "c"),
        [answer("id-1", "Because ")],
    ]
    gate.set()
    ended = {"run_id": "q", "finish_reason": "stop"}
    delta = {"text": "of air.", "metadata": {"anode": ended}}
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
        *cell("c", "", "ai"),
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
    restarted = (
        "This run was cut off, since the page was closed or reloaded while it ran. Run it again."
    )
    told = {"ename": "PythonEnded", "evalue": restarted, "traceback": []}
    content = {"type": "inline", "data": told}
    assert await stage.settle() == [
        [
            event("v1.RuntimeSessionTerminated", sessionId="old", reason="displaced"),
            event("v1.RuntimeSessionStarted", **started),
            event("v1.ErrorOutputAdded", id="id-1", cellId="c", position=0, content=content),
            completed("q1", "c", "error", error=restarted),
            status("ready"),
        ],
        [status("busy")],
        claimed("q2", "c"),
        [completed("q2", "c", "success")],
        [status("ready")],
    ]


async def test_the_echo_of_its_own_events_changes_nothing() -> None:
    stage = Stage(Scripted(200, SSE, [chunk("Because.", '"stop"')]))
    stage.receive(*cell("c", "Why?", "ai"))
    stage.start()
    stage.receive(request("q", "c"))
    batches = await stage.settle()
    for batch in [*batches, *batches]:
        stage.receive(*((wire["name"], wire["args"]) for wire in batch))
    assert await stage.settle() == []
    assert [output.text for output in stage.agent.notebook.outputs_of("c")] == ["Because."]


@pytest.mark.parametrize("limit", [None, 1000])
async def test_a_limit_of_tokens_is_no_success(limit: int | None) -> None:
    stage = Stage(Scripted(200, SSE, [chunk("half", '"length"')]))
    stage.receive(*cell("c", "Why?", "ai"))
    if limit is not None:
        ai = {"cellId": "c", "provider": "openai", "model": "m", "settings": {"maxTokens": limit}}
        stage.receive(("v1.AiSettingsChanged", ai))
    stage.start()
    stage.receive(request("q", "c"))
    end = (await stage.settle())[-2]
    expected = ["v1.OutputDelta", "v1.ErrorOutputAdded", "v1.ExecutionCompleted"]
    assert names(end) == expected
    told = ", which is set to 1,000" if limit else ""
    truncated = f"The answer was truncated at the limit of output tokens{told}."
    assert end[-1]["args"]["error"].startswith(truncated)


@pytest.fixture
async def taken_over() -> AsyncIterator[Stage]:
    stage = Stage(Scripted(200, SSE, [asyncio.Event()]))
    stage.receive(*cell("c", "Why?", "ai"))
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
    stage.receive(*cell("c", "Why?", "ai"))
    stage.start()
    stage.receive(request("q", "c"))
    await stage.settle()
    await stage.agent.stop()
    await stage.agent.stop()
    [[account, end], last] = await stage.settle()
    assert account["args"]["content"]["data"] == ""
    assert end == completed("q", "c", "cancelled")
    assert last == [event("v1.RuntimeSessionTerminated", sessionId="session", reason="shutdown")]


async def test_what_could_not_be_stopped_says_what_became_of_it() -> None:
    old, stage = Stage(Scripted(200, SSE, [asyncio.Event()])), Stage()
    log = [
        *cell("c", "Why?", "ai"),
        *cell("d", "And?", "ai"),
        request("q1", "c"),
        request("q2", "d"),
    ]
    old.receive(*log)
    old.start()
    written = [event for batch in await old.settle() for event in batch]
    cancelled = {"queueId": "q1", "cellId": "c", "cancelledBy": "u", "reason": "r"}
    stage.receive(*log, *((event["name"], event["args"]) for event in written))
    stage.receive(("v1.ExecutionCancelled", cancelled))
    stage.receive(request("q3", "c", 2))
    stage.agent.start("It had to go.", ["q1", "q3", "gone"])
    began = (await stage.settle())[0]
    said = "It had to go. Continue the run, or run the cell again."
    errors = [e["args"] for e in began if e["name"] == "v1.ErrorOutputAdded"]
    assert [(e["cellId"], e["content"]["data"]["evalue"]) for e in errors] == [("c", said)]


async def test_what_waited_and_costs_money_is_not_run_unasked() -> None:
    together = [{"id": id, "executionCount": 1, "queueId": f"all-{id}"} for id in ("ai", "b")]
    stage = Stage(code=TextCell())
    stage.receive(
        *cell("a", "1", "code"),
        *cell("ai", "Why?", "ai"),
        *cell("b", "2", "code"),
        request("alone", "a"),
        ("v1.MultipleExecutionRequested", {"requestedBy": "u", "cellsInfo": together}),
        request("asked", "ai", 2),
    )
    stage.agent.start("Python crashed.", waiting=["alone", "all-ai", "all-b"])
    began, *ran = await stage.settle()
    cancelled = [e["args"] for e in began if e["name"] == "v1.ExecutionCancelled"]
    assert [one["queueId"] for one in cancelled] == ["all-ai", "all-b"]
    assert cancelled[0]["cancelledBy"] == "session"
    assert cancelled[0]["reason"].startswith("Not run: Python crashed. A model is not asked again")
    assert [one for batch in ran for one in batch if one == claimed("alone", "a")[1]]
    assert stage.agent.notebook.executions["asked"].started_at is not None


async def test_what_ran_in_a_cell_that_is_gone_ends_without_a_word_there() -> None:
    stage = Stage()
    begun = {"queueId": "q", "cellId": "c", "runtimeSessionId": "old", "startedAt": NOW}
    stage.receive(*cell("c", "1"), ("v1.ExecutionStarted", begun), ("v1.CellDeleted", {"id": "c"}))
    stage.agent.start()
    [began] = await stage.settle()
    assert [e["name"] for e in began if e["name"].startswith(("v1.Error", "v1.Exec"))] == [
        "v1.ExecutionCompleted"
    ]


@given(BATCHES)
def test_no_event_ends_a_runtime(batches: list[list[Any]]) -> None:
    """Whatever a log holds, and whenever it comes, a cell that is requested afterwards runs."""

    async def live() -> None:
        problems: list[Any] = []
        handle = asyncio.get_running_loop().set_exception_handler
        handle(lambda _loop, problem: problems.append(problem))
        stage = AiStage(*[say("Hello.")] * 50)
        stage.agent.start()
        for batch in batches:
            stage.agent.receive([event for wire in batch if (event := read_or_refuse(wire))])
            await stage.settle()
        stage.receive(*cell("last", "Why?", "ai"), request("last", "last"))
        for _ in range(3):
            await stage.settle()
        assert problems == []
        assert stage.notebook.executions["last"].outcome == "success"
        await stage.agent.stop()

    asyncio.run(live())


async def test_no_prompt_is_sent_twice_wherever_a_log_was_cut() -> None:
    """A tab that is killed leaves the beginning of its log; the next one asks no model for it."""
    turns = [call("create_cell", source="1", cell_type="code"), say("Here it is.")]
    first = AiStage(*turns)
    log = [*cell("ai", "Do it.", "ai"), *cell("b", "And then?", "ai")]
    log += [request("q1", "ai"), request("q2", "b")]
    first.receive(*log)
    first.agent.start()
    log += [(one["name"], one["args"]) for one in await first.settle()]
    assert len(first.provider.requests) == 4
    for cut in range(len(log) + 1):
        stage = AiStage(*turns, session_id="next")
        stage.receive(*log[:cut])
        left = stage.notebook.open_executions()
        waiting = [one.queue_id for one in left if one.started_at is None]
        stage.agent.start("The page was closed.", waiting=waiting)
        await stage.settle()
        assert stage.provider.requests == [], cut
        assert stage.notebook.open_executions() == [], cut
        await stage.agent.stop()
