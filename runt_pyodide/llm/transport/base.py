"""HTTP as the providers need it: one request, one answer whose body comes in pieces."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Request:
    """``headers`` may hold a key, so a request is not shown whole."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """``headers`` have lower-case names; in a browser they are those that CORS exposes.

    ``body`` gives the bytes in the pieces in which they came, several reads perhaps as one. It
    raises CutStreamError where the connection ended before the body did.
    """

    status: int
    headers: Mapping[str, str]
    body: AsyncIterator[bytes]

    async def read(self, limit: int = 1 << 20) -> bytes:
        """The whole body, or its first ``limit`` bytes."""
        pieces = bytearray()
        async for piece in self.body:
            pieces += piece
            if len(pieces) >= limit:
                break
        return bytes(pieces[:limit])


class Transport(Protocol):
    """What sends requests. To leave the context is to be done with the answer: what is still on
    its way is aborted, so that the server sees the connection closed."""

    def send(self, request: Request) -> AbstractAsyncContextManager[Response]:
        """Raises NetworkError or CorsError where no answer came."""
