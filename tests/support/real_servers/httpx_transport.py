"""The transport of CPython, which keeps what it sent, for tests of servers that are real."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeAlias

from runt_pyodide.llm.transport import httpx_client
from runt_pyodide.llm.transport.base import Request, Response


class HttpxTransport(httpx_client.HttpxTransport):
    """Keeps the requests in ``requests``."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[Request] = []

    @property
    def bodies(self) -> list[Any]:
        """The JSON that was posted, request by request."""
        return [json.loads(one.body) for one in self.requests if one.body]

    def send(self, request: Request) -> AbstractAsyncContextManager[Response]:
        self.requests.append(request)
        return super().send(request)


Connect: TypeAlias = Callable[..., HttpxTransport]
"""Of the fixture `connect`."""
