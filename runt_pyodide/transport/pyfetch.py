"""Requests through the browser's ``fetch``, by ``pyodide.http.pyfetch``.

A small JavaScript pump awaits the reads of the body and hands their bytes to Python: to await a
JavaScript promise from Python costs about 0.2 ms, a call into Python 0.015 ms. Where ``eval`` is
forbidden, by a Content-Security-Policy, the pump cannot be made, and Python awaits the reads.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import js
from pyodide.code import run_js
from pyodide.ffi import JsException, create_proxy
from pyodide.http import pyfetch

from ..errors import CorsError, CutStreamError, NetworkError
from . import Request, Response

# How many bytes may wait in Python before the pump stops reading, and the server with it.
_HIGH_WATER = 1 << 18

_PUMP = """
(reader, deliver) => {
  let open = true;
  let resume = () => {};
  const run = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (!open) return;
      if (done) return void deliver(undefined, "");
      if (!deliver(value, "")) await new Promise((resolve) => (resume = resolve));
    }
  };
  run().catch((error) => open && deliver(undefined, `${error.name}: ${error.message}`));
  return {
    resume: () => resume(),
    close: () => {
      open = false;
      resume();
      // To cancel what is ended or broken rejects, and says nothing new.
      reader.cancel().catch(() => {});
    },
  };
}
"""


class PyfetchTransport:
    """The transport of browsers, and of Node. Needs Pyodide."""

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncGenerator[Response, None]:
        abort = js.AbortController.new()
        try:
            answer = await _fetch(request, abort.signal)
            headers = {name.lower(): value for name, value in answer.headers.items()}
            stream = answer.js_response.body
            # A body is null where there can be none, as with HTTP 204.
            body = _read(stream.getReader()) if stream else _nothing()
            try:
                yield Response(answer.status, headers, body)
            finally:
                await body.aclose()
        finally:
            # When all was read it does nothing; else the server sees the connection close.
            abort.abort()


async def _fetch(request: Request, signal: Any) -> Any:
    options: dict[str, Any] = {"method": request.method, "headers": dict(request.headers)}
    if request.body is not None:
        options["body"] = request.body
    try:
        return await pyfetch(request.url, signal=signal, **options)
    except (OSError, JsException) as error:
        # Pyodide gives every failure of fetch as an AbortError, which is an OSError.
        raise await _explain(request.url, error) from None


async def _nothing() -> AsyncGenerator[bytes, None]:
    no_pieces: tuple[bytes, ...] = ()
    for piece in no_pieces:
        yield piece


async def _read(reader: Any) -> AsyncGenerator[bytes, None]:
    """The body in as few pieces as may be: all that came since the last one was taken."""
    inbox = _Inbox()
    deliver = create_proxy(inbox.deliver)
    pump = None
    try:
        try:
            pump = run_js(_PUMP)(reader, deliver)
        except JsException:
            async for piece in _await_reads(reader):
                yield piece
            return
        while (taken := await inbox.take()) is not None:
            yield taken
            pump.resume()
    finally:
        if pump is not None:
            pump.close()
        deliver.destroy()


async def _await_reads(reader: Any) -> AsyncGenerator[bytes, None]:
    while True:
        try:
            result = await reader.read()
        except JsException as error:
            raise _cut(str(error)) from None
        if result.done:
            return
        yield result.value.to_bytes()


class _Inbox:
    """What the pump delivered and nobody took yet."""

    def __init__(self) -> None:
        self._pieces: deque[bytes] = deque()
        self._size = 0
        self._ended = False
        self._error = ""
        self._waiter: asyncio.Future[None] | None = None

    def deliver(self, value: Any, error: str) -> bool:
        """Called by the pump: with the bytes of a read, or with none at the end. Gives whether to
        go on reading."""
        if value is None:
            self._ended, self._error = True, error
        else:
            self._pieces.append(value.to_bytes())
            self._size += len(self._pieces[-1])
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
        return self._size < _HIGH_WATER

    async def take(self) -> bytes | None:
        """All the bytes that wait, or the next that come; None at the end."""
        if not self._pieces and not self._ended:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        if self._pieces:
            joined = b"".join(self._pieces)
            self._pieces.clear()
            self._size = 0
            return joined
        if self._error:
            raise _cut(self._error)
        return None


def _cut(error: str) -> CutStreamError:
    return CutStreamError(f"The connection ended in the middle of the answer ({error}).")


async def _explain(url: str, error: Exception) -> NetworkError:
    """Why fetch failed, as far as the platform lets a page find out: it says the same for all."""
    parts = urlsplit(url)
    server = f"{parts.scheme}://{parts.netloc}"
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return NetworkError(
            f"{url!r} is no address of a server.",
            advice="Check the base URL in the AI settings: it should look like https://host/v1.",
        )
    if getattr(getattr(js, "navigator", None), "onLine", True) is False:
        return NetworkError("The browser is offline.", advice="Connect it and run the cell again.")
    page = str(getattr(getattr(js, "location", None), "origin", ""))
    if page.startswith("https:") and parts.scheme == "http" and not _is_local(parts.hostname):
        return NetworkError(
            f"This page came by https, so the browser does not let it call {server}.",
            advice="Use an https address for the server, or open the page by http.",
        )
    if await _answers(url, "cors"):
        return NetworkError(
            f"The server at {server} ended the connection without an answer ({error}).",
            advice="Look at the server's log and run the cell again.",
        )
    if await _answers(url, "no-cors"):
        return CorsError(
            f"The server at {server} is there, but does not let this page read its answers (CORS).",
            advice=f"Allow the origin {page or 'of this page'} on the server, with the headers "
            "Authorization and Content-Type, or use a server that allows it.",
        )
    return NetworkError(f"No answer from {server} ({error}).")


async def _answers(url: str, mode: str) -> bool:
    """Whether a bare GET gets an answer that the page may see in this mode."""
    try:
        response = await pyfetch(url, mode=mode, credentials="omit", cache="no-store")
    except (OSError, JsException):
        return False
    if response.js_response.body:
        response.js_response.body.cancel()
    return True


def _is_local(host: str | None) -> bool:
    return host in ("localhost", "127.0.0.1", "::1") or (host or "").endswith(".localhost")
