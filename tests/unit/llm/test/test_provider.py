"""The Test provider: the same each time, by exact prompt, by pattern, by turns, with faults."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from runt_pyodide.errors import (
    CutStreamError,
    NetworkError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    ServerError,
)
from runt_pyodide.llm.messages import (
    ChatRequest,
    Delta,
    FinishDelta,
    Image,
    Message,
    TextDelta,
    ThinkingDelta,
    ToolCall,
    ToolCallDelta,
    Usage,
    UsageDelta,
)
from runt_pyodide.llm.test.provider import TestProvider
from runt_pyodide.llm.test.settings import TestSettings


def ask(*prompts: str) -> ChatRequest:
    """A conversation in which every prompt but the last was answered by "ok"."""
    messages: list[Message] = []
    for prompt in prompts:
        messages += [Message("user", prompt), Message("assistant", "ok")]
    return ChatRequest(tuple(messages[:-1]), "scripted")


def provider(responses: Any, **settings: Any) -> TestProvider:
    return TestProvider("test", TestSettings.model_validate({"responses": responses, **settings}))


def playing(*turns: dict[str, Any]) -> TestProvider:
    """One that answers every prompt by these turns."""
    return provider([{"pattern": "", "turns": turns}])


async def collect(
    asked: TestProvider, request: ChatRequest
) -> tuple[list[Delta], ProviderError | None]:
    """All deltas, and the error that the stream ended with."""
    deltas: list[Delta] = []
    try:
        async for delta in asked.execute_prompt_stream(request):
            deltas.append(delta)  # noqa: PERF401 -- what came before an error counts
    except ProviderError as error:
        return deltas, error
    return deltas, None


async def deltas_of(asked: TestProvider, request: ChatRequest) -> list[Delta]:
    return [delta async for delta in asked.execute_prompt_stream(request)]


async def text_of(asked: TestProvider, request: ChatRequest) -> str:
    return (await asked.execute_prompt(request)).text


async def test_the_first_response_that_matches_answers() -> None:
    asked = provider(
        [
            {"prompt": "hi", "text": "exact"},
            {"pattern": "sky|sea", "text": "pattern"},
            {"pattern": "", "text": "any"},
        ]
    )
    assert await text_of(asked, ask(" hi\n")) == "exact"
    assert await text_of(asked, ask("why is the sky blue?")) == "pattern"
    assert await text_of(asked, ask("hi there")) == "any"


@pytest.mark.parametrize(
    "text", ["one two\n\n  three \n", "", " ", "\n", "a", "\u4f60\u597d \U0001f642"]
)
async def test_text_streams_by_words_and_joins_to_the_same(text: str) -> None:
    deltas = await deltas_of(provider({"hi": text}), ask("hi"))
    words = [delta.text for delta in deltas if isinstance(delta, TextDelta)]
    assert "".join(words) == text
    assert len(words) <= len(text.split()) + 1
    assert isinstance(deltas[-2], UsageDelta)
    assert deltas[-1] == FinishDelta("stop")


async def test_the_same_input_gives_the_same_deltas() -> None:
    asked = provider({"hi": "one two three"})
    assert await deltas_of(asked, ask("hi")) == await deltas_of(asked, ask("hi"))


async def test_a_prompt_without_a_response_says_so() -> None:
    text = await text_of(provider({}), ask("first", "second\nline"))
    assert "no model was asked" in text
    assert "> second\n> line" in text
    assert "2 messages of context." in text
    picture = Image("image/png", "iVBORw0KGgo=")
    for count, told in ((1, ", and 1 picture."), (2, ", and 2 pictures.")):
        asked = ChatRequest((Message("user", "hi", images=(picture,) * count),), "scripted")
        assert told in await text_of(provider({}), asked)


async def test_a_script_goes_on_with_the_assistant_s_messages_and_repeats_its_last_turn() -> None:
    asked = playing({"text": "one"}, {"text": "two"})
    prompt, one, two = Message("user", "hi"), Message("assistant", "one"), Message("tool", "42")
    assert await text_of(asked, ask("hi")) == "one"
    assert await text_of(asked, ChatRequest((prompt, one, two), "scripted")) == "two"
    assert await text_of(asked, ChatRequest((prompt, one, two, one, two), "scripted")) == "two"


async def test_a_turn_is_thinking_then_text_then_calls() -> None:
    call = {"name": "add", "arguments": {"a b": "\u00fc"}}
    deltas = await deltas_of(
        playing({"toolCalls": [call], "text": "Hi", "thinking": "Hm"}), ask("hi")
    )
    assert deltas == [
        ThinkingDelta("Hm"),
        TextDelta("Hi"),
        ToolCallDelta(0, "call_1", "add"),
        ToolCallDelta(0, arguments='{"a'),
        ToolCallDelta(0, arguments=' b":'),
        ToolCallDelta(0, arguments=' "\u00fc"}'),
        UsageDelta(Usage(input_tokens=1, output_tokens=5)),
        FinishDelta("tool_calls"),
    ]


async def test_parts_come_in_their_order() -> None:
    parts = [
        {"text": "a"},
        {"toolCall": {"name": "f", "id": "mine"}},
        {"thinking": "b"},
        {"toolCall": {"name": "g", "arguments": ""}},
        {"text": "c"},
    ]
    deltas = await deltas_of(playing({"parts": parts}), ask("hi"))
    assert deltas[:-2] == [
        TextDelta("a"),
        ToolCallDelta(0, "mine", "f"),
        ToolCallDelta(0, arguments="{}"),
        ThinkingDelta("b"),
        ToolCallDelta(1, "call_1", "g"),
        TextDelta("c"),
    ]


async def test_arguments_may_be_invalid_json() -> None:
    call = {"name": "add", "arguments": '{"a": 1,, oops'}
    response = await playing({"toolCalls": [call]}).execute_prompt(ask("hi"))
    assert response.tool_calls == (ToolCall("call_1", "add", '{"a": 1,, oops'),)
    with pytest.raises(json.JSONDecodeError):
        json.loads(response.tool_calls[0].arguments)


async def test_no_two_calls_of_a_conversation_share_an_id() -> None:
    asked = playing({"toolCalls": [{"name": "f"}, {"name": "f"}]})
    before = (ToolCall("call_3", "f", ""), ToolCall("x", "f", ""))
    messages = (Message("user", "hi"), Message("assistant", "", tool_calls=before))
    response = await asked.execute_prompt(ChatRequest(messages, "scripted"))
    assert [call.id for call in response.tool_calls] == ["call_4", "call_5"]


async def test_usage_finish_and_notice_can_be_given() -> None:
    usage = {"inputTokens": 7, "cachedTokens": 3}
    asked = playing({"text": "hi", "usage": usage, "finish": "length", "notice": "Cut."})
    assert (await deltas_of(asked, ask("hi")))[1:] == [
        UsageDelta(Usage(input_tokens=7, cached_tokens=3)),
        FinishDelta("length", "Cut."),
    ]


async def test_the_delay_of_a_turn_comes_before_the_provider_s() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "sleep", sleep)
        turns = [{"text": "a"}, {"text": "a", "delay": 0.25}]
        asked = provider([{"pattern": "", "turns": turns}], delay=0.5)
        await deltas_of(asked, ask("hi"))
        again = (*ask("hi").messages, Message("assistant", "a"))
        await deltas_of(asked, ChatRequest(again, "scripted"))
    assert waits == [0.5] * 3 + [0.25] * 3


async def test_a_refusal_comes_before_the_first_delta_and_is_as_a_service_s() -> None:
    fault = {"status": 429, "retryAfter": 2, "message": "Slow down"}
    deltas, error = await collect(playing({"text": "hi", "fault": fault}), ask("hi"))
    assert deltas == []
    assert isinstance(error, RateLimitError)
    assert (error.status, error.retry_after) == (429, 2)
    assert (error.provider, error.model) == ("test", "scripted")
    assert "Slow down" in str(error)


@pytest.mark.parametrize(
    ("fault", "kind", "said"),
    [
        (500, ServerError, ""),
        ({"status": 429, "code": "insufficient_quota"}, QuotaExceededError, ""),
        ("unreachable", NetworkError, ""),
        ("cut", CutStreamError, "one two"),
        ("error", ServerError, "one two"),
        ({"kind": "cut", "after": 1}, CutStreamError, "one"),
        ({"kind": "error", "after": 0, "code": "rate_limit_exceeded"}, RateLimitError, ""),
    ],
)
async def test_faults(fault: Any, kind: type[ProviderError], said: str) -> None:
    deltas, error = await collect(playing({"text": "one two", "fault": fault}), ask("hi"))
    assert type(error) is kind
    assert "".join(delta.text for delta in deltas if isinstance(delta, TextDelta)) == said
    assert all(isinstance(delta, TextDelta) for delta in deltas)


async def test_a_fault_happens_as_often_as_it_says_for_each_turn() -> None:
    fault = {"status": 503, "times": 2}
    script = [
        {"prompt": "a", "turns": [{"text": "A", "fault": fault}]},
        {"prompt": "b", "turns": [{"text": "B", "fault": fault}]},
    ]

    async def outcomes() -> list[str]:
        asked = provider(script)
        seen = []
        for prompt in "aabaabb":
            deltas, error = await collect(asked, ask(prompt))
            seen.append(str(error.status) if error else "".join(map(_said, deltas)))
        return seen

    assert await outcomes() == ["503", "503", "503", "A", "A", "503", "B"]
    assert await outcomes() == await outcomes()


def _said(delta: Delta) -> str:
    return delta.text if isinstance(delta, TextDelta) else ""


@pytest.mark.parametrize("tools", [True, False])
async def test_tools_are_a_setting(tools: bool) -> None:
    asked = provider({}, tools=tools)
    models = await asked.get_available_models()
    assert asked.supports_tools("scripted") is tools
    assert [("tools" in model.capabilities, model.name) for model in models] == [
        (tools, "scripted")
    ]


async def test_to_check_a_model_plays_nothing() -> None:
    asked = playing({"text": "hi", "fault": {"status": 500, "times": 1}})
    await asked.check_model("scripted")
    assert (await collect(asked, ask("hi")))[1] is not None


@pytest.mark.parametrize(
    ("result", "told"),
    [
        ('[data x]\n{"cell_id": "c7", "n": 1}\n[end of data x]', '{"cellId": "c7", "at": "1"}'),
        ('{"other": 1}', '{"cellId": "{{call_1.cell_id}}", "at": "{{call_1.n}}"}'),
        ("no object", '{"cellId": "{{call_1.cell_id}}", "at": "{{call_1.n}}"}'),
    ],
)
async def test_a_call_may_refer_to_what_another_came_to(result: str, told: str) -> None:
    arguments = {"cellId": "{{call_1.cell_id}}", "at": "{{call_1.n}}"}
    turns = [{"text": "first"}, {"toolCalls": [{"name": "run", "arguments": arguments}]}]
    settings = TestSettings.model_validate({"responses": [{"pattern": "", "turns": turns}]})
    called = ToolCall("call_1", "make", "{}")
    messages = (
        Message("user", "Go."),
        Message("assistant", "", tool_calls=(called,)),
        Message("tool", result, tool_call_id="call_1"),
    )
    response = await TestProvider("test", settings).execute_prompt(ChatRequest(messages, "m"))
    assert response.tool_calls[0].arguments == told
