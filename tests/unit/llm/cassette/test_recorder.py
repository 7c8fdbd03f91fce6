"""The recorder does not change what it records, and stores no key."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import pytest

from runt_pyodide.config import AIConfig
from runt_pyodide.errors import AuthenticationError, ProviderError
from runt_pyodide.llm.cassette.cassette import Cassette
from runt_pyodide.llm.cassette.recorder import Recorder
from runt_pyodide.llm.messages import (
    ChatRequest,
    Delta,
    FinishDelta,
    Message,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
)
from runt_pyodide.llm.provider import AIProvider
from runt_pyodide.llm.registry import ProviderRegistry
from runt_pyodide.llm.test.provider import TestProvider
from runt_pyodide.llm.test.settings import TestSettings
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport

KEY = "correct-horse-battery-staple"
REQUEST = ChatRequest((Message("user", f"My key is {KEY}."),), "m")


class Speaker(AIProvider):
    """Says what it is told to, and has a key."""

    name = "speaker"
    models = ("m",)
    base_url = "https://speaker.example"

    def __init__(self, *said: Delta, error: ProviderError | None = None) -> None:
        self._said = said
        self._error = error

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        for delta in self._said:
            yield delta
        if self._error:
            raise self._error

    def secrets(self) -> Sequence[str]:
        return (KEY,)

    def missing(self) -> str | None:
        return "Nothing."

    def supports_tools(self, model: str | None = None) -> bool:
        return False

    def supports_streaming(self) -> bool:
        return False

    def alternative_addresses(self) -> Sequence[str]:
        return ("https://other.example",)

    def elsewhere(self, base_url: str) -> AIProvider:
        assert base_url == "https://other.example"
        return self


async def record(provider: AIProvider) -> tuple[list[Delta], Cassette]:
    """What came through, and what was kept."""
    recorder = Recorder(provider)
    deltas = [delta async for delta in recorder.execute_prompt_stream(REQUEST)]
    return deltas, recorder.cassette


def recorded_deltas(cassette: Cassette) -> list[Delta]:
    return [delta.delta() for turn in cassette.turns for delta in turn.deltas]


async def test_all_goes_through_and_is_kept_as_it_came() -> None:
    said = (TextDelta("a"), TextDelta("b"), ToolCallDelta(0, "1", "f"), FinishDelta("tool_calls"))
    deltas, cassette = await record(Speaker(*said))
    assert deltas == recorded_deltas(cassette) == [*said]
    assert cassette.provider == "speaker"


async def test_an_error_goes_through_and_is_kept_without_the_key() -> None:
    error = AuthenticationError(f"Incorrect key: {KEY}", status=401)
    recorder = Recorder(Speaker(TextDelta("half"), error=error))
    with pytest.raises(AuthenticationError) as caught:
        await recorder.execute_prompt(REQUEST)
    assert caught.value is error
    turn = recorder.cassette.turns[0]
    assert turn.error is not None
    assert (turn.error.type, turn.error.message) == ("AuthenticationError", "Incorrect key: [key]")
    assert KEY not in recorder.cassette.to_json()


async def test_a_turn_that_was_left_is_kept_as_far_as_it_came() -> None:
    recorder = Recorder(Speaker(TextDelta("a"), TextDelta("b"), FinishDelta("stop")))
    async with aclosing(recorder.execute_prompt_stream(REQUEST)) as stream:
        await anext(stream)
        assert recorder.cassette.turns == ()
    (turn,) = recorder.cassette.turns
    assert recorded_deltas(recorder.cassette) == [TextDelta("a")]
    assert turn.cancelled_after is not None


async def test_a_turn_that_was_left_at_its_end_is_kept() -> None:
    recorder = Recorder(Speaker(TextDelta("a"), FinishDelta("stop")))
    async with aclosing(recorder.execute_prompt_stream(REQUEST)) as stream:
        async for delta in stream:
            if isinstance(delta, FinishDelta):
                break
    assert len(recorder.cassette.turns) == 1


async def test_turns_are_kept_in_the_order_in_which_they_began() -> None:
    recorder = Recorder(Speaker(TextDelta("a"), FinishDelta("stop")))
    first = recorder.execute_prompt_stream(ChatRequest((), "first"))
    await anext(first)
    await recorder.execute_prompt(ChatRequest((), "second"))
    assert [turn.request.model for turn in recorder.cassette.turns] == ["second"]
    assert [delta async for delta in first] == [FinishDelta("stop")]
    assert [turn.request.model for turn in recorder.cassette.turns] == ["first", "second"]


async def test_a_key_that_runs_over_pieces_is_found_in_each_stream_of_its_own() -> None:
    head, tail = KEY[:9], KEY[9:]
    said = (
        ThinkingDelta("think "),
        ThinkingDelta(head),
        TextDelta("it is " + head),
        ThinkingDelta(tail),
        TextDelta(tail + "!"),
        ToolCallDelta(0, "1", "f"),
        ToolCallDelta(1, "2", "g"),
        ToolCallDelta(0, arguments=head),
        ToolCallDelta(1, arguments="{}"),
        ToolCallDelta(0, arguments=tail),
        FinishDelta("tool_calls", f"Used {KEY}", ({"kept": KEY},)),
    )
    deltas, cassette = await record(Speaker(*said))
    assert deltas == [*said]
    assert recorded_deltas(cassette) == [
        ThinkingDelta("think [key]"),
        TextDelta("it is [key]!"),
        ToolCallDelta(0, "1", "f", "[key]"),
        ToolCallDelta(1, "2", "g"),
        ToolCallDelta(1, arguments="{}"),
        FinishDelta("tool_calls", "Used [key]", ({"kept": "[key]"},)),
    ]
    assert cassette.turns[0].request.messages[0].content == "My key is [key]."


async def test_more_secrets_can_be_named() -> None:
    recorder = Recorder(Speaker(TextDelta("ask Jean Valjean"), FinishDelta("stop")), ["Valjean"])
    await recorder.execute_prompt(REQUEST)
    assert recorded_deltas(recorder.cassette)[0] == TextDelta("ask Jean [key]")


async def test_the_rest_is_the_other_provider_s() -> None:
    recorder = Recorder(Speaker())
    assert (recorder.name, recorder.models, recorder.missing()) == ("speaker", ("m",), "Nothing.")
    assert (recorder.supports_tools(), recorder.supports_streaming()) == (False, False)
    assert [model.name for model in await recorder.get_available_models()] == ["m"]
    assert [model.name for model in await recorder.list_models()] == ["m"]
    assert recorder.secrets() == (KEY,)
    assert recorder.base_url == "https://speaker.example"
    (address,) = recorder.alternative_addresses()
    assert isinstance(recorder.elsewhere(address), Speaker)


async def test_to_check_a_model_is_no_turn() -> None:
    recorder = Recorder(Speaker(FinishDelta("stop"), error=AuthenticationError("No.")))
    await recorder.check_model("m")
    assert recorder.cassette.turns == ()


async def test_what_decides_what_models_are_sent_is_kept() -> None:
    recorder = Recorder(TestProvider("test", TestSettings(tools=False, context_length=99)))
    await recorder.describe_model("m")
    recorder.supports_tools("m")
    await recorder.execute_prompt(REQUEST)
    (one,) = Cassette.read(recorder.cassette.to_json()).providers
    assert (one.name, one.without_tools) == ("test", ("m",))
    assert [(model.name, model.context_length) for model in one.models] == [("m", 99)]
    played = TestProvider("other", TestSettings(cassette=json.loads(recorder.cassette.to_json())))
    about = await played.describe_model("m")
    assert about is not None
    assert (about.provider, about.context_length) == ("other", 99)
    assert not played.supports_tools("m")
    assert played.plays_recording


async def test_the_key_of_a_real_provider_is_not_in_the_cassette() -> None:
    chunk = b'{"choices": [{"index": 0, "delta": {"content": "%s"}, "finish_reason": "stop"}]}'
    body = b"data: " + chunk % KEY.encode() + b"\n\ndata: [DONE]\n\n"
    answer = Scripted(headers={"Content-Type": "text/event-stream"}, pieces=(body,))
    transport = ScriptedTransport([answer])
    config = AIConfig.read({"providers": {"openai": {"apiKey": KEY}}})
    recorder = Recorder(ProviderRegistry.from_config(config, transport).require("openai"))
    assert (await recorder.execute_prompt(REQUEST)).text == KEY
    assert transport.requests[0].headers["Authorization"] == f"Bearer {KEY}"
    assert KEY not in recorder.cassette.to_json()
    assert "[key]" in recorder.cassette.to_json()


async def test_state_is_kept_byte_by_byte_but_for_the_provider_s_key() -> None:
    signature = "sk-0123456789abcdefghij"
    deltas, cassette = await record(
        Speaker(
            ToolCallDelta(0, "1", "f", state={"signature": signature, "key": KEY}),
            FinishDelta("tool_calls", state=({"signature": signature},)),
        )
    )
    kept = Cassette.read(cassette.to_json())
    assert recorded_deltas(kept) == [
        ToolCallDelta(0, "1", "f", state={"signature": signature, "key": "[key]"}),
        deltas[-1],
    ]


def test_it_is_of_the_same_origin_as_what_it_records() -> None:
    speaker = Speaker()
    message = Message("assistant", "", state=({"signature": "s"},))
    recorder = Recorder(speaker)
    assert recorder.origin("m") == speaker.origin("m")
    assert recorder.state_size(message, "m") == speaker.state_size(message, "m")
