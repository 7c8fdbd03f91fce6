"""The Ollama provider: its requests, and how it uses what it has learnt."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runt_pyodide import errors
from runt_pyodide.config import AIConfig
from runt_pyodide.llm.messages import ChatRequest, ChatSettings, Image, Message, ToolSpec
from runt_pyodide.llm.ollama.provider import OllamaProvider
from runt_pyodide.llm.registry import ProviderRegistry
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from tests.support.llm.scripted_ollama import REQUEST, Server, answer, ask, provider, shown, stream

TOOLS = (ToolSpec("add", "Adds.", {"type": "object"}),)


async def test_the_requests() -> None:
    server = Server()
    assert (await ask(server, api_key=" k-1 \n", keep_alive="10m")).text == "hi"
    show, chat = server.requests
    assert (show.method, show.url) == ("POST", "http://127.0.0.1:11434/api/show")
    assert (chat.method, chat.url) == ("POST", "http://127.0.0.1:11434/api/chat")
    assert json.loads(show.body or b"") == {"model": "llama3.2"}
    assert json.loads(chat.body or b"")["keep_alive"] == "10m"
    # No other header passes Ollama's preflight.
    assert chat.headers == {"Content-Type": "application/json", "Authorization": "Bearer k-1"}
    assert "k-1" not in f"{chat!r} {provider(server, api_key='k-1')!r}"


async def test_without_a_key_there_is_no_authorization() -> None:
    server = Server(tags=answer({"models": []}))
    asked = provider(server)
    await asked.execute_prompt(REQUEST)
    await asked.get_available_models()
    assert [one.headers for one in server.requests] == [
        {"Content-Type": "application/json"}
    ] * 2 + [{}]


async def test_a_model_is_described_once() -> None:
    server = Server()
    asked = provider(server)
    await asked.execute_prompt(REQUEST)
    await asked.execute_prompt(REQUEST)
    assert len(server.bodies("show")) == 1


async def test_the_window_is_set_from_prompt_and_model_and_never_shrinks() -> None:
    server = Server(show=shown("completion", length=32768))
    asked = provider(server)
    for words in (1, 10_000, 1, 100_000):
        await asked.execute_prompt(ChatRequest((Message("user", "word " * words),), "llama3.2"))
    windows = [body["options"]["num_ctx"] for body in server.bodies("chat")]
    assert windows == [8192, 32768, 32768, 32768]


async def test_the_user_s_own_window_wins() -> None:
    server = Server()
    await ask(server, num_ctx=1000)
    assert server.bodies("chat")[0]["options"] == {"num_ctx": 1000}


async def test_a_model_on_another_machine_has_its_whole_window() -> None:
    server = Server(show=shown("completion", remote_host="https://ollama.com:443"))
    await ask(server)
    assert "options" not in server.bodies("chat")[0]


async def test_a_cut_prompt_is_told() -> None:
    long = ChatRequest((Message("user", "word " * 10_000),), "llama3.2")
    server = Server(
        show=shown("completion", length=4096), chat=stream("hi", prompt_eval_count=4096)
    )
    response = await ask(server, long)
    assert response.text == "hi"
    assert "Ollama cut the prompt" in response.notice
    whole = Server(chat=stream("hi", prompt_eval_count=10_020))
    assert (await ask(whole, long)).notice == ""


@pytest.mark.parametrize(
    ("effort", "capabilities", "family", "think"),
    [
        ("high", ("completion",), "llama", None),
        ("none", ("completion",), "llama", None),
        (None, ("thinking",), "qwen3", None),
        ("none", ("thinking",), "qwen3", False),
        ("minimal", ("thinking",), "qwen3", "low"),
        ("high", ("thinking",), "gptoss", "high"),
        ("none", ("thinking",), "gptoss", "low"),
        ("high", (), "qwen3", None),
    ],
)
async def test_think_goes_to_models_that_do(
    effort: Any, capabilities: tuple[str, ...], family: str, think: Any
) -> None:
    server = Server(show=shown(*capabilities, family=family))
    settings = ChatSettings(reasoning_effort=effort)
    await ask(server, ChatRequest(REQUEST.messages, "llama3.2", settings=settings))
    assert server.bodies("chat")[0].get("think") == think


async def test_a_level_that_an_older_server_refuses_becomes_a_plain_yes_for_good() -> None:
    refusal = answer({"error": 'think value "high" is not supported for this model'}, 400)
    server = Server(show=shown("thinking"), chat=[refusal, stream("hi")])
    asked = provider(server)
    request = ChatRequest(
        REQUEST.messages, "llama3.2", settings=ChatSettings(reasoning_effort="high")
    )
    for _ in range(2):
        assert (await asked.execute_prompt(request)).text == "hi"
    assert [body["think"] for body in server.bodies("chat")] == ["high", True, True]


async def test_another_refusal_is_not_sent_twice() -> None:
    server = Server(show=shown("thinking"), chat=answer({"error": "invalid options"}, 400))
    settings = ChatSettings(reasoning_effort="high")
    with pytest.raises(errors.BadRequestError, match="invalid options"):
        await ask(server, ChatRequest(REQUEST.messages, "llama3.2", settings=settings))
    assert len(server.bodies("chat")) == 1


async def test_tools_are_left_out_for_a_model_without_and_it_is_told() -> None:
    server = Server(show=[shown("completion"), shown("completion", "tools")])
    asked = provider(server)
    assert asked.supports_tools("llama3.2") is True
    response = await asked.execute_prompt(ChatRequest(REQUEST.messages, "llama3.2", TOOLS))
    assert "'llama3.2' cannot call tools" in response.notice
    assert "tools" not in server.bodies("chat")[0]
    assert asked.supports_tools("llama3.2") is asked.supports_tools("llama3.2:latest") is False
    response = await asked.execute_prompt(ChatRequest(REQUEST.messages, "qwen3", TOOLS))
    assert response.notice == ""
    assert server.bodies("chat")[1]["tools"][0]["function"]["name"] == "add"
    assert asked.supports_tools("qwen3") is True


async def test_a_server_that_does_not_tell_capabilities_is_sent_everything() -> None:
    server = Server(show=answer({"details": {"family": "llama"}}))
    image = Message("user", "hi", images=(Image("image/png", "aGk="),))
    asked = provider(server)
    for _ in range(2):
        assert (await asked.execute_prompt(ChatRequest((image,), "llama3.2", TOOLS))).notice == ""
    assert {"tools", "messages"} <= server.bodies("chat")[0].keys()
    assert len(server.bodies("show")) == 1


async def test_images_are_not_sent_to_a_model_that_cannot_see() -> None:
    image = ChatRequest((Message("user", "hi", images=(Image("image/png", "aGk="),)),), "llama3.2")
    blind = Server()
    assert "image was left out" in (await ask(blind, image)).notice
    assert "images" not in blind.bodies("chat")[0]["messages"][0]
    server = Server(show=shown("vision"))
    await ask(server, image)
    assert server.bodies("chat")[0]["messages"][0]["images"] == ["aGk="]


async def test_a_last_record_without_a_line_end_counts() -> None:
    wire = b'{"message":{"content":"hi"}}\n{"message":{},"done":true}'
    assert (await ask(Server(chat=Scripted(200, {}, [wire])))).text == "hi"


def test_a_configuration_makes_one() -> None:
    data = {"providers": {"ollama": {"baseUrl": "0.0.0.0", "numCtx": 4096, "model": "qwen3"}}}
    made = ProviderRegistry.from_config(AIConfig.read(data), ScriptedTransport()).require("ollama")
    assert isinstance(made, OllamaProvider)
    assert (made.base_url, made.models) == ("http://127.0.0.1:11434", ("qwen3",))
    assert made.missing() is None


async def test_what_was_learnt_holds_under_another_default_model() -> None:
    server = Server(show=shown("completion", length=32768))
    before = provider(server)
    await before.execute_prompt(REQUEST)
    for settings, described in (({"model": "other"}, 1), ({"api_key": "k"}, 2)):
        after = provider(server, **settings)
        after.adopt(before)
        await after.execute_prompt(REQUEST)
        assert len(server.bodies("show")) == described


async def test_an_answer_is_read_in_any_form_within_its_limits() -> None:
    said, end = '{"message": {"content": "hi"}}', '{"message": {}, "done": true}'
    events = f"data: {said}\n\ndata: {end}"
    whole = '{\n "message": {"content": "hi"},\n "done": true\n}'
    for body in (events, f"{said}\n{end}", whole):
        answer = await ask(Server(chat=Scripted(200, {}, [body.encode()])))
        assert (answer.text, answer.finish_reason) == ("hi", "stop")
    endless = Server(chat=Scripted(200, {}, [b"{", *[b"x" * 60] * 9]))
    with pytest.raises(errors.ProtocolError, match="a line of more than 100 bytes"):
        await ask(endless, max_line=100)
    with pytest.raises(errors.ProtocolError, match="an answer of more than 100 bytes"):
        await ask(endless, max_answer=100)
