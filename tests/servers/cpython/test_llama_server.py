"""llama.cpp's server, asked from CPython: its real chat template and its real parser of calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import pytest
from pydantic import AfterValidator

from runt_pyodide import ask
from runt_pyodide.errors import AuthenticationError, ModelSlipError
from tests.support.real_servers.httpx_transport import Connect
from tests.support.real_servers.plays import HELLO, PLAYS, SAID
from tests.support.real_servers.process import ServerProcess
from tests.support.real_servers.programs import PLAY, llama_server

pytestmark = pytest.mark.parametrize("api", ["chat", "responses"])


def be_even(number: int) -> int:
    if number % 2:
        raise ValueError("it must be even")
    return number


Even = Annotated[int, AfterValidator(be_even)]


async def test_an_answer_and_the_next_one(play: ServerProcess, connect: Connect, api: str) -> None:
    connect(play.base_url, api=api, model="play")
    assert await ask("[hello]") == HELLO
    assert await ask("[again]") == PLAYS["again"][0]
    assert await ask("[hello] once more") == HELLO


async def test_two_calls_at_once(play: ServerProcess, connect: Connect, api: str) -> None:
    asked = []

    def weather(city: str) -> str:
        """Return the weather of a city."""
        asked.append(city)
        return "rain" if len(asked) > 1 else "sun"

    transport = connect(play.base_url, api=api, model="play")
    answer = await ask("[two-cities]", tools=[weather])
    assert asked == ["Paris", '\u5317\u4eac "centre"\n']
    assert answer.endswith(SAID)
    assert len(transport.bodies) == 2
    # What was called goes back with the next prompt, too.
    assert await ask("[hello]", tools=[weather]) == HELLO


async def test_a_typed_answer_is_repaired(play: ServerProcess, connect: Connect, api: str) -> None:
    connect(play.base_url, api=api, model="play")
    assert await ask("[even]", returns=Even) == 4


async def test_an_empty_answer_is_an_error(play: ServerProcess, connect: Connect, api: str) -> None:
    transport = connect(play.base_url, api=api, model="play")
    with pytest.raises(ModelSlipError):
        await ask("[empty]")
    assert len(transport.bodies) == 2


@pytest.fixture(scope="module")
def guarded() -> Iterator[ServerProcess]:
    with llama_server(PLAY, "--api-key", "sk-right") as server:
        yield server


@pytest.mark.parametrize("key", ["", "sk-wrong"])
async def test_a_wrong_key(guarded: ServerProcess, connect: Connect, api: str, key: str) -> None:
    connect(guarded.base_url, api=api, model="play", api_key=key)
    with pytest.raises(AuthenticationError) as caught:
        await ask("[hello]")
    assert "sk-wrong" not in str(caught.value)
