"""The transport of CPython against a real server: streams, stops, failures, proxies."""

from __future__ import annotations

import asyncio
import ssl
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from runt_pyodide.config import AIConfig
from runt_pyodide.errors import ConfigError, NetworkError
from runt_pyodide.llm.messages import ChatRequest, Message, TextDelta
from runt_pyodide.llm.registry import ProviderRegistry
from runt_pyodide.llm.transport import httpx_client
from runt_pyodide.llm.transport.absent import find_transport
from runt_pyodide.llm.transport.base import Request
from runt_pyodide.llm.transport.httpx_client import HttpxTransport
from tests.support.server.errors import api_error
from tests.support.server.exchange import State
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import Answer, Fixed, Framing, Scenario, Trouble, replay

TEXT = "Gr\u00fc\u00dfe aus \u5317\u4eac, \U0001f642!\n" * 20
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXIES, "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


def provider_at(url: str, **settings: Any) -> Any:
    """OpenAI's, at this address, over httpx."""
    own = {"apiKey": "sk-x", "baseUrl": url, **settings}
    config = AIConfig.read({"providers": {"openai": own}})
    return ProviderRegistry.from_config(config, HttpxTransport()).require("openai")


async def ask(url: str, stop_at: str = "", **settings: Any) -> tuple[str, BaseException | None]:
    """One prompt; its text, and the error. With ``stop_at`` the task is cancelled at that text."""
    texts: list[str] = []

    async def run() -> None:
        request = ChatRequest((Message("user", "hi"),), "m")
        async for delta in provider_at(url, **settings).execute_prompt_stream(request):
            if isinstance(delta, TextDelta):
                texts.append(delta.text)
            if "".join(texts) == stop_at != "":
                asyncio.get_running_loop().call_soon(task.cancel)

    task = asyncio.create_task(run())
    await asyncio.wait({task})
    error = asyncio.CancelledError() if task.cancelled() else task.exception()
    return "".join(texts), error


async def test_outside_pyodide_it_is_the_transport() -> None:
    assert isinstance(find_transport(), HttpxTransport)


@pytest.mark.parametrize("writes", [None, 1, 7, 65536])
async def test_the_text_is_what_the_server_sent(llm_server: LLMServer, writes: int | None) -> None:
    exchange = llm_server.enqueue(Answer(TEXT, deltas=50, framing=Framing(writes=writes)))
    assert await ask(llm_server.base_url) == (TEXT, None)
    assert exchange.request.headers["authorization"] == "Bearer sk-x"
    assert exchange.request.json["messages"] == [{"role": "user", "content": "hi"}]


async def test_a_capture_of_a_real_server(llm_server: LLMServer) -> None:
    llm_server.enqueue(replay("llamaserver-1"))
    text, error = await ask(llm_server.base_url)
    assert (text[:7], error) == ("The sky", None)


async def test_what_has_come_is_told_while_the_rest_is_awaited(llm_server: LLMServer) -> None:
    exchange = llm_server.enqueue(Answer(("one ", "two ", "three"), gate_after=2))
    text, error = await ask(llm_server.base_url, stop_at="one two ")
    assert (text, type(error)) == ("one two ", asyncio.CancelledError)
    assert await asyncio.to_thread(exchange.wait_closed) == "closed_by_client"
    assert len(llm_server.requests) == 1


BEFORE = "before_headers"
TROUBLES: list[tuple[Scenario, str, str, State]] = [
    (Answer(trouble=Trouble("hang", BEFORE)), "RequestTimeoutError", "0.5 s", "closed_by_client"),
    (Answer(trouble=Trouble("hang", 3)), "RequestTimeoutError", "0.5 s", "closed_by_client"),
    (Answer(trouble=Trouble("reset", BEFORE)), "NetworkError", "ended the connection", "cut"),
    (Answer(trouble=Trouble("fin", 3)), "CutStreamError", "in the middle", "cut"),
    (Answer(trouble=Trouble("reset", 3)), "CutStreamError", "in the middle", "cut"),
    (Answer(trouble=Trouble("close", 3)), "CutStreamError", "in the middle", "completed"),
    (Answer(trouble=Trouble("error", 3)), "ServerError", "mid-answer", "completed"),
    (api_error(401), "AuthenticationError", "HTTP 401", "completed"),
    (api_error(404), "ModelNotFoundError", "HTTP 404", "completed"),
    (api_error(429), "RateLimitError", "HTTP 429", "completed"),
    (api_error(500), "ServerError", "HTTP 500", "completed"),
    (
        Fixed(200, b"not gzip", "text/event-stream", (("Content-Encoding", "gzip"),)),
        "CutStreamError",
        "in the middle",
        "completed",
    ),
]


@pytest.mark.parametrize(("scenario", "kind", "said", "state"), TROUBLES)
async def test_what_goes_wrong_is_told_and_located(
    llm_server: LLMServer, scenario: Scenario, kind: str, said: str, state: State
) -> None:
    exchange = llm_server.enqueue(scenario)
    timeout = 0.5 if kind == "RequestTimeoutError" else 60
    _, error = await ask(llm_server.base_url, timeout=timeout)
    assert type(error).__name__ == kind
    assert said in str(error)
    assert getattr(error, "provider", None) == "openai"
    assert getattr(error, "url", "").startswith(llm_server.base_url)
    for foreign in ("CORS", "this page", "sk-x"):
        assert foreign not in str(error)
    assert await asyncio.to_thread(exchange.wait_closed) == state


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:9/v1", "No answer from http://127.0.0.1:9 ("),
        ("http://[::1/v1", "is not the address of a server. Check the base URL"),
    ],
)
async def test_no_server(url: str, said: str) -> None:
    _, error = await ask(url)
    assert isinstance(error, NetworkError)
    assert said in str(error)


@pytest.mark.parametrize("url", ["ftp://host/v1", "nowhere", "http://", "http://\x00/v1"])
async def test_what_is_no_address(url: str) -> None:
    with pytest.raises(NetworkError, match="is not the address of a server"):
        async with HttpxTransport().send(Request("GET", url)):
            pass


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_no_redirect_is_followed_with_a_key(llm_server: LLMServer, status: int) -> None:
    there = f"{llm_server.origin}/elsewhere/chat/completions"
    llm_server.enqueue(Fixed(status, headers=(("Location", there),)))
    _, error = await ask(llm_server.base_url)
    assert f"a redirect to {there}, which is not followed" in str(error)
    assert len(llm_server.requests) == 1


async def test_a_redirect_is_followed_without_one(llm_server: LLMServer) -> None:
    there = f"{llm_server.base_url}/chat/completions"
    llm_server.enqueue(Fixed(307, headers=(("Location", there),)))
    llm_server.enqueue(Answer("There."))
    assert await ask(llm_server.base_url, apiKey=None) == ("There.", None)
    assert len(llm_server.requests) == 2


@asynccontextmanager
async def proxy(answer: bytes) -> AsyncGenerator[tuple[str, list[bytes]], None]:
    """A proxy that gives every request this answer; its address, and what was asked of it."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n"))
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


async def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with proxy(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi") as (address, asked):
        monkeypatch.setenv("HTTP_PROXY", address)
        async with HttpxTransport().send(Request("GET", "http://far.test/v1/models")) as answer:
            assert await answer.read() == b"hi"
    assert asked == [b"GET http://far.test/v1/models HTTP/1.1\r\n"]


async def test_a_proxy_that_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async with proxy(b"HTTP/1.1 407 Who are you?\r\nContent-Length: 0\r\n\r\n") as (address, _):
        monkeypatch.setenv("HTTPS_PROXY", address)
        _, error = await ask("https://far.test/v1")
    assert "the proxy did not let the request pass (407 Who are you?)" in str(error)
    assert "HTTPS_PROXY" in str(error)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALL_PROXY", "gopher://x"),
        ("HTTPS_PROXY", "http://[::1"),
        ("SSL_CERT_FILE", "/nowhere.pem"),
    ],
)
async def test_an_environment_that_cannot_be_used_is_told(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match="proxies and certificates") as caught:
        async with HttpxTransport().send(Request("GET", "http://127.0.0.1:9")):
            pass
    assert name in caught.value.advice


async def test_an_unknown_certificate_is_told() -> None:
    said = ssl.SSLCertVerificationError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate")
    error = httpx_client._explain("https://u:p@own.test/v1", httpx.ConnectError(str(said)))
    assert error.message.startswith("No answer from https://own.test: its certificate is not")
    assert "SSL_CERT_FILE" in error.advice


async def test_one_event_loop_has_one_client(llm_server: LLMServer) -> None:
    transport = HttpxTransport()
    for _ in range(2):
        async with transport.send(Request("GET", f"{llm_server.base_url}/models")) as answer:
            await answer.read()
    (held,) = transport._clients.values()
    await asyncio.get_running_loop().shutdown_asyncgens()
    assert held.client.is_closed


def test_each_event_loop_has_its_own(llm_server: LLMServer) -> None:
    transport = HttpxTransport()

    async def look() -> int:
        async with transport.send(Request("GET", f"{llm_server.base_url}/models")) as answer:
            return answer.status

    assert [asyncio.run(look()) for _ in range(2)] == [200, 200]


def test_httpx_is_not_imported_before_the_first_request() -> None:
    """Which would make every start of the command line slower."""
    import subprocess

    code = "import sys, runt_pyodide.llm.transport.absent as a; a.find_transport()"
    check = f"{code}; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check]).returncode == 0
