"""The transport of providers by httpx, for tests in CPython of servers that are real."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import httpx

from runt_pyodide.errors import CutStreamError, NetworkError
from runt_pyodide.llm.transport.base import Request, Response


class HttpxTransport:
    """Sends each request over a connection of its own, and keeps them in ``requests``."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    @property
    def bodies(self) -> list[Any]:
        """The JSON that was posted, request by request."""
        return [json.loads(one.body) for one in self.requests if one.body]

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncGenerator[Response, None]:
        self.requests.append(request)
        async with httpx.AsyncClient(trust_env=False, timeout=None) as client:
            sent = client.build_request(
                request.method, request.url, headers=dict(request.headers), content=request.body
            )
            try:
                answer = await client.send(sent, stream=True)
            except httpx.TransportError as error:
                raise NetworkError(f"{request.url} could not be reached ({error}).") from None
            try:
                headers = {name.lower(): value for name, value in answer.headers.items()}
                yield Response(answer.status_code, headers, _body_of(answer))
            finally:
                await answer.aclose()


async def _body_of(answer: httpx.Response) -> AsyncGenerator[bytes, None]:
    try:
        async for piece in answer.aiter_bytes():
            yield piece
    except httpx.TransportError as error:
        raise CutStreamError(
            f"The connection ended in the middle of the answer ({error})."
        ) from None


Connect: TypeAlias = Callable[..., HttpxTransport]
"""Of the fixture `connect`."""
