"""LiteLLM's proxy before llama-server: its chat, its translation of the Responses API, errors."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from runt_pyodide import ask
from runt_pyodide.errors import (
    AuthenticationError,
    LimitError,
    ModelNotFoundError,
    ServerError,
)
from tests.support.real_servers.httpx_transport import Connect
from tests.support.real_servers.plays import HELLO, SAID
from tests.support.real_servers.process import ServerProcess
from tests.support.real_servers.programs import litellm

KEY = f"sk-{secrets.token_hex(24)}"


@pytest.fixture(scope="module")
def proxy(play: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """With the scripted model as it is, and with the Responses API translated into its chat."""
    at = {"api_base": play.base_url, "api_key": "none"}
    models = {
        "play": {"model": "openai/play", **at},
        "translated": {"model": "lm_studio/play", **at},
    }
    with litellm(tmp_path_factory.mktemp("litellm"), KEY, models) as server:
        yield server


each = pytest.mark.parametrize(
    ("api", "model"),
    [("chat", "play"), ("responses", "play"), ("responses", "translated")],
)


@each
async def test_an_answer_and_the_next_one(
    proxy: ServerProcess, connect: Connect, api: str, model: str
) -> None:
    connect(proxy.base_url, api=api, model=model, api_key=KEY)
    assert await ask("[hello]") == HELLO
    assert await ask("[hello] once more") == HELLO


@each
async def test_calls_by_the_proxy(
    proxy: ServerProcess, connect: Connect, api: str, model: str
) -> None:
    asked = []

    def weather(city: str) -> str:
        """Return the weather of a city."""
        asked.append(city)
        return "sun"

    connect(proxy.base_url, api=api, model=model, api_key=KEY)
    assert (await ask("[two-cities]", tools=[weather])).endswith(SAID)
    assert asked == ["Paris", '\u5317\u4eac "centre"\n']


@pytest.mark.parametrize(("api", "model"), [("chat", "play"), ("responses", "translated")])
async def test_a_cut_answer_is_told(
    proxy: ServerProcess, connect: Connect, api: str, model: str
) -> None:
    connect(proxy.base_url, api=api, model=model, api_key=KEY)
    with pytest.raises(LimitError, match="truncated"):
        await ask("[hello]", max_tokens=6)


async def test_no_key_is_an_error_of_the_server(proxy: ServerProcess, connect: Connect) -> None:
    """The proxy fails in telling so where it has no database."""
    connect(proxy.base_url, api="chat", model="play")
    with pytest.raises(ServerError, match="Internal Server Error"):
        await ask("[hello]")


async def test_a_wrong_key_is_named(proxy: ServerProcess, connect: Connect) -> None:
    """The proxy says 400, and "No connected db.", of every key but its own."""
    connect(proxy.base_url, api="chat", model="play", api_key="sk-wrong")
    with pytest.raises(AuthenticationError) as caught:
        await ask("[hello]")
    assert "key" in caught.value.advice
    assert "sk-wrong" not in str(caught.value)


async def test_a_model_that_it_does_not_have(proxy: ServerProcess, connect: Connect) -> None:
    """It says so with 400."""
    connect(proxy.base_url, api="chat", model="nope", api_key=KEY)
    with pytest.raises(ModelNotFoundError):
        await ask("[hello]")


async def test_a_model_is_found_in_its_list(proxy: ServerProcess, connect: Connect) -> None:
    connect(proxy.base_url, api="chat", api_key=KEY)
    assert await ask("[hello]") == HELLO
