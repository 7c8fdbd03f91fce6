"""The OpenAI provider: what it sends, where to, and how it reads answers that are not streamed."""

from __future__ import annotations

import asyncio
import json

import pytest

from runt_pyodide.config import OpenAISettings
from runt_pyodide.errors import (
    AuthenticationError,
    CutStreamError,
    ProtocolError,
    ProviderError,
    QuotaExceededError,
    RequestTimeoutError,
)
from runt_pyodide.llm.messages import AIResponse, ChatRequest, ChatSettings, Message
from runt_pyodide.llm.openai.provider import OpenAIProvider
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from tests.support.server.captures import capture_names, load_capture
from tests.support.stages.loop import LoopClock

REQUEST = ChatRequest((Message("user", "hi"),), "m", settings=ChatSettings(max_tokens=5))
STREAM = (
    b'data: {"choices":[{"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
)
SSE = {"Content-Type": "text/event-stream"}


def provider(*answers: Scripted, **settings: object) -> tuple[OpenAIProvider, ScriptedTransport]:
    transport = ScriptedTransport(answers)
    return OpenAIProvider("openai", OpenAISettings.model_validate(settings), transport), transport


async def test_the_request() -> None:
    asked, transport = provider(Scripted(200, SSE, [STREAM]), api_key=" sk-1 \n")
    await asked.execute_prompt(REQUEST)
    sent = transport.requests[0]
    assert (sent.method, sent.url) == ("POST", "https://api.openai.com/v1/chat/completions")
    assert sent.headers == {"Content-Type": "application/json", "Authorization": "Bearer sk-1"}
    assert json.loads(sent.body or b"")["max_completion_tokens"] == 5
    assert "sk-1" not in f"{sent!r} {asked!r}"


async def test_a_server_of_ones_own_needs_no_key_and_knows_the_old_name() -> None:
    asked, transport = provider(Scripted(200, SSE, [STREAM]), base_url="http://localhost:1/v1")
    assert asked.missing() is None
    await asked.execute_prompt(REQUEST)
    assert "Authorization" not in transport.requests[0].headers
    assert json.loads(transport.requests[0].body or b"")["max_tokens"] == 5


def test_openai_without_a_key_is_not_ready() -> None:
    asked, _ = provider()
    assert asked.missing() == (
        "The provider 'openai' has no API key (from https://platform.openai.com/api-keys)."
    )


async def test_sse_under_another_content_type_is_read() -> None:
    asked, _ = provider(Scripted(200, {"Content-Type": "text/plain"}, [STREAM]), api_key="k")
    assert (await asked.execute_prompt(REQUEST)).text == "hi"


async def test_a_server_that_does_not_stream_is_read() -> None:
    whole = b'{"choices":[{"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]}'
    asked, _ = provider(Scripted(200, {"Content-Type": "application/json"}, [whole]), api_key="k")
    assert (await asked.execute_prompt(REQUEST)).text == "hi"


async def test_what_does_not_stream_may_say_that_it_does() -> None:
    whole = b'{"error": {"message": "Pay first.", "code": "insufficient_quota"}}'
    asked, _ = provider(Scripted(200, SSE, [whole]), api_key="k")
    with pytest.raises(QuotaExceededError, match="Pay first"):
        await asked.execute_prompt(REQUEST)


@pytest.mark.parametrize("api", ["chat", "responses"])
async def test_no_line_and_no_answer_is_longer_than_its_limit(api: str) -> None:
    line = Scripted(200, SSE, [b"data: ", *[b"x" * 60] * 9])
    comments = Scripted(200, SSE, [b": ping\n\n" * 9] * 9)
    asked, _ = provider(line, comments, api_key="k", api=api, max_line=100, max_answer=500)
    with pytest.raises(ProtocolError, match="a line of more than 100 bytes"):
        await asked.execute_prompt(REQUEST)
    with pytest.raises(ProtocolError, match="an answer of more than 500 bytes"):
        await asked.execute_prompt(REQUEST)


async def test_a_web_page_is_no_answer() -> None:
    page = Scripted(200, {"Content-Type": "text/html; charset=utf-8"}, [b"<html>"])
    asked, _ = provider(page, api_key="k")
    with pytest.raises(ProtocolError, match="web page"):
        await asked.execute_prompt(REQUEST)


async def test_an_empty_200_was_cut() -> None:
    asked, _ = provider(Scripted(200, SSE), api_key="k")
    with pytest.raises(CutStreamError, match="before the answer"):
        await asked.execute_prompt(REQUEST)


async def test_a_server_that_hangs_is_given_up() -> None:
    asked, transport = provider(Scripted(200, SSE, [asyncio.Event()]), api_key="k", timeout=0.02)
    with pytest.raises(RequestTimeoutError, match=r"Nothing came from the server for 0.02 s"):
        await asked.execute_prompt(REQUEST)
    assert transport.aborted == 1


async def test_what_the_reader_takes_its_time_with_is_no_hang(loop_clock: LoopClock) -> None:
    half = len(STREAM) // 2
    answer = Scripted(200, SSE, [STREAM[:half], STREAM[half:]])
    asked, _ = provider(answer, api_key="k", timeout=60)
    async for _ in asked.execute_prompt_stream(REQUEST):
        loop_clock.advance(61)
        await asyncio.sleep(0)


async def test_models_are_the_server_s_or_what_is_known() -> None:
    listed = Scripted(200, {}, [b'{"data": [{"id": "a"}, {"id": "b"}]}'])
    asked, _ = provider(listed, base_url="http://x/v1", model="b")
    assert [model.name for model in await asked.get_available_models()] == ["b", "a"]
    asked, _ = provider(Scripted(404), base_url="http://x/v1", models=["c"])
    assert [model.name for model in await asked.get_available_models()] == ["c"]
    asked, transport = provider()
    known = await asked.get_available_models()
    assert known[0].name == asked.models[0] == "gpt-5.6-luna"
    assert known[0].capabilities == ("completion", "tools", "vision", "thinking")
    assert transport.requests == []


async def test_a_list_that_does_not_come_is_an_error_where_it_is_asked_for() -> None:
    asked, _ = provider(
        Scripted(401, {}, [b"no sk-1"]), Scripted(200, {}, [b"<p>"]), api_key="sk-1"
    )
    with pytest.raises(AuthenticationError) as caught:
        await asked.list_models()
    assert caught.value.provider == "openai"
    assert "sk-1" not in str(caught.value)
    with pytest.raises(ProtocolError, match="not a list of models"):
        await asked.list_models()


async def test_tools_are_supported_unless_the_server_says_otherwise() -> None:
    data = [{"id": "a", "supports_tools": False}, {"id": "b", "supports_tools": True}]
    listed = Scripted(200, {}, [json.dumps({"data": data}).encode()])
    asked, _ = provider(listed, base_url="http://x/v1", model="a")
    assert asked.supports_tools()
    await asked.get_available_models()
    told = [asked.supports_tools(model) for model in (None, "a", "b", "unknown")]
    assert told == [False, False, True, True]


@pytest.mark.parametrize("name", capture_names())
async def test_captures_of_real_servers_read_the_same_at_every_split(name: str) -> None:
    capture = load_capture(name)
    whole = await answer_of(capture.body)
    assert whole.text or whole.tool_calls
    for split in range(0, len(capture.body), 7):
        assert await answer_of(capture.body[:split], capture.body[split:]) == whole


async def answer_of(*pieces: bytes) -> AIResponse:
    asked, _ = provider(Scripted(200, SSE, pieces), api_key="k")
    return await asked.execute_prompt(REQUEST)


LIST = Scripted(200, {}, [b'{"data": [{"id": "m", "context_length": 4096}]}'])


async def test_what_a_model_can_do_is_found_out_once() -> None:
    asked, transport = provider(LIST, base_url="http://x/v1")
    for _ in range(3):
        await asked.look_up("m")
    about = await asked.describe_model("m")
    assert about is not None
    assert about.context_length == 4096
    assert len(transport.requests) == 1


async def test_who_cannot_tell_is_asked_once_too_and_who_need_not_is_not_asked() -> None:
    asked, transport = provider(Scripted(500), base_url="http://x/v1")
    for _ in range(3):
        await asked.look_up("m")
    assert len(transport.requests) == 1
    for settings in ({"api_key": "k"}, {"preset": "groq"}):
        asked, transport = provider(**settings)
        await asked.look_up("m")
        assert transport.requests == []


async def test_what_was_listed_before_is_not_asked_for() -> None:
    asked, transport = provider(LIST, base_url="http://x/v1")
    await asked.list_models()
    await asked.look_up("m")
    assert len(transport.requests) == 1


REFUSED = Scripted(400, {}, [b'{"error": {"message": "no", "param": "max_tokens"}}'])


@pytest.mark.parametrize(
    ("settings", "learnt", "listed"),
    [
        ({"base_url": "http://x/v1", "model": "other"}, True, True),
        ({"base_url": "http://x/v1", "tools": True}, False, False),
        ({"base_url": "http://x/v1", "api_key": "k"}, False, False),
        ({"base_url": "http://y/v1"}, False, False),
    ],
)
async def test_what_was_learnt_at_an_address_holds_there(
    settings: dict[str, str], learnt: bool, listed: bool
) -> None:
    answer = Scripted(200, SSE, [STREAM])
    before, _ = provider(LIST, REFUSED, answer, base_url="http://x/v1")
    await before.look_up("m")
    await before.execute_prompt(REQUEST)
    after, transport = provider(*[answer if learnt else REFUSED] * 2, answer, **settings)
    after.adopt(before)
    about = await after.describe_model("m")
    assert about is not None
    assert (about.context_length == 4096) == listed
    if learnt:
        await after.execute_prompt(REQUEST)
        assert "max_tokens" not in json.loads(transport.requests[0].body or b"")


@pytest.mark.parametrize(
    "answer",
    [
        Scripted(401, {}, [b'{"error": {"message": "hush-0123 is not known"}}']),
        Scripted(307, {"location": "https://host/hush-0123/"}, []),
        Scripted(200, SSE, [b'data: {"error": {"message": "no hush-0123"}}\n\n']),
        Scripted(400, {"x-request-id": "hush-0123"}, [b"{}"]),
    ],
)
async def test_a_key_in_the_body_is_not_in_an_error(answer: Scripted) -> None:
    asked, _ = provider(
        answer, base_url="http://host", extra_body={"metadata": {"api_key": "hush-0123"}}
    )
    with pytest.raises(ProviderError) as caught:
        await asked.execute_prompt(REQUEST)
    assert "hush" not in f"{caught.value} {vars(caught.value)}"
    assert asked.secrets() == ("hush-0123",)
