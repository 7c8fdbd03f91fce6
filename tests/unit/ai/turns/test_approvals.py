"""What a person or the policy decides about a call before it is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runt_pyodide.ai.folder import Folder
from runt_pyodide.ai.record.fields import AIRecord
from tests.support.stages.ai_stage import AiStage, call, calls, say
from tests.support.stages.wire import NOW, cell, names, request


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


async def test_a_file_is_allowed_with_the_others_of_its_folder_in_this_run(tmp_path: Path) -> None:
    for path in ("data/a", "data/b", "c"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(path, "utf-8")
    reads = [call("read_file", path=path) for path in ("data/a", "data/b", "c")]
    stage = AiStage(*reads, say("Done."), folder=Folder(tmp_path))
    stage.open()
    await stage.run()
    stage.respond("call_1", "approved_once")
    await stage.settle()
    assert stage.states() == ["success", "success", "waiting"]
    stage.respond("call_3", "denied")
    await stage.settle()
    assert stage.states() == ["success", "success", "denied"]


def policy(tool: str, value: str, **scope: str) -> tuple[str, dict[str, Any]]:
    return ("v1.ToolPolicySet", {"tool": tool, "policy": value, "setBy": "me", "scope": scope})


async def test_a_policy_that_a_person_set_holds_in_its_scope_and_can_be_taken_back() -> None:
    turns = [say("Done.") if n % 2 else call("move_cell", cellId="a") for n in range(8)]
    stage = AiStage(*turns)
    stage.receive(*cell("a", "0", index="c"), *cell("ai2", "Do it.", "ai"))
    stage.open()
    stage.receive(policy("move_cell", "auto", cellId="ai2"))
    await stage.run("q1", "ai2")
    assert stage.states("ai2") == ["success"]
    await stage.run("q2")
    assert stage.states() == ["waiting"]
    [waiting] = stage.notebook.approvals
    stage.respond(waiting, "denied")
    stage.receive(policy("move_cell", "ask", cellId="ai2"))
    await stage.settle()
    await stage.run("q3", "ai2")
    assert stage.states("ai2") == ["waiting"]


@pytest.mark.parametrize(
    ("config", "chosen", "state"),
    [
        ({}, "auto", "success"),
        ({}, "never", "denied"),
        ({}, "risky", "waiting"),
        ({"tools": {"delete_cell": "never"}}, "auto", "denied"),
        ({"tools": {"delete_cell": "auto"}}, "ask", "waiting"),
    ],
)
async def test_a_person_s_policy_and_the_configuration_s(
    config: dict[str, Any], chosen: str, state: str
) -> None:
    stage = AiStage(call("delete_cell", cellId="a"), say("Done."), config=config)
    stage.receive(*cell("a", "0", index="c"))
    stage.open()
    stage.receive(policy("delete_cell", chosen))
    await stage.run()
    assert stage.states() == [state]


def asked(call_id: str = "call_1", **changed: Any) -> tuple[str, dict[str, Any]]:
    """A request for the call that the stage's model makes, or for one that differs."""
    args = {"toolCallId": call_id, "cellId": "ai", "toolName": "delete_cell"}
    return (
        "v1.ToolApprovalRequested",
        {**args, "arguments": {"cellId": "a"}, "requestedAt": NOW, **changed},
    )


async def left_waiting(first: AiStage) -> list[Any]:
    """The log of a session that ended while a call waited, without the request for its approval."""
    log = [*cell("a", "0", index="b"), *cell("b", "1", index="c"), *cell("ai", "Do it.", "ai")]
    log.append(request("q", "ai"))
    first.receive(*log)
    first.agent.start()
    written = await first.settle()
    return [*log, *(one for one in written if "ApprovalRequested" not in one["name"])]


@pytest.mark.parametrize(
    ("requested", "is_made"),
    [
        ({}, True),
        ({"toolName": "move_cell"}, False),
        ({"cellId": "other"}, False),
        ({"arguments": {"cellId": "b"}}, False),
        ({"arguments": {"cellId": "a", "more": None}}, False),
        ({"arguments": {}}, False),
    ],
)
async def test_an_answer_counts_for_the_call_that_a_person_was_asked_about(
    requested: dict[str, Any], is_made: bool
) -> None:
    turns = call("delete_cell", cellId="a"), say("Done.")
    first = AiStage(*turns)
    log = await left_waiting(first)
    later = AiStage(say("Done."), session_id="later", world=first.world)
    later.receive(*log, asked(**requested))
    later.respond("call_1")
    later.agent.start()
    await later.settle()
    assert (("code", "0") in later.sources()) is not is_made
    assert ("was another call" in later.results()[0]) is not is_made


async def test_early_answers_and_answers_to_other_calls_let_nothing_run() -> None:
    stage = AiStage(call("delete_cell", cellId="a"), say("Done."))
    stage.receive(*cell("a", "0", index="c"))
    stage.open()
    for call_id in ("call_1", "call_2", "call", ""):
        stage.respond(call_id, "approved_always")
    await stage.run()
    stage.respond("call_2")
    await stage.settle()
    assert stage.states() == ["waiting"]
    stage.respond("call_1")
    await stage.settle()
    assert stage.states() == ["success"]


async def test_an_answer_is_not_used_again_for_another_call_of_the_same_id() -> None:
    """Some services number their calls from the start in each run."""
    stage = AiStage(*([call("move_cell", cellId="a"), say("Done.")] * 2))
    stage.receive(*cell("a", "0", index="b"))
    stage.open()
    await stage.run("q1")
    stage.respond("call_1")
    await stage.settle()
    await stage.run("q2")
    stage.respond("call_1")
    await stage.settle()
    assert stage.states() == ["waiting"]


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


TYPED = ("v1.CellSourceChanged", {"id": "a", "source": "0  # mine", "modifiedBy": "me"})


@pytest.mark.parametrize("name", ["modify_cell", "delete_cell", "execute_cell"])
async def test_what_a_person_wrote_while_the_call_waited_stays_and_is_told(name: str) -> None:
    arguments = {"cellId": "a"} | ({"source": "1"} if name == "modify_cell" else {})
    stage = AiStage(call(name, **arguments), call(name, **arguments), say("Done."))
    stage.receive(*cell("a", "0", "markdown", index="b"))
    stage.open()
    await stage.run()
    (waiting,) = [r.seen for r in map(AIRecord.of, stage.notebook.outputs_of("ai")) if r.seen]
    assert waiting == {"a": "0"}
    stage.receive(TYPED)
    stage.respond("call_1")
    await stage.settle()
    assert stage.sources()[0] == ("markdown", "0  # mine")
    assert stage.results()[0].startswith("The cell 'a' was changed since you read it")
    assert stage.results()[0].endswith("present text:\n0  # mine")
    # It may try again, for the text that it has been told.
    assert stage.states() == ["error", "waiting"]
    stage.respond("call_2")
    await stage.settle()
    assert stage.states() == ["error", "success"]


async def test_a_call_for_a_text_that_has_changed_is_not_asked_for() -> None:
    """The first call is waited for while a person changes what the second was made for."""
    stage = AiStage(
        calls(
            ("modify_cell", {"cellId": "b", "source": "1"}),
            ("modify_cell", {"cellId": "a", "source": "1"}),
        ),
        say("Done."),
    )
    stage.receive(*cell("a", "0", index="b"), *cell("b", "0", index="c"))
    stage.open()
    await stage.run()
    stage.receive(TYPED)
    stage.respond("call_1")
    events = await stage.settle()
    assert "v1.ToolApprovalRequested" not in names(events)
    assert stage.states() == ["success", "error"]


async def test_a_cell_that_was_deleted_while_the_call_waited_is_gone() -> None:
    stage = AiStage(call("modify_cell", cellId="a", source="1"), say("Done."))
    stage.receive(*cell("a", "0", index="b"))
    stage.open()
    await stage.run()
    stage.receive(("v1.CellDeleted", {"id": "a"}))
    stage.respond("call_1")
    await stage.settle()
    assert stage.results() == ["The cell 'a' was deleted. list_cells gives those that are."]


@pytest.mark.parametrize(("typed", "source"), [((), "1"), ((TYPED,), "0  # mine")])
async def test_a_session_that_goes_on_knows_what_the_model_had_seen(
    typed: tuple[tuple[str, dict[str, Any]], ...], source: str
) -> None:
    stage = AiStage(call("modify_cell", cellId="a", source="1"), say("Changed."))
    log = [*cell("a", "0", index="b"), *cell("ai", "Do it.", "ai"), request("q", "ai")]
    stage.receive(*log)
    stage.agent.start()
    written = await stage.settle()
    later = AiStage(say("Changed."), say("Done."), session_id="later")
    later.receive(*log, *written, *typed)
    later.agent.start()
    await later.settle()
    later.respond("call_1")
    await later.settle()
    assert later.sources()[0] == ("code", source)
    assert later.states() == ["error" if typed else "success"]
