"""What every provider keeps to, whatever its service sends."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from runt_pyodide.errors import (
    AuthenticationError,
    CutStreamError,
    NetworkError,
    ProviderError,
    ServerError,
)
from runt_pyodide.messages import (
    ChatRequest,
    Delta,
    FinishDelta,
    Message,
    TextDelta,
    ThinkingDelta,
    UsageDelta,
)
from runt_pyodide.providers import AIProvider

from .rigs import KEY, RIGS, WIRED_RIGS, Delivery, Rig, Turn

REQUEST = ChatRequest((Message("user", "Why is the sky blue?"),), model="some-model")
UNICODE = ("Gr\u00fc\u00dfe, ", "\u4f60\u597d \u2028\u0085", "\U0001f642!")


@pytest.fixture(params=RIGS, ids=lambda rig: rig.name)
def rig(request: pytest.FixtureRequest) -> Rig:
    return request.param()


@pytest.fixture(params=WIRED_RIGS, ids=lambda rig: rig.name)
def wired(request: pytest.FixtureRequest) -> Rig:
    return request.param()


async def collect(provider: AIProvider) -> tuple[list[Delta], ProviderError | None]:
    """All deltas, and the error that the stream ended with."""
    deltas: list[Delta] = []
    try:
        async with aclosing(provider.execute_prompt_stream(REQUEST)) as stream:
            async for delta in stream:
                deltas.append(delta)  # noqa: PERF401 -- what came before an error counts
    except ProviderError as error:
        return deltas, error
    return deltas, None


def text_of(deltas: list[Delta]) -> str:
    return "".join(delta.text for delta in deltas if isinstance(delta, TextDelta))


def thinking_of(deltas: list[Delta]) -> str:
    return "".join(delta.text for delta in deltas if isinstance(delta, ThinkingDelta))


async def test_text_and_thinking_come_whole_and_the_end_comes_last(rig: Rig) -> None:
    turn = Turn(text=("The sky ", "is ", "blue."), thinking=("Light ", "scatters."))
    deltas, error = await collect(rig.provider(turn))
    assert error is None
    assert text_of(deltas) == "The sky is blue."
    assert thinking_of(deltas) == "Light scatters."
    assert deltas[-1] == FinishDelta("stop")
    assert sum(isinstance(delta, FinishDelta) for delta in deltas) == 1


async def test_execute_prompt_is_the_stream_drained(rig: Rig) -> None:
    response = await rig.provider(Turn(text=("a ", "b"), thinking=("c",))).execute_prompt(REQUEST)
    assert (response.text, response.thinking, response.finish_reason) == ("a b", "c", "stop")


async def test_an_empty_answer_is_an_answer(rig: Rig) -> None:
    deltas, error = await collect(rig.provider(Turn()))
    assert (text_of(deltas), error, deltas[-1]) == ("", None, FinishDelta("stop"))


async def test_a_cut_stream_is_an_error_after_what_came(rig: Rig) -> None:
    deltas, error = await collect(rig.provider(Turn(text=("half ", "an "), ending="cut")))
    assert text_of(deltas) == "half an "
    assert isinstance(error, CutStreamError)
    assert not any(isinstance(delta, FinishDelta) for delta in deltas)


async def test_an_error_in_mid_stream_is_raised_after_what_came(rig: Rig) -> None:
    deltas, error = await collect(rig.provider(Turn(text=("half ",), ending="error")))
    assert text_of(deltas) == "half "
    assert isinstance(error, ServerError)


async def test_a_refused_key_is_an_authentication_error_that_does_not_show_it(rig: Rig) -> None:
    deltas, error = await collect(rig.provider(Turn(ending="refused")))
    assert deltas == []
    assert isinstance(error, AuthenticationError)
    assert error.status == 401
    assert KEY not in f"{error} {error!r} {error.args}"
    assert "key" in error.advice


async def test_no_server_is_a_network_error_that_names_provider_and_model(wired: Rig) -> None:
    _, error = await collect(wired.provider(Turn(ending="unreachable")))
    assert isinstance(error, NetworkError)
    assert (error.provider, error.model) == (wired.name, "some-model")


async def test_the_limit_of_tokens_is_told(wired: Rig) -> None:
    deltas, error = await collect(wired.provider(Turn(text=("half",), ending="length")))
    assert (error, deltas[-1]) == (None, FinishDelta("length"))


async def test_usage_is_told_once(wired: Rig) -> None:
    deltas, _ = await collect(wired.provider(Turn(text=("hi",), usage=(7, 1))))
    usages = [delta.usage for delta in deltas if isinstance(delta, UsageDelta)]
    assert [(usage.input_tokens, usage.output_tokens) for usage in usages] == [(7, 1)]


async def test_unicode_survives_every_split(wired: Rig) -> None:
    turn = Turn(text=UNICODE, thinking=UNICODE)
    for split in range(len(wired.wire(turn)) + 1):
        deltas, error = await collect(wired.provider(turn, Delivery(split=split)))
        assert error is None
        assert text_of(deltas) == thinking_of(deltas) == "".join(UNICODE)


async def test_a_cut_at_any_byte_is_never_a_success(wired: Rig) -> None:
    turn = Turn(text=("a", "b"), ending="cut")
    for length in range(len(wired.wire(turn))):
        _, error = await collect(wired.provider(turn, Delivery(keep=length)))
        assert isinstance(error, CutStreamError)


async def test_leaving_the_stream_aborts_the_request(wired: Rig) -> None:
    provider = wired.provider(Turn(text=("a", "b", "c")), Delivery(hold=True))
    async with aclosing(provider.execute_prompt_stream(REQUEST)) as stream:
        async for _ in stream:
            break
    assert wired.transport is not None
    assert wired.transport.aborted == 1


async def test_cancelling_aborts_the_request(wired: Rig) -> None:
    provider = wired.provider(Turn(text=("a",), ending="cut"), Delivery(hold=True))
    task = asyncio.create_task(collect(provider))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert wired.transport is not None
    assert (wired.transport.aborted, len(wired.transport.requests)) == (1, 1)
