"""What Pyodide itself does not do for the code of cells: waits that can be interrupted, promises
that are rejected with anything, and callbacks of JavaScript that belong to a cell."""

from __future__ import annotations

import asyncio
import functools
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import js
import pyodide.ffi
import pyodide.ffi.wrappers
import pyodide.http
import pyodide.webloop

from ..execution.stack import look_for_signal, shared
from ..execution.user_code import wait_for_user, wait_in
from ..llm.transport.base import Request
from ..llm.transport.pyfetch import explain_failure
from .callbacks import keep_cell
from .streams import write_to_streams
from .system.commands import run_for_os
from .system.http import Asked, Fetched, describe_failure, send_through, server_of, unexplained
from .system.lacking import explain_refusals, refusal
from .system.later import when_imported

_SLICE = 0.05  # seconds of a sleep
_run_sync = pyodide.ffi.run_sync


def mend_pyodide() -> None:
    """Change this interpreter's Pyodide, once."""
    wait = functools.partial(wait_in, _run_sync)
    pyodide.ffi.run_sync = pyodide.webloop.run_sync = wait
    time.sleep = _cut_into_slices(time.sleep)
    explain_refusals()
    when_imported("http.client", lambda _: send_through(_fetch))
    when_imported("urllib3.contrib.emscripten.fetch", _explain_in_urllib3)
    os.system = run_for_os  # type: ignore[assignment]
    os.write = write_to_streams(os.write)
    loop: Any = asyncio.get_event_loop()
    # What a task or a callback raises so goes no further: it would break down the interpreter.
    loop._system_exit_handler = loop._keyboard_interrupt_handler = _let_go
    for name in ("create_proxy", "create_once_callable"):
        make = _keeping_cells(getattr(pyodide.ffi, name))
        for module in (pyodide.ffi, pyodide.ffi.wrappers):
            setattr(module, name, make)
    future = pyodide.webloop.PyodideFuture
    future.set_exception = _take_anything(future.set_exception)


def _keeping_cells(make: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that makes proxies as ``make`` does, of functions that keep their cell."""

    @functools.wraps(make)
    def make_keeping(callback: Any, /, **options: Any) -> Any:
        return make(keep_cell(callback), **options)

    return make_keeping


def _let_go(*_: object) -> None:
    """Do nothing: a task keeps its exception for who awaits it."""


def find_wait() -> Callable[[Awaitable[Any]], Any] | None:
    """Return how the code of a cell can wait while the event loop runs; None if it cannot here."""
    return functools.partial(wait_for_user, _run_sync) if pyodide.ffi.can_run_sync() else None


def _fetch(asked: Asked) -> Fetched:
    """Fetch for ``http.client``. Raise ConnectionError or TimeoutError."""
    if pyodide.ffi.can_run_sync():
        return wait_for_user(_run_sync, _fetch_within(asked))
    return _fetch_by_xhr(asked)


async def _fetch_within(asked: Asked) -> Fetched:
    try:
        async with asyncio.timeout(asked.timeout):
            return await _await_fetch(asked)
    except TimeoutError:
        raise TimeoutError(
            f"No answer from {server_of(asked.url)} within {asked.timeout} s."
        ) from None


async def _await_fetch(asked: Asked) -> Fetched:
    options: dict[str, Any] = {"method": asked.method, "headers": dict(asked.headers)}
    if asked.body is not None:
        options["body"] = asked.body
    try:
        answer = await pyodide.http.pyfetch(asked.url, **options)
        body = await answer.bytes()
    except (OSError, pyodide.ffi.JsException) as error:
        why = await _why(asked.url, asked.headers, str(error))
        raise refusal(ConnectionError(), why) from None
    return Fetched(answer.status, answer.status_text, dict(answer.headers), body)


async def _why(url: str, headers: Mapping[str, str], said: str) -> str:
    """Return why a request got no answer, as far as a page can find out."""
    error = await explain_failure(Request("GET", url, headers), OSError(said))
    return describe_failure(error, _origin())


def _origin() -> str:
    return str(getattr(getattr(js, "location", None), "origin", ""))


def _fetch_by_xhr(asked: Asked) -> Fetched:
    """Fetch where Python cannot wait: everything stands still meanwhile, Stop included."""
    request = js.XMLHttpRequest.new()
    request.open(asked.method, asked.url, False)
    in_worker = not hasattr(js, "document")
    if in_worker:
        request.responseType = "arraybuffer"
    else:  # bytes as characters: a page gets no others at once
        request.overrideMimeType("text/plain; charset=x-user-defined")
    for name, value in asked.headers.items():
        request.setRequestHeader(name, value)
    try:
        request.send(None if asked.body is None else pyodide.ffi.to_js(asked.body))
    except pyodide.ffi.JsException:
        raise refusal(ConnectionError(), unexplained(asked.url, _origin())) from None
    text = request.response
    body = text.to_bytes() if in_worker else bytes(ord(one) & 0xFF for one in text)
    lines = [line.partition(":") for line in request.getAllResponseHeaders().split("\r\n")]
    headers = {name.strip(): value.strip() for name, _, value in lines if name.strip()}
    return Fetched(request.status, request.statusText, headers, body)


def _explain_in_urllib3(module: Any) -> None:
    """Let urllib3, which fetches by itself, say why there was no answer."""
    before = module._RequestError.__init__

    @functools.wraps(before)
    def begin(error: Any, message: Any = None, **about: Any) -> None:
        request = about.get("request")
        if type(error) is module._RequestError and request is not None:
            if pyodide.ffi.can_run_sync():
                why = _why(request.url, request.headers, str(message))
                message = wait_for_user(_run_sync, why)
            else:
                message = unexplained(request.url, _origin())
        before(error, message, **about)

    module._RequestError.__init__ = begin


def _cut_into_slices(sleep: Any) -> Any:
    """Return a sleep that can be interrupted. Without promise integration a sleep blocks the
    interpreter, which sees the signal only between two of them."""

    @functools.wraps(sleep)
    @shared
    def sleep_in_slices(seconds: Any, /) -> None:
        if pyodide.ffi.can_run_sync():
            sleep(seconds)
            return
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > _SLICE:
            sleep(_SLICE)
            look_for_signal()
        sleep(max(0, left) if seconds >= 0 else seconds)

    return sleep_in_slices


def _take_anything(set_exception: Any) -> Any:
    """Return a ``set_exception`` for what a promise may be rejected with: JavaScript can throw
    anything, and Pyodide would not end the wait for what is no exception."""

    @functools.wraps(set_exception)
    def set_anything(future: Any, reason: Any, /) -> None:
        is_class = isinstance(reason, type) and issubclass(reason, BaseException)
        if not is_class and not isinstance(reason, BaseException):
            reason = js.Error.new(f"A promise was rejected with {_describe(reason)}")
        set_exception(future, reason)

    return set_anything


def _describe(reason: Any) -> str:
    """Return what JavaScript calls a value; not every one has a text, and its text may throw."""
    try:
        return str(js.String(reason))
    except (pyodide.ffi.JsException, TypeError):
        return "something that has no text."
