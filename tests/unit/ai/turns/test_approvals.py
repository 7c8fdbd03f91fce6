"""What a person or the policy decides about a call before it is made."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.stages.ai_stage import AiStage, call, say
from tests.support.stages.wire import cell, names, request


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


async def test_a_tool_that_is_never_run_is_not_sent() -> None:
    stage = AiStage(say("Done."), config={"tools": {"delete_cell": "never"}})
    stage.receive(*cell("a", "0", index="c"))
    stage.open()
    await stage.run()
    sent = {tool.name for tool in stage.provider.requests[0].tools}
    assert "create_cell" in sent and "delete_cell" not in sent


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
