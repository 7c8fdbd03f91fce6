"""A real HTTP server that stands in for OpenAI, an OpenAI-compatible server, Ollama or Anthropic in
tests.

    with LLMServer() as server:
        exchange = server.enqueue(Answer("Hello, world", deltas=3, gate_after=2))
        ...                          # a browser posts to server.base_url + "/chat/completions"
        exchange.gate.wait_held()    # two deltas are out, the stream is open
        exchange.gate.open()
        assert exchange.wait_closed() == "completed"

It listens on 127.0.0.1, on a thread with an event loop of its own. To run it by hand:
`python -m tests.support.server.llm_server --port 9999`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from runt_pyodide.llm.transport.base import Request
from runt_pyodide.llm.transport.scripted import Scripted
from tests.support.server import ollama_server
from tests.support.server.cors import Cors
from tests.support.server.dialects import CREATED
from tests.support.server.errors import api_error, key_error
from tests.support.server.exchange import WAIT, Exchange, Gate, RecordedRequest
from tests.support.server.player import play
from tests.support.server.scenario import Answer, Fixed, Scenario, html_error
from tests.support.server.script import Dialect, dialect_of, steps

SAMPLE = Path(__file__).with_name("sample_answer.md")
MAX_BODY = 64 * 1024 * 1024
STOP_GRACE = 0.05
NUMBER = web.RequestKey("number", int)


class LLMServer:
    """The server. Its public attributes may be set at any time, also while it runs.

    default: the scenario when the queue is empty. models: scenarios by model name, which come after
    the queue and before the default. model_names: what the model lists name beside those. api_key:
    the key that is asked for; None takes any or none. cors: what it grants to pages. missing: names
    of models that are not there. shown: what Ollama's /api/show tells of a model beside the usual.
    root: the path that OpenAI's API is under; None for any. stand_ins: other services by name; each
    answers, whole, what is asked below the path /name.

    requests, preflights and exchanges (one for each chat request) are in the order of arrival.
    """

    def __init__(self, *, port: int = 0, api_key: str | None = None) -> None:
        self.port = port
        self._arrived = threading.Condition()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._begin(api_key)

    def _begin(self, api_key: str | None = None) -> None:
        self.default: Scenario = Answer()
        self.models: dict[str, Scenario] = {}
        self.model_names = ["gpt-4o-mini", "gpt-4o"]
        self.api_key = api_key
        self.cors = Cors()
        self.missing: set[str] = set()
        self.shown: dict[str, dict[str, Any]] = {}
        self.root: str | None = None
        self.stand_ins: dict[str, Callable[[Request], Scripted]] = {}
        self.requests: list[RecordedRequest] = []
        self.preflights: list[RecordedRequest] = []
        self.exchanges: list[Exchange] = []
        self._queue: deque[Exchange] = deque()

    @property
    def origin(self) -> str:
        """Scheme, host and port: Ollama's base URL."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """The base URL as OpenAI's clients want it."""
        return f"{self.origin}/v1"

    def start(self) -> Self:
        """Listen. After `stop` it listens on the same port again. Raises OSError if it is taken."""
        ready: Future[int] = Future()
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(ready)), name="llm-server", daemon=True
        )
        self._thread.start()
        try:
            self.port = ready.result(WAIT)
        except OSError:
            self._thread = self._loop = None
            raise
        return self

    def stop(self) -> None:
        """Close every connection and end the thread. Stopping twice does nothing."""
        if self._thread is None or self._loop is None:
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(WAIT)
        if self._thread.is_alive():
            raise RuntimeError(f"the server did not stop within {WAIT} s")
        self._thread = self._loop = None

    def reset(self) -> None:
        """Be as a new server at the same address, and listen if it was stopped. What is still being
        answered ends."""
        for exchange in self.exchanges:
            exchange.gate.open()
        self._begin()
        if self._thread is None:
            self.start()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    def enqueue(self, scenario: Scenario) -> Exchange:
        """Answer the next chat request, after those queued before, so."""
        exchange = _exchange(scenario)
        self._queue.append(exchange)
        return exchange

    def wait_requests(self, count: int, timeout: float = WAIT) -> list[RecordedRequest]:
        """Wait until so many requests have come, preflights apart. Raises TimeoutError."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self.requests) >= count, timeout):
                raise TimeoutError(f"{len(self.requests)} of {count} requests after {timeout} s")
            return list(self.requests)

    async def _serve(self, ready: Future[int]) -> None:
        self._loop = asyncio.get_running_loop()
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_route("*", "/{path:.*}", self._respond)
        app.on_response_prepare.append(self._add_headers)
        # Without handler_cancellation a handler that only waits never learns that its client went.
        runner = web.AppRunner(
            app, handler_cancellation=True, access_log=None, shutdown_timeout=STOP_GRACE
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", self.port).start()
            ready.set_result(int(runner.addresses[0][1]))
            await self._stopping.wait()
            for exchange in self.exchanges:
                exchange.end("stopped")
        except OSError as error:
            ready.set_exception(error)
        finally:
            await runner.cleanup()

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        recorded = await self._record(request)
        if request.method == "OPTIONS":
            granted = self.cors.preflight_headers(request.headers)
            return web.Response(status=204 if granted else 405, headers=granted)
        if self.api_key is not None:
            own = request.headers.get("x-api-key") or request.headers.get("x-goog-api-key")
            given = request.headers.get("Authorization", f"Bearer {own}" if own else "")
            refusal = key_error(given, self.api_key)
            if refusal is not None:
                return _fixed(refusal)
        path = request.path
        if (stand_in := self.stand_ins.get(path.split("/")[1])) is not None:
            return _play_whole(stand_in(_as_sent(request, recorded)))
        if path.startswith("/api/") and path != "/api/chat":
            return self._describe_as_ollama(request, recorded)
        if self.root is not None and not path.startswith((f"{self.root}/", "/api/")):
            return _fixed(html_error(404))
        if request.method == "POST" and (dialect := dialect_of(path)) is not None:
            return await self._chat(request, recorded, dialect)
        if request.method == "GET" and path.endswith("/models"):
            return web.json_response(_openai_models(self._names()))
        return _fixed(api_error(404, message=f"Invalid URL ({request.method} {path})", code=""))

    async def _record(self, request: web.Request) -> RecordedRequest:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        with self._arrived:
            number = len(self.requests) + len(self.preflights)
            request[NUMBER] = number
            recorded = RecordedRequest(
                *(
                    number,
                    time.monotonic(),
                    request.method,
                    request.path,
                    headers,
                    body,
                    _json(body),
                ),
                request.query_string,
            )
            (self.preflights if request.method == "OPTIONS" else self.requests).append(recorded)
            self._arrived.notify_all()
        return recorded

    async def _chat(
        self, request: web.Request, recorded: RecordedRequest, dialect: Dialect
    ) -> web.StreamResponse:
        if not isinstance(recorded.json, dict):
            return _fixed(api_error(400))
        model = recorded.json.get("model")
        if model in self.missing:
            refusal = ollama_server.refuse_model(model) if dialect == "ollama" else api_error(404)
            return _fixed(refusal)
        scenario = self.models.get(model, self.default) if isinstance(model, str) else self.default
        exchange = self._queue.popleft() if self._queue else _exchange(scenario)
        self.exchanges.append(exchange)
        exchange.begin(recorded)
        return await play(request, exchange, steps(exchange.scenario, recorded.json, dialect))

    def _describe_as_ollama(
        self, request: web.Request, recorded: RecordedRequest
    ) -> web.StreamResponse:
        if (request.method, request.path) == ("GET", "/api/tags"):
            return web.json_response(ollama_server.list_models(self._names()))
        if (request.method, request.path) != ("POST", "/api/show"):
            return _fixed(ollama_server.refuse_path())
        model = (recorded.json or {}).get("model")
        if model in self.missing:
            return _fixed(ollama_server.refuse_model(model))
        return web.json_response(ollama_server.show_model(self.shown.get(model, {})))

    async def _add_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["x-request-id"] = f"req_{request[NUMBER]}"
        response.headers.update(self.cors.response_headers(request.headers, response.status))

    def _names(self) -> list[str]:
        return list(dict.fromkeys([*self.model_names, *self.models]))


def _exchange(scenario: Scenario) -> Exchange:
    gate_after = None if isinstance(scenario, Fixed) else scenario.gate_after
    return Exchange(scenario, Gate() if gate_after is None else Gate(gate_after))


def _fixed(answer: Fixed) -> web.Response:
    headers = [("Content-Type", answer.content_type), *answer.headers]
    return web.Response(status=answer.status, body=answer.body, headers=headers)


def _as_sent(request: web.Request, recorded: RecordedRequest) -> Request:
    """Return the request with the headers that a page may set, without those of its browser."""
    own = ("authorization", "content-type", "api-key", "x-api-key", "x-goog-api-key")
    headers = {
        name: value
        for name, value in recorded.headers.items()
        if name in own or name.startswith("anthropic-")
    }
    return Request(request.method, str(request.url), headers, recorded.body)


def _play_whole(answer: Scripted) -> web.Response:
    body = b"".join(piece for piece in answer.pieces if isinstance(piece, bytes))
    return web.Response(status=answer.status, body=body, headers=answer.headers)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _openai_models(names: list[str]) -> dict[str, Any]:
    rows = [{"id": n, "object": "model", "created": CREATED, "owned_by": "system"} for n in names]
    return {"object": "list", "data": rows}


def main(arguments: list[str] | None = None) -> None:
    """Serve until interrupted: any key, a long Markdown answer at 30 deltas a second."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.support.server.llm_server", description=main.__doc__
    )
    parser.add_argument("--port", type=int, default=9999)
    parser.add_argument("--rate", type=float, default=30.0, help="deltas a second")
    options = parser.parse_args(arguments)
    text = SAMPLE.read_text("utf-8")
    with LLMServer(port=options.port) as server:
        server.default = Answer(text, deltas=len(text) // 5, pace=1 / options.rate)
        sys.stdout.write(f"OpenAI-compatible base URL: {server.base_url} (Ctrl-C ends it)\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
