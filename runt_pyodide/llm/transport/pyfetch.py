"""Requests through the browser's ``fetch``, by ``pyodide.http.pyfetch``.

A small JavaScript pump awaits the reads of the body and hands their bytes to Python: to await a
JavaScript promise from Python costs about 0.2 ms, a call into Python 0.015 ms. Where ``eval`` is
forbidden, by a Content-Security-Policy, the pump cannot be made, and Python awaits the reads.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import js
from pyodide.code import run_js
from pyodide.ffi import JsException, create_proxy, to_js
from pyodide.http import pyfetch

from ...errors import CutStreamError, NetworkError
from .base import Request, Response
from .why_no_answer import Mode, Page, Space, explain, find_space

# The pump reads while Python is busy and keeps what comes, so that a burst of reads is one
# crossing. It begins when the response is there. take() gives all that waits as one array; at the
# end why it ended, "" for a good end; and else undefined, and wake() is called once there is
# something to take. It stops reading, and the server with it, while so many bytes wait.
# A connection serves the next request, which saves a handshake, if its answer was read to the end:
# close() leaves so many milliseconds for what comes after the last thing that was of interest.
_PUMP = """
(wake, highWater, send) => {
  let reader;
  let pieces = [];
  let size = 0;
  let ended;
  let asleep = false;
  let closed = false;
  let resume = () => {};
  let timer;
  const tell = () => {
    if (asleep && !closed) {
      asleep = false;
      wake();
    }
  };
  const end = (why) => {
    clearTimeout(timer);
    ended = why;
    tell();
  };
  const run = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      if (closed) continue;
      pieces.push(value);
      size += value.length;
      tell();
      if (size >= highWater) await new Promise((resolve) => (resume = resolve));
    }
  };
  const begin = (response) => {
    if (reader || ended !== undefined) return response;
    reader = response.body?.getReader();
    // A body is null if there can be none, as with HTTP 204.
    if (!reader) end("");
    else run().then(() => end(""), (error) => end(`${error.name}: ${error.message}`));
    return response;
  };
  const join = () => {
    if (pieces.length === 1) return pieces[0];
    const joined = new Uint8Array(size);
    let at = 0;
    for (const piece of pieces) {
      joined.set(piece, at);
      at += piece.length;
    }
    return joined;
  };
  return {
    fetch: (request, options) => send(request, options).then(begin),
    open: (response) => {
      begin(response); // it has begun, unless Pyodide does not know `fetcher`
      return JSON.stringify([response.status, Object.fromEntries(response.headers)]);
    },
    take: () => {
      if (size === 0) {
        asleep = ended === undefined;
        return ended;
      }
      const joined = join();
      pieces = [];
      size = 0;
      resume();
      return joined;
    },
    close: (grace) => {
      closed = true;
      resume();
      // To cancel what is ended or broken rejects, and says nothing new.
      const cancel = () => reader?.cancel().catch(() => {});
      if (grace > 0) timer = setTimeout(cancel, grace);
      else cancel();
    },
  };
}
"""
# As js/runtime/keys/relay.js says it.
_LOST = "the part of the page that sends requests ended"
_TOO_OFTEN = f"{_LOST} too often"
_HIGH_WATER = 1 << 18
_GRACE = 1000
# What stands for the status 0 of a redirect that was not followed ("opaqueredirect").
_REDIRECTED = 302


class PyfetchTransport:
    """The transport of browsers, and of Node. Needs Pyodide.

    ``fetch`` is used in place of the browser's; a page gives one that has the keys.
    """

    def __init__(self, fetch: Any = None) -> None:
        self._fetch = fetch

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncGenerator[Response, None]:
        arrived = asyncio.Event()
        wake = create_proxy(arrived.set)
        pump = _make_pump(wake, self._fetch or js.fetch)
        answer = None
        grace = 0
        try:
            answer = await _fetch(request, pump.fetch if pump else self._fetch)
            if pump:
                status, headers = json.loads(pump.open(answer.js_response))
                body = _take(pump, arrived)
            else:
                status = answer.status
                headers = {name.lower(): value for name, value in answer.headers.items()}
                body = _await_reads(answer.js_response.body)
            try:
                yield Response(status or _REDIRECTED, headers, body)
                grace = _GRACE
            finally:
                await body.aclose()
        finally:
            if pump:
                pump.close(grace)
            wake.destroy()
            if answer is not None and not (pump and grace):
                # The server sees the connection close. With no answer yet, pyfetch sees to it.
                answer.abort()


def _make_pump(wake: Any, send: Any) -> Any:
    """Return the pump; None if eval is forbidden."""
    try:
        return run_js(_PUMP)(wake, _HIGH_WATER, send)
    except JsException:
        return None


async def _fetch(request: Request, fetcher: Any) -> Any:
    options: dict[str, Any] = {"method": request.method, "headers": dict(request.headers)}
    if request.has_secrets:
        # Where a redirect leads, a browser tells no page.
        options["redirect"] = "manual"
    if request.body is not None:
        options["body"] = request.body
    if fetcher:
        options["fetcher"] = fetcher
    try:
        return await pyfetch(request.url, **options)
    except (OSError, JsException) as error:
        # Pyodide gives every failure of fetch as an AbortError, which is an OSError.
        raise await explain_failure(request, error) from None


async def _take(pump: Any, arrived: asyncio.Event) -> AsyncGenerator[bytes, None]:
    """Yield the body in as few pieces as possible: all that came since the last was taken."""
    while True:
        arrived.clear()
        taken = pump.take()
        if taken is None:
            await arrived.wait()
        elif not isinstance(taken, str):
            yield taken.to_bytes()
        elif taken:
            raise _cut(taken)
        else:
            return


async def _await_reads(stream: Any) -> AsyncGenerator[bytes, None]:
    if not stream:
        return
    reader = stream.getReader()
    try:
        while not (result := await reader.read()).done:
            yield result.value.to_bytes()
    except JsException as error:
        raise _cut(str(error)) from None


def _cut(error: str) -> CutStreamError:
    return CutStreamError(f"The connection ended in the middle of the answer ({error}).")


async def explain_failure(request: Request, error: Exception) -> NetworkError:
    """Return why a request got no answer, as far as a page can find out."""
    if _LOST in str(error):
        return _lost_error(str(error))

    async def answers(mode: Mode) -> bool:
        return await _answers(request, mode)

    page = await _describe_page(request.url)
    return await explain(request.url, str(error), page, answers)


def _lost_error(said: str) -> NetworkError:
    again = "Run the cell again."
    return NetworkError(
        "The request got no answer: the part of this page that sends requests ended.",
        advice="Restart Python, then run the cell again." if _TOO_OFTEN in said else again,
    )


async def _describe_page(url: str) -> Page:
    navigator = getattr(js, "navigator", None)
    return Page(
        origin=str(getattr(getattr(js, "location", None), "origin", "")),
        online=getattr(navigator, "onLine", True) is not False,
        permission=await _ask_permission(navigator, find_space(url)),
        requires_corp=await _requires_corp(),
    )


async def _requires_corp() -> bool:
    """Return whether the page is isolated, and not by a policy that lets bare requests pass
    ("credentialless"), which its own address tells."""
    if not getattr(js, "crossOriginIsolated", False):
        return False
    try:
        own = await pyfetch(str(js.location.href), method="HEAD")
    except (OSError, JsException, AttributeError):
        return True
    return "credentialless" not in str(own.headers.get("cross-origin-embedder-policy", ""))


async def _ask_permission(navigator: Any, space: Space) -> str:
    """Return the state of the permission for that network, "" if the browser knows none.

    Chromium 156 has one for each kind of network; older ones have one for both.
    """
    if space == "public":
        return ""
    for name in (f"{space}-network", "local-network-access"):
        try:
            status = await navigator.permissions.query(_to_object({"name": name}))
        except (AttributeError, JsException):
            continue
        return str(status.state)
    return ""


def _to_object(options: dict[str, str]) -> Any:
    return to_js(options, dict_converter=js.Object.fromEntries)


async def _answers(request: Request, mode: Mode) -> bool:
    """Return whether a GET to the same place gets an answer in this mode."""
    options: dict[str, Any] = {"mode": mode, "credentials": "omit", "cache": "no-store"}
    if mode == "preflight":
        options |= {"mode": "cors", "headers": dict(request.headers), "redirect": "manual"}
    try:
        response = await pyfetch(request.url, **options)
    except (OSError, JsException):
        return False
    if response.js_response.body:
        response.js_response.body.cancel()
    return True
