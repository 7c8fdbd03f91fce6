"""What every provider can do, even one that only streams."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from runt_pyodide.errors import CutStreamError, ProtocolError, ServerError
from runt_pyodide.llm.cassette.tape import Tape
from runt_pyodide.llm.messages import (
    AiModel,
    ChatRequest,
    Delta,
    FinishDelta,
    Message,
    TextDelta,
    ToolCall,
    Usage,
    UsageDelta,
)
from runt_pyodide.llm.provider import AIProvider

REQUEST = ChatRequest((Message("user", "Hi"),), "m")


class Streaming(AIProvider):
    """Gives these deltas, and raises the errors among them."""

    name = "mine"
    models = ("m", "n")

    def __init__(self, *deltas: Delta | Exception) -> None:
        self._deltas = deltas
        self.requests: list[ChatRequest] = []
        self.open = 0

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        self.requests.append(request)
        self.open += 1
        try:
            for delta in self._deltas:
                if isinstance(delta, Exception):
                    raise delta
                yield delta
        finally:
            self.open -= 1


async def test_a_whole_turn_is_what_its_deltas_add_up_to() -> None:
    usage = Usage(1, 2)
    asked = Streaming(TextDelta("Hel"), TextDelta("lo"), UsageDelta(usage), FinishDelta("length"))
    answer = await asked.execute_prompt(REQUEST)
    assert (answer.text, answer.usage, answer.finish_reason) == ("Hello", usage, "length")
    assert asked.requests == [REQUEST]


@pytest.mark.parametrize("deltas", [[], [TextDelta("half")]])
async def test_a_turn_that_does_not_end_is_cut(deltas: list[Delta]) -> None:
    with pytest.raises(CutStreamError):
        await Streaming(*deltas).execute_prompt(REQUEST)


async def test_what_the_stream_raises_is_raised_and_the_stream_is_closed() -> None:
    asked = Streaming(TextDelta("half"), ServerError("It broke."))
    with pytest.raises(ServerError):
        await asked.execute_prompt(REQUEST)
    assert asked.open == 0


async def test_its_models_are_those_that_it_names() -> None:
    listed = [AiModel("m", "mine", "m"), AiModel("n", "mine", "n")]
    asked = Streaming()
    assert await asked.get_available_models() == listed
    assert await asked.list_models() == listed
    assert await asked.describe_model("m") is None


async def test_a_check_asks_for_a_few_tokens_and_leaves_at_the_first() -> None:
    asked = Streaming(TextDelta("ok"), ServerError("It is not read that far."))
    await asked.check_model("n")
    (request,) = asked.requests
    assert (request.model, request.settings.max_tokens, asked.open) == ("n", 16, 0)
    with pytest.raises(ServerError):
        await Streaming(ServerError("It broke.")).check_model("n")


def test_it_is_ready_without_keys_and_shows_no_more_than_its_name_and_address() -> None:
    asked = Streaming()
    assert asked.missing() is None
    assert [*asked.secrets(), *asked.alternative_addresses()] == []
    assert (asked.supports_tools(), asked.supports_streaming()) == (True, True)
    assert repr(asked) == "Streaming('mine', None)"


def test_an_earlier_name_works_and_says_what_it_is_now() -> None:
    with pytest.warns(DeprecationWarning, match="alternative_addresses and elsewhere"):
        assert [*Streaming().neighbours()] == []


def test_its_origin_names_service_and_model_and_tells_no_address() -> None:
    here, there = Streaming(), Streaming()
    here.base_url, there.base_url = "https://a.example/v1?v=1", "https://b.example/v1"
    assert here.origin("m").endswith(" m")
    assert "a.example" not in here.origin("m")
    assert (
        len({here.origin("m"), here.origin("n"), there.origin("m"), Streaming().origin("m")}) == 4
    )
    there.base_url = "https://a.example/v1"
    assert there.origin("m") == here.origin("m")


def test_state_has_a_size() -> None:
    calls = (ToolCall("1", "f", "{}", {"signature": "s" * 100}), ToolCall("2", "f", "{}"))
    message = Message("assistant", "", tool_calls=calls, state=({"type": "t" * 50},))
    assert 150 < Streaming().state_size(message, "m") < 200
    assert Streaming().state_size(Message("assistant", "Hello."), "m") == 0


@pytest.mark.parametrize("deltas", [["Hi"], [TextDelta("Hi"), b"!"], [None]])
async def test_what_is_no_delta_is_told_in_a_sentence_wherever_it_is_read(
    deltas: list[Any],
) -> None:
    kind = type(deltas[-1]).__name__
    told = f"'mine' yielded a {kind}, and no delta.*TextDelta"
    with pytest.raises(ProtocolError, match=told):
        await Streaming(*deltas).execute_prompt(REQUEST)
    with pytest.raises(ProtocolError, match=told):
        async for _ in Tape().record(Streaming(*deltas), REQUEST):
            pass
    if len(deltas) == 1:
        with pytest.raises(ProtocolError, match=told):
            await Streaming(*deltas).check_model("m")


@pytest.mark.parametrize("is_async", [True, False])
async def test_a_method_that_yields_nothing_is_told_in_a_sentence(is_async: bool) -> None:
    class Answering(Streaming):
        def execute_prompt_stream(self, request: ChatRequest) -> Any:
            return answer() if is_async else "Hi"

    async def answer() -> str:
        return "Hi"

    kind = "coroutine" if is_async else "str"
    with pytest.raises(ProtocolError, match=f"'mine' returned a {kind}, and no stream"):
        await Answering().execute_prompt(REQUEST)
