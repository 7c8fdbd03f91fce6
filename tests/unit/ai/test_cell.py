"""Runs of AI cells with tools, as the store sees them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from runt_pyodide import AIConfig, tool
from runt_pyodide.ai.tools.function import remove_tool
from runt_pyodide.errors import CellError
from tests.support.stages.ai_stage import (
    NOW,
    AiStage,
    Reader,
    call,
    calls,
    cell,
    names,
    plain,
    request,
    say,
)
from tests.support.stages.python_page import Page, page  # noqa: F401 -- a fixture
from tests.support.stages.world import WireEvent

SINE = (
    "import math\nfrom IPython.display import SVG\n"
    "points = ' '.join(f'{x},{50 - 40 * math.sin(x / 8)}' for x in range(0, 100, 25))\n"
    "SVG(f'<svg><polyline points=\"{points}\"/></svg>')"
)
PROMPT = "Create a Python cell that plots a sine wave"


def event(name: str, **args: Any) -> WireEvent:
    return {"name": name, "args": args}


def status(value: str) -> WireEvent:
    return event("v1.RuntimeSessionStatusChanged", sessionId="session", status=value)


def claimed(queue: str, cell_id: str) -> list[WireEvent]:
    ids = {"queueId": queue, "runtimeSessionId": "session"}
    return [
        event("v1.ExecutionAssigned", **ids),
        event("v1.ExecutionStarted", **ids, cellId=cell_id, startedAt=NOW),
        event("v1.CellOutputsCleared", cellId=cell_id, wait=False, clearedBy="session"),
    ]


def completed(queue: str, cell_id: str, outcome: str = "success", **more: Any) -> WireEvent:
    ended = {"status": outcome, **more, "completedAt": NOW, "executionDurationMs": 0}
    return event("v1.ExecutionCompleted", queueId=queue, cellId=cell_id, **ended)


def source(iteration: int) -> dict[str, Any]:
    asked = {"ai_provider": "test", "ai_model": "scripted"}
    return {"iteration": iteration, "run_id": "q", **asked}


def text(output_id: str, position: int, iteration: int, said: str, **anode: Any) -> WireEvent:
    about = {"anode": {"role": "assistant", **source(iteration), **anode}}
    content = {"type": "inline", "data": said, "metadata": about}
    place = {"id": output_id, "cellId": "ai", "position": position}
    return event("v1.MarkdownOutputAdded", **place, content=content)


def tool_call(
    output_id: str, position: int, iteration: int, call_id: str, name: str, args: dict[str, Any]
) -> WireEvent:
    anode = {
        "role": "function_call",
        **source(iteration),
        "tool_call": True,
        "tool_name": name,
        "tool_args": args,
        "tool_call_id": call_id,
        "state": "pending",
    }
    data = {"tool_call_id": call_id, "tool_name": name, "arguments": args}
    return display(output_id, position, "application/vnd.anode.aitool+json", data, anode)


def tool_result(
    output_id: str,
    position: int,
    iteration: int,
    call_id: str,
    name: str,
    args: dict[str, Any],
    said: str,
    **anode: Any,
) -> WireEvent:
    about = {
        "role": "tool",
        "iteration": iteration,
        "run_id": "q",
        "tool_name": name,
        "tool_call_id": call_id,
        **anode,
    }
    data = {
        "tool_call_id": call_id,
        "status": "success",
        "result": said,
        "tool_name": name,
        "arguments": args,
        "timestamp": NOW,
    }
    mime = "application/vnd.anode.aitool.result+json"
    return display(output_id, position, mime, data, about)


def display(
    output_id: str, position: int, mime: str, data: Any, anode: dict[str, Any]
) -> WireEvent:
    shown = {mime: {"type": "inline", "data": data, "metadata": {"anode": anode}}}
    place = {"id": output_id, "cellId": "ai", "position": position}
    return event("v1.MultimediaDisplayOutputAdded", **place, representations=shown)


def annotated(
    delta_id: str, output_id: str, number: int, *, text: str = "", **anode: Any
) -> WireEvent:
    args = {"id": delta_id, "cellId": "ai", "outputId": output_id, "sequenceNumber": number}
    body = {**({"text": text} if text else {}), "metadata": {"anode": anode}}
    return event("v1.OutputDelta", **args, delta=body)


def without_readers_text(events: list[WireEvent]) -> list[WireEvent]:
    """Calls and results without the Markdown and plain text beside them, which have a test of
    their own."""
    events = plain(events)
    for one in events:
        shown = one["args"].get("representations", {})
        if any("aitool" in mime for mime in shown):
            del shown["text/markdown"], shown["text/plain"]
    return events


async def test_the_sine_wave(page: Page) -> None:  # noqa: F811
    """The whole of it: a cell is created, run after an approval, seen, and told of."""
    created = {"cellType": "code", "source": SINE}
    made = "2e10fae2-5922-5c0d-83e1-890396dd067d"  # its first in this notebook, always
    stage = AiStage(
        {"text": "I will plot it.", **call("create_cell", **created)},
        call("execute_cell", cellId="{{call_1.cell_id}}"),
        say("Here is your sine wave."),
        executors={"code": page.cell},
    )
    stage.open(PROMPT)
    told = json.dumps({"cell_id": made, "done": "created"})
    snapshot = {"cell_type": "code", "source": SINE, "fractional_index": "t"}
    seen = {"source_visible": True, "output_visible": True, "ai_context_visible": True}
    change = {"kind": "created", "cell_id": made, "after": {**snapshot, **seen}}
    run = {"cellId": made}
    drawn = '<svg><polyline points="0,50.0 25,49.336324310826086 50,51.32716866190227 75,48.0097'
    assert without_readers_text(await stage.run()) == [
        status("busy"),
        *claimed("q", "ai"),
        text("id-1", 0, 1, "I"),
        annotated("id-3", "id-1", 0, finish_reason="tool_calls", text=" will plot it."),
        tool_call("id-2", 1, 1, "call_1", "create_cell", created),
        event("v2.CellCreated", id=made, cellType="code", fractionalIndex="t", createdBy="ai:q"),
        event("v1.CellSourceChanged", id=made, source=SINE, modifiedBy="ai:q"),
        annotated("id-5", "id-2", 0, state="success", duration_ms=0),
        tool_result(
            "id-4",
            2,
            1,
            "call_1",
            "create_cell",
            created,
            told,
            change=change,
        ),
        text("id-7", 3, 2, "", finish_reason="tool_calls"),
        tool_call("id-6", 4, 2, "call_2", "execute_cell", run),
        annotated("id-8", "id-6", 0, state="waiting"),
        event(
            "v1.ToolApprovalRequested",
            toolCallId="call_2",
            cellId="ai",
            toolName="execute_cell",
            arguments=run,
            requestedAt=NOW,
        ),
    ]
    stage.respond("call_2")
    events = without_readers_text(await stage.settle())
    svg = events[5]["args"]["representations"]["image/svg+xml"]["data"]
    assert svg.startswith(drawn)
    reported = {"result": "<IPython.core.display.SVG object>"}
    seen_result = json.dumps({"status": "success", "duration_ms": 0, **reported})
    assert events == [
        annotated("id-9", "id-6", 1, state="running"),
        event(
            "v1.ExecutionRequested",
            queueId="id-10",
            cellId=made,
            executionCount=1,
            requestedBy="ai:q",
        ),
        *claimed("id-10", made),
        event(
            "v1.MultimediaResultOutputAdded",
            id="id-11",
            cellId=made,
            position=0,
            representations={
                "text/plain": {"type": "inline", "data": "<IPython.core.display.SVG object>"},
                "image/svg+xml": {"type": "inline", "data": svg},
            },
            executionCount=1,
        ),
        completed("id-10", made),
        annotated("id-13", "id-6", 2, state="success", duration_ms=0),
        tool_result("id-12", 5, 2, "call_2", "execute_cell", run, seen_result),
        text("id-14", 6, 3, "Here is your sine wave.", finish_reason="stop"),
        completed("q", "ai"),
        status("ready"),
    ]
    assert stage.sources() == [("ai", PROMPT), ("code", SINE)]


async def test_a_call_that_is_denied_is_not_made_and_the_model_hears_why() -> None:
    stage = AiStage(call("delete_cell", cellId="a"), say("I left it."))
    stage.receive(*cell("a", "x = 1", index="c"))
    stage.open()
    await stage.run()
    stage.respond("call_1", "denied", reason="I need it.")
    await stage.settle()
    assert stage.sources()[0] == ("code", "x = 1")
    assert stage.states() == ["denied"]
    assert stage.results() == [
        "The user denied this call. Their reason: I need it. Do not try it again; go on without "
        "it, or ask."
    ]
    assert stage.notebook.executions["q"].outcome == "success"


async def test_a_tool_that_is_approved_for_always_is_asked_for_no_more() -> None:
    stage = AiStage(
        call("modify_cell", cellId="a", source="1"),
        call("modify_cell", cellId="a", source="2"),
        call("delete_cell", cellId="a"),
        say("Done."),
    )
    stage.receive(*cell("a", "0", index="c"))
    stage.open()
    await stage.run()
    stage.respond("call_1", "approved_always")
    events = await stage.settle()
    assert stage.sources()[0] == ("code", "2")
    asked = [one["args"]["toolName"] for one in events if "ApprovalRequested" in one["name"]]
    assert asked == ["delete_cell"]


@pytest.mark.parametrize(
    ("config", "outcome"),
    [
        ({"tools": {"delete_cell": "auto"}}, ["success"]),
        ({"tools": {"delete_cell": "never"}}, ["denied"]),
        ({"tools": {"list_cells": "never"}}, ["waiting"]),
    ],
)
async def test_policies_of_the_configuration(config: dict[str, Any], outcome: list[str]) -> None:
    stage = AiStage(call("delete_cell", cellId="a"), say("Done."), config=config)
    stage.receive(*cell("a", "0", index="c"))
    stage.open()
    await stage.run()
    assert stage.states() == outcome


@pytest.mark.parametrize(
    ("turn", "told"),
    [
        (call("fly"), "There is no tool 'fly'. The tools are: create_cell, "),
        (
            {"toolCalls": [{"name": "read_cell", "arguments": "{not json"}]},
            "The arguments of read_cell are no JSON object. Call it again with valid JSON.",
        ),
        (
            {"toolCalls": [{"name": "read_cell", "arguments": "[1]"}]},
            "The arguments of read_cell are no JSON object.",
        ),
        (call("read_cell"), "The arguments of read_cell are wrong. cellId: Field required."),
        (
            call("create_cell", cellType="code", source=1, colour="red"),
            "The arguments of create_cell are wrong. source: Input should be a valid string; "
            "colour: Extra inputs are not permitted.",
        ),
        (call("read_cell", cellId="gone"), "The cell 'gone' is not there. list_cells gives"),
        (call("read_cell", cellId="secret"), "The cell 'secret' is not there."),
        (call("execute_cell", cellId="secret"), "The cell 'secret' is not there."),
        (call("execute_cell", cellId="ai"), "The cell 'ai' is running: it cannot be run within"),
        (call("modify_cell", cellId="ai", source=""), "That is the cell that you answer"),
        (call("move_cell", cellId="a", after_id="a"), "A cell cannot be moved below itself."),
    ],
)
async def test_a_bad_call_is_told_to_the_model_and_the_run_goes_on(
    turn: dict[str, Any], told: str
) -> None:
    every = dict.fromkeys(("execute_cell", "modify_cell", "move_cell"), "auto")
    stage = AiStage(turn, say("Never mind."), config={"tools": every})
    hidden = {"id": "secret", "aiContextVisible": False}
    stage.receive(
        *cell("a", "0", index="b"),
        *cell("secret", "key", index="c"),
        ("v1.CellAiContextVisibilityToggled", hidden),
    )
    stage.open()
    await stage.run()
    (result,) = stage.results()
    assert result.startswith(told)
    assert stage.states() == ["error"]
    assert stage.notebook.outputs_of("ai")[-1].text == "Never mind."
    sent = stage.provider.requests[1].messages[-1]
    assert (sent.role, sent.tool_call_id) == ("tool", "call_1")
    assert told in sent.content


async def test_an_ai_cell_may_run_another_but_not_one_that_it_runs_within() -> None:
    stage = AiStage(
        responses=[
            {"prompt": "outer", "turns": [call("execute_cell", cellId="inner"), say("Done.")]},
            {"prompt": "inner", "turns": [call("execute_cell", cellId="ai"), say("No.")]},
        ],
        config={"tools": {"execute_cell": "auto"}},
    )
    stage.receive(*cell("inner", "inner", "ai", "z"))
    stage.open("outer")
    await stage.run()
    assert stage.results("inner")[0].startswith("The cell 'ai' is running")
    assert json.loads(stage.results()[0])["status"] == "success"


@pytest.mark.parametrize("how", ["interrupt", "cancel", "cancel all", "delete"])
@pytest.mark.parametrize("when", ["turn", "tool", "approval"])
async def test_a_stop_ends_it_and_the_next_run_works(when: str, how: str) -> None:
    """No request and no event but the cancellation comes after it."""
    policy = {"tools": {"execute_cell": "ask" if when == "approval" else "auto"}}
    slow = {"text": "Hm.", "delay": 3600.0} if when == "turn" else call("execute_cell", cellId="a")
    reader = Reader()
    stage = AiStage(slow, say("Done."), config=policy, executors={"code": reader})
    stage.receive(*cell("a", "x", index="b"), *cell("next", "Next.", "ai", "z"))
    stage.open()
    await stage.run()
    assert reader.began == (["a"] if when == "tool" else [])
    if how == "interrupt":
        await stage.agent.interrupt()
    elif how == "cancel":
        args = {"queueId": "q", "cellId": "ai", "cancelledBy": "me", "reason": "stop"}
        stage.receive(("v1.ExecutionCancelled", args))
    elif how == "cancel all":
        stage.receive(("v1.AllExecutionsCancelled", {}))
    else:
        stage.receive(("v1.CellDeleted", {"id": "ai"}))
    after = names(await stage.settle())
    allowed = {"v1.OutputDelta", "v1.ExecutionCompleted", "v1.RuntimeSessionStatusChanged"}
    assert set(after) <= allowed
    assert not stage.notebook.open_executions()
    assert len(stage.provider.requests) == 1
    stage.respond("call_1")
    reader.gate.set()
    assert await stage.settle() == []
    if how != "delete":
        assert stage.states() == ([] if when == "turn" else ["cancelled"])
    stage.provider._settings = stage.provider._settings.model_copy(update={"responses": ()})
    await stage.run("q2", "next")
    assert stage.notebook.executions["q2"].outcome == "success"
    assert len(stage.provider.requests) == 2


async def test_a_cell_that_a_person_stops_is_a_result_and_the_run_goes_on() -> None:
    reader = Reader()
    stage = AiStage(
        call("execute_cell", cellId="a"),
        say("You stopped it."),
        config={"tools": {"execute_cell": "auto"}},
        executors={"code": reader},
    )
    stage.receive(*cell("a", "x", index="b"))
    stage.open()
    await stage.run()
    inner = next(one for one in stage.notebook.open_executions() if one.cell_id == "a")
    args = {"queueId": inner.queue_id, "cellId": "a", "cancelledBy": "me", "reason": "stop"}
    stage.receive(("v1.ExecutionCancelled", args))
    await stage.settle()
    assert stage.results() == ['{"status": "cancelled", "note": "A person stopped the cell."}']
    assert stage.notebook.executions["q"].outcome == "success"


async def test_calls_run_in_their_order_and_those_that_only_read_together() -> None:
    order: list[str] = []
    gates = {name: asyncio.Event() for name in ("one", "two")}

    @tool(policy="auto", reads_only=True)
    async def look(name: str) -> str:
        """Looks."""
        order.append(f"{name} begins")
        await gates[name].wait()
        order.append(f"{name} ends")
        return name

    try:
        stage = AiStage(
            calls(
                ("look", {"name": "one"}),
                ("look", {"name": "two"}),
                ("create_cell", {"cellType": "markdown", "source": "# New"}),
            ),
            say("Done."),
        )
        stage.open()
        await stage.run()
        assert order == ["one begins", "two begins"]
        assert stage.states() == ["running", "running", "pending"]
        gates["two"].set()
        await stage.settle()
        gates["one"].set()
        await stage.settle()
    finally:
        remove_tool("look")
    assert order[2:] == ["two ends", "one ends"]
    assert stage.results()[:2] == ["two", "one"]
    told = stage.provider.requests[1].messages[-3:]
    assert [message.tool_call_id for message in told] == ["call_1", "call_2", "call_3"]


async def test_a_tool_that_a_cell_defines_is_there_in_the_next_turn(page: Page) -> None:  # noqa: F811
    defining = "from runt_pyodide import tool\n@tool(policy='auto')\ndef twice(n: int) -> int:\n"
    defining += "    '''Doubles.'''\n    return n * 2"
    stage = AiStage(
        call("create_cell", cellType="code", source=defining),
        call("execute_cell", cellId="{{call_1.cell_id}}"),
        call("twice", n=21),
        say("42"),
        config={"tools": {"execute_cell": "auto"}},
        executors={"code": page.cell},
    )
    stage.open()
    try:
        await stage.run()
    finally:
        remove_tool("twice")
    assert stage.results()[-1] == "42"


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
        "The model called list_cells with the same arguments, and to the same result, 3 times"
    )
    assert len(stage.provider.requests) == 3


async def test_the_same_error_ends_after_three() -> None:
    flying = [call(f"fly_{n}") for n in range(2)]
    stage = AiStage(*flying, *[call("read_cell", cellId=n) for n in range(9)])
    stage.open()
    await stage.run()
    assert "failed with the same error 3 times in a row" in stage.notebook.executions["q"].error
    assert len(stage.provider.requests) == 5


async def test_seconds_are_a_limit_that_waiting_for_a_person_does_not_count_in() -> None:
    stage = AiStage(
        call("modify_cell", cellId="a", source="1"),
        {"text": "slow", "delay": 3600.0},
        config={"limits": {"seconds": 0.05}},
    )
    stage.receive(*cell("a", "0", index="b"))
    stage.open()
    await stage.run()
    await asyncio.sleep(0.1)
    assert stage.states() == ["waiting"]
    stage.respond("call_1")
    while stage.notebook.open_executions():
        await asyncio.sleep(0.01)
        await stage.settle()
    assert stage.notebook.executions["q"].error.startswith(
        "The run reached its limit of 0.05 seconds."
    )


async def test_an_approval_outlives_the_session_and_the_run_goes_on() -> None:
    stage = AiStage(call("modify_cell", cellId="a", source="1"), say("Changed."))
    log = [*cell("a", "0", index="b"), *cell("ai", "Do it.", "ai"), request("q", "ai")]
    stage.receive(*log)
    stage.agent.start()
    written = await stage.settle()
    later = AiStage(
        call("modify_cell", cellId="a", source="1"), say("Changed."), session_id="later"
    )
    later.receive(*log, *written)
    later.agent.start()
    first = names(await later.settle())
    assert "v1.ExecutionCompleted" not in first
    assert "v1.ToolApprovalRequested" not in first
    assert later.provider.requests == []
    later.respond("call_1")
    await later.settle()
    assert later.sources()[0] == ("code", "1")
    assert later.notebook.executions["q"].outcome == "success"
    texts = [one.text for one in later.notebook.outputs_of("ai") if one.kind == "markdown"]
    assert texts == ["", "Changed."]
    # What the second session asked holds what the first had done.
    roles = [message.role for message in later.provider.requests[0].messages]
    assert roles[-3:] == ["user", "assistant", "tool"]


async def test_a_session_that_is_displaced_leaves_the_approval_to_the_other() -> None:
    stage = AiStage(call("modify_cell", cellId="a", source="1"), say("Changed."))
    stage.receive(*cell("a", "0", index="b"))
    stage.open()
    await stage.run()
    stage.receive(("v1.RuntimeSessionTerminated", {"sessionId": "session", "reason": "displaced"}))
    stage.respond("call_1")
    assert await stage.settle() == []
    assert stage.notebook.executions["q"].is_open


async def test_a_run_that_was_in_the_middle_of_something_fails_with_the_session() -> None:
    stage = AiStage({"text": "Hm.", "delay": 3600.0})
    log = [*cell("ai", "Do it.", "ai"), request("q", "ai")]
    stage.receive(*log)
    stage.agent.start()
    written = await stage.settle()
    later = AiStage(say("Hello."), session_id="later")
    later.receive(*log, *written)
    later.agent.start()
    assert later.notebook.executions["q"].error.startswith("The runtime restarted")


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
    with pytest.raises(CellError, match="nothing to go on from"):
        stage.agent.continue_run("ai")
    assert await stage.settle() == []


async def test_the_account_and_what_the_model_saw() -> None:
    counted = {"inputTokens": 100, "outputTokens": 7, "cachedTokens": 50}
    stage = AiStage({**call("list_cells"), "usage": counted}, {"text": "Done.", "usage": counted})
    stage.receive(*cell("a", "x = 1", index="b"))
    stage.open()
    await stage.run()
    last = stage.notebook.outputs_of("ai")[-1]
    assert last.anode["run"] == {
        "turns": 2,
        "tool_calls": 1,
        "duration_ms": 0,
        "usage": {"input_tokens": 200, "output_tokens": 14, "cached_tokens": 100},
        "first_token_ms": 0,
    }
    first = stage.notebook.outputs_of("ai")[0]
    sources = [entry["source"] for entry in first.anode["manifest"]["messages"]]
    assert sources == ["system", "tools", "a", "prompt"]
    explained = stage.agent.explain("ai")
    assert "### Turn 1" in explained
    assert "### Turn 2" in explained
