"""Requests to one service: where it is, what it was given to let us in, and what became of them.

A provider of a service is two pure mappings (a request to a body, an answer's bytes to deltas), its
settings, and a ServiceClient, which sends, checks the status, gives up when nothing comes, and says
of each error who was asked, without a secret.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from ..errors import OverloadedError, ProviderError, RequestTimeoutError
from .access.address import Address
from .access.fields import merge_headers
from .messages import Delta
from .redaction import (
    Redactor,
    encode_basic,
    secrets_of_credentials,
    secrets_of_fields,
)
from .service_errors import error_of_status, redact
from .transport.base import Request, Response, Transport
from .transport.idle_watch import IdleWatch
from .wire.answer import web_page
from .wire.limits import MAX_ANSWER, too_long
from .wire.records import AnswerReader

Body = Mapping[str, Any]
"""The JSON object that a request sends."""


class ServiceClient:
    """Sends the requests of the provider ``name`` to ``base_url``, whose query stays at the end of
    each URL; "{model}" in it stands for the model that is asked.

    ``key`` goes out as a bearer token, or as it is in the header ``key_header``; credentials in the
    base URL ("user:password@") by the Basic scheme if there is no key. ``headers``, which come
    before the client's own, and ``query`` go out with every request. ``timeout`` is
    in seconds without a byte. ``explain`` gives an error the advice that fits the service, or
    another error that says more. ``max_answer`` is the longest answer, in bytes.

    Errors say who was asked (``provider``, ``model``, ``url``), and hold none of the ``secrets``:
    the key, credentials, headers and parameters whose names say that they are secret, and what is
    given as such (of bodies, which the client does not know).
    """

    def __init__(
        self,
        name: str,
        transport: Transport,
        base_url: str,
        *,
        key: str = "",
        key_header: str = "",
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        secrets: Iterable[str] = (),
        timeout: float = 120.0,
        max_answer: int = MAX_ANSWER,
        explain: Callable[[ProviderError], ProviderError] = lambda error: error,
    ) -> None:
        address = Address.read(base_url).with_scheme().with_query(query or {})
        self.base_url = replace(address, credentials="").url
        self._address = replace(address, credentials="")
        self._name = name
        self._transport = transport
        self._timeout = timeout
        self._max_answer = max_answer
        self._explain = explain
        own = {"Content-Type": "application/json", **_authorize(key, key_header, address)}
        self._headers = merge_headers(own, headers or {})
        known = [
            key,
            *secrets,
            *secrets_of_credentials(address.credentials),
            *secrets_of_fields(headers or {}),
            *secrets_of_fields(address.parameters),
        ]
        self.secrets = tuple(dict.fromkeys(filter(None, known)))
        self._redactor = Redactor(self.secrets)

    async def stream(
        self,
        path: str,
        body: Body,
        open_reader: Callable[[], AnswerReader],
        *,
        model: str,
        adapt: Callable[[ProviderError, Body], Body | None] = lambda *_: None,
        query: Mapping[str, str] | None = None,
    ) -> AsyncGenerator[Delta, None]:
        """POST the body to ``path``, and yield the deltas of the answer as they come. ``query`` is
        added to that of the base URL.

        When an answer ends with an error before its first delta, ``adapt`` is asked for another
        body to send in its place, or None: services refuse parts of a request under any status, and
        in a stream, too. Raise the ProviderError that ended the answer.
        """
        while True:
            begun = False
            try:
                async with self.send("POST", path, body, model=model, query=query) as response:
                    reader, size = open_reader(), 0
                    async for piece in response.body:
                        size = self._measure(size, piece, response)
                        for delta in reader.feed(piece):
                            begun = True
                            yield delta
                        if reader.done:
                            break
                    for delta in reader.end():
                        begun = True
                        yield delta
                return
            except ProviderError as error:
                adapted = None if begun else adapt(error, body)
                if adapted is None:
                    raise
                body = adapted

    @asynccontextmanager
    async def send(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        *,
        model: str | None = None,
        from_root: bool = False,
        query: Mapping[str, str] | None = None,
    ) -> AsyncGenerator[Response, None]:
        """Send a request, and open the answer once its status says that it is one. Errors that are
        raised while it is read are located, too. The path goes on from that of the base URL, or
        ``from_root`` of the same server, and so does the ``query``.

        Raise the error that another status stands for, and RequestTimeoutError if nothing comes for
        too long while something is waited for.
        """
        base = (
            "" if from_root else self._address.path.replace("{model}", quote(model or "", safe=""))
        )
        address = replace(self._address, path=base + path).with_query(query or {})
        request = self._build_request(method, address.url, body)
        with self.locating(model, request.url):
            watch = IdleWatch(self._timeout)
            try:
                async with watch, self._transport.send(request) as response:
                    pieces = watch.guard(response.body)
                    async with aclosing(pieces):
                        answer = Response(response.status, response.headers, pieces)
                        if answer.status >= 300:
                            said = await answer.read()
                            raise error_of_status(answer.status, answer.headers, said)
                        watch.pause()
                        yield answer
            except TimeoutError:
                if not watch.expired:
                    raise
                raise RequestTimeoutError(
                    f"Nothing came from the server for {self._timeout:g} s."
                ) from None

    @contextmanager
    def locating(self, model: str | None = None, url: str | None = None) -> Iterator[None]:
        """Let errors that are raised within say who was asked, without a secret."""
        try:
            yield
        except ProviderError as error:
            raise self._locate(error, model, url or self.base_url) from None

    def _locate(self, error: ProviderError, model: str | None, url: str) -> ProviderError:
        if error.provider is not None:
            return error
        place = self._name, model, self._redactor.text(url)
        if isinstance(error, OverloadedError):
            error.patience = self._timeout
        error.provider, error.model, error.url = place
        # Twice: what explains it goes by its words, and says where it was, which may hold a key.
        explained = redact(self._explain(redact(error, self._redactor)), self._redactor)
        explained.provider, explained.model, explained.url = place
        return explained

    def _measure(self, size: int, piece: bytes, response: Response) -> int:
        """Return how long an answer is with one more piece. Raise ProtocolError if it is too long,
        and if it is a web page, by its header and its first byte."""
        kind = response.headers.get("content-type", "").lower()
        if size == 0 and "text/html" in kind and piece.lstrip()[:1] == b"<":
            raise web_page()
        if size + len(piece) > self._max_answer:
            raise too_long("an answer", self._max_answer, "maxAnswer")
        return size + len(piece)

    def _build_request(self, method: str, url: str, body: Body | None) -> Request:
        if body is None:
            kept = {name: one for name, one in self._headers.items() if name != "Content-Type"}
            return Request(method, url, kept)
        return Request(method, url, self._headers, json.dumps(body).encode())


def _authorize(key: str, key_header: str, address: Address) -> dict[str, str]:
    if key:
        return {key_header: key} if key_header else {"Authorization": f"Bearer {key}"}
    credentials = address.credentials
    return {"Authorization": f"Basic {encode_basic(credentials)}"} if credentials else {}
