"""Serves the site, the benchmark's own pages, and answers of a model, from one address; and carries
calls to the page and their results back.

It runs in a separate process, so that it shares its interpreter lock with nothing else.
"""

import contextlib
import json
import multiprocessing
import queue
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from multiprocessing.connection import Connection
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any, TypeAlias

from bench.streams import build_answer
from scripts.paths import SITE
from scripts.serve import HOST, StaticFiles, StaticServer

# /answers/<kind>/<pattern>/<count>/..., whatever path a client puts behind its base URL.
_ANSWERS = "/answers/"
_PREFIX = "/bench/"
# Seconds after each event: as fast as the fastest models, and 200 events a second.
_PAUSES = {"paced": 0.002, "typed": 0.005}
_PATIENCE = 600  # seconds for one call to the page

Texts: TypeAlias = "Queue[str]"


@dataclass(frozen=True)
class Site:
    """The served site, and the page that was opened from it."""

    address: str
    calls: Texts
    results: Texts

    def call(self, name: str, *arguments: Any) -> Any:
        """What a function of the page's `bench` gives. Raises RuntimeError with its error."""
        self.calls.put(json.dumps({"name": name, "given": arguments}))
        try:
            answer = json.loads(self.results.get(timeout=_PATIENCE))
        except queue.Empty:
            raise RuntimeError(f"the page does not answer to {name}{arguments}") from None
        if "error" in answer:
            raise RuntimeError(f"{name}{arguments}: {answer['error']}")
        return answer.get("value")


class BenchFiles(StaticFiles):
    """The files of the site and, under /bench/, those of the benchmark; answers to POST."""

    disable_nagle_algorithm = True  # each write leaves at once

    def __init__(
        self, *args: Any, pages: Path, calls: Texts, results: Texts, **kwargs: Any
    ) -> None:
        self._pages, self._calls, self._results = pages, calls, results
        super().__init__(*args, **kwargs)

    def translate_path(self, path: str) -> str:
        plain = path.partition("?")[0]
        if plain.startswith(_PREFIX):
            return str(self._pages / plain.removeprefix(_PREFIX))
        return super().translate_path(path)

    def do_GET(self) -> None:
        if self.path == "/bench/next":
            self._send("application/json", self._calls.get().encode())
        elif self.path.startswith(_ANSWERS):
            # The whole answer, from which the page makes its synthetic streams.
            kind, _, count = self._what()
            self._send("application/octet-stream", build_answer(kind, count).body)
        else:
            super().do_GET()

    def do_POST(self) -> None:
        """The answer, one write a record; in some patterns with a pause after each."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/bench/result":
            self._results.put(body.decode())
            self._send("text/plain", b"")
            return
        kind, pattern, count = self._what()
        answer = build_answer(kind, count)
        content_type = "application/x-ndjson" if kind == "ndjson" else "text/event-stream"
        self._head(content_type, len(answer.body))
        send, pause = self.connection.sendall, _PAUSES.get(pattern)
        for record in answer.records:
            send(record)
            if pause:
                time.sleep(pause)

    def _what(self) -> tuple[str, str, int]:
        kind, pattern, count, *_ = self.path.removeprefix(_ANSWERS).split("/")
        return kind, pattern, int(count)

    def _send(self, content_type: str, body: bytes) -> None:
        self._head(content_type, len(body))
        self.wfile.write(body)

    def _head(self, content_type: str, length: int) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(length))
        self.end_headers()


@contextlib.contextmanager
def serving(pages: Path) -> Iterator[Site]:
    """Serve on a free port as long as the context lasts."""
    context = multiprocessing.get_context("spawn")
    calls: Texts = context.Queue()
    results: Texts = context.Queue()
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(pages, calls, results, sender), daemon=True)
    process.start()
    try:
        yield Site(f"http://{HOST}:{receiver.recv()}", calls, results)
    finally:
        process.terminate()
        process.join()


def _serve(pages: Path, calls: Texts, results: Texts, port: Connection) -> None:
    handler = partial(BenchFiles, directory=str(SITE), pages=pages, calls=calls, results=results)
    with StaticServer((HOST, 0), handler) as server:
        port.send(server.server_port)
        server.serve_forever()
