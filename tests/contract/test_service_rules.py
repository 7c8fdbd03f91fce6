"""Services with any rules, in anybody's words: each request is answered in the end, and keeps the
rules that its service taught."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest

from runt_pyodide.config import OllamaSettings, OpenAISettings
from runt_pyodide.llm.messages import ChatRequest, ChatSettings, ToolSpec
from runt_pyodide.llm.ollama.provider import OllamaProvider
from runt_pyodide.llm.openai.provider import OpenAIProvider
from tests.support.data import DATA
from tests.support.llm.histories import random_histories
from tests.support.services.answers import told
from tests.support.services.rules import RULES, Asked
from tests.support.services.service import Refusal, Service

SAID: list[dict[str, Any]] = json.loads((DATA / "requests/refusals.json").read_text("utf-8"))
# The rules of services, and what their wordings refuse first.
LEARNT = {
    "tools": "tools",
    "a system role": "system",
    "roles that do not alternate": "neighbours",
    "a user after a tool": "user_after_tool",
    "an assistant at the end": "assistant_last",
    "ids of another form": "call_ids.9",
    "null content": "null_content",
    "empty content": "empty_content",
    "pictures": "images",
    "a response format": "response_format",
    "a stream": "stream",
    "stream_options": "stream_options",
    "temperature": "temperature",
    "max_tokens": "max_tokens",
}
# Broken whatever is asked for.
ALWAYS = ("results that do not follow", "broken arguments", "names of another form")
TOOLS = (ToolSpec("add", "Adds.", {"type": "object"}),)


def refuse(rule: str, rng: random.Random, *, by_field: bool = True) -> Refusal:
    """Refuse it in the words of some service; ``by_field`` allows those that name the field of
    OpenAI's API."""
    words = [one for one in SAID if one["refused"][:1] == [LEARNT[rule]] and one["status"] >= 400]
    if not by_field:
        field = re.compile(r"[\W]tools[\"':]|: tools\"|body.tools")
        words = [one for one in words if not field.search(json.dumps(one["body"]))]
    one = rng.choice(words)
    return Refusal(rule, told(one["body"], one["status"]))


@pytest.mark.parametrize("seed", range(120))
async def test_any_service_is_answered_by_a_request_that_it_takes(seed: int) -> None:
    rng = random.Random(seed)
    rules = rng.sample([*LEARNT], rng.randrange(1, len(LEARNT)))
    service = Service(refusals=[refuse(rule, rng) for rule in rules])
    provider = OpenAIProvider("x", OpenAISettings(base_url="http://x/v1", api_key="sk-1"), service)
    for history in random_histories(6, seed):
        before = len(service.chats)
        request = ChatRequest(
            tuple(history),
            "m",
            rng.choice(((), TOOLS)),
            rng.choice((None, "Be brief.")),
            ChatSettings(temperature=0.5, max_tokens=9),
            rng.choice((None, {"type": "object"})),
        )
        assert (await provider.execute_prompt(request)).text == "ok"
        assert len(service.chats) - before <= 2 * len(rules) + 1
        asked = Asked.of(service.chats[-1])
        assert [rule for rule in (*ALWAYS, *rules) if RULES[rule](asked)] == []
    # Nothing is tried again once it was learnt.
    before = len(service.chats)
    await provider.execute_prompt(request)
    assert len(service.chats) == before + 1


@pytest.mark.parametrize("seed", range(40))
async def test_so_is_ollama_by_its_own_api(seed: int) -> None:
    rng = random.Random(seed)
    rules = rng.sample([*LEARNT][:5], rng.randrange(1, 5))
    service = Service(refusals=[refuse(rule, rng, by_field=False) for rule in rules])
    provider = OllamaProvider("x", OllamaSettings(), service)
    for history in random_histories(4, seed):
        request = ChatRequest(tuple(history), "m", TOOLS, "Be brief.")
        assert (await provider.execute_prompt(request)).text == "ok"
        asked = Asked.of(service.chats[-1])
        assert [rule for rule in (ALWAYS[0], *rules) if RULES[rule](asked)] == []


@pytest.mark.parametrize("seed", range(40))
async def test_and_by_the_responses_api(seed: int) -> None:
    rng = random.Random(seed)
    rules = rng.sample(["tools", "a stream"], rng.randrange(3))
    service = Service(refusals=[refuse(rule, rng) for rule in rules])
    settings = OpenAISettings(base_url="http://x/v1", api_key="sk-1", api="responses")
    provider = OpenAIProvider("x", settings, service)
    always = ("items that do not follow", "an answer without type", "broken arguments")
    for history in random_histories(4, seed):
        request = ChatRequest(tuple(history), "m", rng.choice(((), TOOLS)), "Be brief.")
        assert (await provider.execute_prompt(request)).text == "ok"
        asked = Asked.of(service.chats[-1])
        assert [rule for rule in (*always, *rules) if RULES[rule](asked)] == []
        assert all(item.get("output", "x").strip() for item in asked.items)
