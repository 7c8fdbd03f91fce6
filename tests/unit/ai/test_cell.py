"""Runs of AI cells with tools, as the store sees them."""

from __future__ import annotations

import json
from typing import Any

from runt_pyodide import AIConfig
from runt_pyodide.llm.messages import ChatSettings
from tests.support.pictures import PNG, base64_of
from tests.support.stages.ai_stage import AiStage, call, say
from tests.support.stages.python_page import Page
from tests.support.stages.wire import NOW, cell, claimed, completed, event, plain, status
from tests.support.stages.world import WireEvent

SINE = (
    "import math\nfrom IPython.display import SVG\n"
    "points = ' '.join(f'{x},{50 - 40 * math.sin(x / 8)}' for x in range(0, 100, 25))\n"
    "SVG(f'<svg><polyline points=\"{points}\"/></svg>')"
)
PROMPT = "Create a Python cell that plots a sine wave"


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


async def test_the_sine_wave(page: Page) -> None:
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
        annotated("id-3", "id-1", 0, run_id="q", finish_reason="tool_calls", text=" will plot it."),
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
        annotated("id-8", "id-6", 0, state="waiting", seen={made: SINE}),
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
        *claimed("id-10", made, 2),
        event(
            "v1.MultimediaResultOutputAdded",
            id="id-11",
            cellId=made,
            position=0,
            representations={
                "text/plain": {"type": "inline", "data": "<IPython.core.display.SVG object>"},
                "image/svg+xml": {"type": "inline", "data": svg},
            },
            executionCount=2,
        ),
        completed("id-10", made),
        annotated("id-13", "id-6", 2, state="success", duration_ms=0),
        tool_result("id-12", 5, 2, "call_2", "execute_cell", run, seen_result),
        text("id-14", 6, 3, "Here is your sine wave.", finish_reason="stop"),
        completed("q", "ai"),
        status("ready"),
    ]
    assert stage.sources() == [("ai", PROMPT), ("code", SINE)]


async def test_a_run_that_is_continued_keeps_its_pictures_and_its_sampling_settings() -> None:
    stage = AiStage(call("list_cells"), say("A pixel."), config={"limits": {"turns": 1}})
    stage.receive(*cell("ai", "What is this?", "ai"))
    for key, value in {"images": [{"data": base64_of(PNG)}], "sampling": {"seed": 7}}.items():
        stage.receive(("v1.CellMetadataSet", {"cellId": "ai", "key": key, "value": value}))
    stage.agent.start()
    await stage.run()
    stage.agent.rules = AIConfig.read({}).rules
    run_id = stage.agent.continue_run("ai")
    await stage.settle()
    assert stage.notebook.executions[run_id].outcome == "success"
    first, second = stage.provider.requests
    for request in (first, second):
        assert request.settings == ChatSettings(seed=7)
        assert len(request.messages[0].images) == 1


async def test_pictures_without_a_text_are_a_prompt() -> None:
    stage = AiStage(say("A pixel."))
    picture = {"cellId": "ai", "key": "images", "value": [{"data": base64_of(PNG)}]}
    stage.receive(*cell("ai", "", "ai"), ("v1.CellMetadataSet", picture))
    stage.agent.start()
    await stage.run()
    (request,) = stage.provider.requests
    assert (request.messages[0].content, len(request.messages[0].images)) == ("", 1)
