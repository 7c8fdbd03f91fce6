"""What llama.cpp's server cannot do, or not yet: asked from CPython."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest

from runt_pyodide import ask
from runt_pyodide.errors import LimitError
from tests.support.real_servers.httpx_transport import Connect
from tests.support.real_servers.plays import HELLO, PLAYS
from tests.support.real_servers.process import ServerProcess
from tests.support.real_servers.programs import PLAY, SMOLLM2, llama_server

PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f"
    b"\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x03\x00\x08\xfc\x02\xfe\xa7\x9a\xa0\xa0"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)
LONG = "The wolf ran through the woods. " * 900  # some 6,000 tokens
TOO_LONG = "exceeds the available context size"
apis = pytest.mark.parametrize("api", ["chat", "responses"])


async def test_an_answer_that_reaches_the_limit_is_told(
    smollm2: ServerProcess, connect: Connect
) -> None:
    """By the Responses API this server says that such an answer is complete."""
    connect(smollm2.base_url, api="chat", model="smollm2")
    with pytest.raises(LimitError, match="truncated"):
        await ask("Tell a long story about a wolf.", max_tokens=8)


async def test_a_stop_sequence_ends_the_answer(smollm2: ServerProcess, connect: Connect) -> None:
    connect(smollm2.base_url, api="chat", model="smollm2")
    said = await ask("Tell a story about a wolf.", stop=["the"], temperature=0)
    assert "the" not in said


@pytest.fixture(scope="module", params=[4096, 9000])
def narrow(request: pytest.FixtureRequest) -> Iterator[ServerProcess]:
    """The scripted model, for which each byte is a token: four times as many as are estimated. What
    stands around a prompt alone is more than the smaller window has."""
    with llama_server(PLAY, "--ctx-size", str(request.param)) as server:
        yield server


@apis
async def test_a_prompt_is_shortened_until_it_fits(
    narrow: ServerProcess, connect: Connect, api: str
) -> None:
    connect(narrow.base_url, api=api, model="play")
    for number in range(6):
        written = ask.dialogue.record(f"print({number})", f"In[{number}]")
        written.stream("stdout", LONG)
        written.close()
    with pytest.warns(UserWarning, match=TOO_LONG):
        assert await ask("[hello]") == HELLO
    # What the server said of its window is remembered.
    refused = narrow.count_in_log(TOO_LONG)
    assert await ask("[again]") == PLAYS["again"][0]
    assert narrow.count_in_log(TOO_LONG) == refused


@apis
async def test_a_picture_is_left_out_for_a_model_that_cannot_see(
    play: ServerProcess, connect: Connect, api: str
) -> None:
    transport = connect(play.base_url, api=api, model="play")
    with pytest.warns(UserWarning, match=r"image|picture"):
        assert await ask("[hello]", images=[PIXEL]) == HELLO
    assert len(transport.bodies) <= 2


@pytest.fixture
def loading() -> Iterator[ServerProcess]:
    """A server that listens, and loads its model."""
    server = llama_server(SMOLLM2)
    try:
        yield server.launch()
    finally:
        server.kill()


async def test_a_model_that_is_loaded_is_waited_for(
    loading: ServerProcess, connect: Connect
) -> None:
    connect(loading.base_url, api="chat", model="smollm2")
    with suppress(LimitError):  # which says that it was asked
        assert await ask("Say hello.", max_tokens=100)
