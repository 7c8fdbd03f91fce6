"""Conversations that keep their own exchanges."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from runt_pyodide import Conversation, ask
from runt_pyodide.llm.messages import ChatRequest
from tests.support.pictures import PNG
from tests.support.stages.ai_stage import call, say
from tests.support.stages.asking import double, script

pytestmark = pytest.mark.usefixtures("fresh")


def contents(request: ChatRequest) -> list[str]:
    return [message.content for message in request.messages]


async def test_each_knows_its_own_exchanges_alone(requests: list[ChatRequest]) -> None:
    script(say("Yes."))
    chat = Conversation()
    await ask("Elsewhere?")
    await chat("Here?")
    await chat.ask("And here?")
    assert contents(requests[-1]) == ["Here?", "Yes.", "And here?"]
    assert [message.role for message in chat.messages] == ["user", "assistant"] * 2
    assert chat.last == "Yes."


async def test_messages_hold_calls_results_and_pictures() -> None:
    script(call("double", x=2), say("4."))
    chat = Conversation()
    await chat("Twice 2?", tools=[double], images=[PNG])
    asked, called, told, said = chat.messages
    assert (asked.content, len(asked.images)) == ("Twice 2?", 1)
    assert [one.name for one in called.tool_calls] == ["double"]
    assert (told.role, told.content, said.content) == ("tool", "4", "4.")


async def test_a_fork_goes_its_own_way(requests: list[ChatRequest]) -> None:
    script(say("Yes."))
    chat = Conversation()
    await chat("First?")
    fork = chat.fork()
    await fork("Then this?")
    await chat("Then that?")
    assert contents(requests[-2]) == ["First?", "Yes.", "Then this?"]
    assert contents(requests[-1]) == ["First?", "Yes.", "Then that?"]
    assert fork.fork().messages == fork.messages


async def test_reset_forgets_all(requests: list[ChatRequest]) -> None:
    script(say("Yes."))
    chat = Conversation()
    await chat("First?")
    chat.reset()
    assert (chat.messages, chat.last) == ([], None)
    await chat("Second?")
    assert contents(requests[-1]) == ["Second?"]


async def test_what_was_saved_goes_on_where_it_ended(
    requests: list[ChatRequest], tmp_path: Path
) -> None:
    script({"thinking": "Hm.", "text": "Looking.", **call("double", x=2)}, say("4."))
    chat = Conversation()
    await chat("Twice 2?", tools=[double], images=[PNG], temperature=0.5)
    chat.save(tmp_path / "chat.json")
    loaded = Conversation.load(tmp_path / "chat.json")
    assert loaded.messages == chat.messages
    script(say("8."))
    for one in (chat, loaded):
        await one("And twice that?")
    assert requests[-1].messages == requests[-2].messages
    loaded.save(tmp_path / "again.json")
    assert Conversation.load(tmp_path / "again.json").messages == loaded.messages


async def test_the_session_s_own_conversation_can_be_saved_and_forked_too(tmp_path: Path) -> None:
    script(say("Yes."))
    await asyncio.gather(ask("One?"), ask("Two?"))
    ask.save(tmp_path / "chat.json")
    assert Conversation.load(tmp_path / "chat.json").messages == ask.messages
    assert ask.fork().messages == ask.messages
