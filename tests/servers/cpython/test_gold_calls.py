"""Thousands of calls that are known to be right, in every way in which services send them: what
comes out are the same calls."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runt_pyodide.config import AIConfig
from runt_pyodide.llm.messages import ChatRequest, Message, ToolSpec
from runt_pyodide.llm.provider import AIProvider
from runt_pyodide.llm.registry import ProviderRegistry
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from tests.support.real_servers.call_styles import CHAT, OLLAMA, Calls, Style, Wire
from tests.support.real_servers.gold_calls import GoldTurn, read_gold_turns
from tests.support.real_servers.native_styles import ANTHROPIC, GEMINI
from tests.support.real_servers.response_styles import RESPONSES

STYLES = [*CHAT, *RESPONSES, *OLLAMA, *ANTHROPIC, *GEMINI]
PROVIDERS: dict[Wire, dict[str, Any]] = {
    "chat": {"openai": {"base_url": "http://host/v1", "api": "chat"}},
    "responses": {"openai": {"base_url": "http://host/v1", "api": "responses"}},
    "anthropic": {"anthropic": {"base_url": "http://host"}},
    "gemini": {"gemini": {"base_url": "http://host"}},
    "ollama": {"ollama": {"base_url": "http://host"}},
}
REQUEST = ChatRequest((Message("user", "hi"),), "m", tools=(ToolSpec("a", "", {}),))
SHOWN = Scripted(200, {}, [b'{"capabilities": ["completion", "tools"], "model_info": {}}'])
READ = 997  # bytes of one read: calls are cut anywhere


@pytest.fixture(scope="module")
def gold_turns() -> list[GoldTurn]:
    return read_gold_turns()


def test_there_are_thousands(gold_turns: list[GoldTurn]) -> None:
    assert sum(len(turn.calls) for turn in gold_turns) > 2000
    assert max(len(turn.calls) for turn in gold_turns) >= 8


@pytest.mark.parametrize("style", STYLES, ids=lambda style: f"{style.wire}: {style.name}")
async def test_the_same_calls_come_out(style: Style, gold_turns: list[GoldTurn]) -> None:
    turns = [turn for turn in gold_turns if not style.single or len(turn.calls) == 1]
    wrong = {}
    for turn in turns:
        told = await play(style, turn.calls)
        if told != [(call.name, call.arguments) for call in turn.calls]:
            wrong[turn.name] = told
    assert not wrong, f"{len(wrong)} of {len(turns)}, such as {next(iter(wrong.items()))}"


async def play(style: Style, calls: Calls) -> Any:
    """Return the calls that a provider makes of an answer, or the error that it raises."""
    body = style.body(calls)
    pieces = [body[at : at + READ] for at in range(0, len(body), READ)]
    answer = Scripted(200, {"content-type": style.content_type}, pieces)
    try:
        said = await open_provider(style.wire, answer).execute_prompt(REQUEST)
        return [(call.name, json.loads(call.arguments or "{}")) for call in said.tool_calls]
    except Exception as error:  # noqa: BLE001 -- it is what the test tells
        return error


def open_provider(wire: Wire, answer: Scripted) -> AIProvider:
    answers = [SHOWN, answer] if wire == "ollama" else [answer]
    config = AIConfig.read({"providers": PROVIDERS[wire]})
    name = next(iter(PROVIDERS[wire]))
    return ProviderRegistry.from_config(config, ScriptedTransport(answers)).require(name)
