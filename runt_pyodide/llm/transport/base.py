"""HTTP as providers need it: one request, and one answer whose body comes in pieces."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from ..redaction import is_secret_name


@dataclass(frozen=True, slots=True)
class Request:
    """A request. ``headers`` may hold a key, so that its repr does not show them."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)

    @property
    def has_secrets(self) -> bool:
        """Whether headers hold what was given for this address alone. Then no redirect is followed:
        at another host a client leaves out Authorization only, not a key in a header of its own
        (the Fetch standard, "HTTP-redirect fetch"; httpx does as browsers do)."""
        return any(map(is_secret_name, self.headers))


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. ``headers`` have lower-case names; in a browser they are those that CORS exposes.

    ``body`` yields the bytes in the pieces in which they came, perhaps several reads as one. It
    raises CutStreamError if the connection ended before the body did.
    """

    status: int
    headers: Mapping[str, str]
    body: AsyncIterator[bytes]

    async def read(self, limit: int = 1 << 20) -> bytes:
        """Return the whole body, or its first ``limit`` bytes."""
        pieces = bytearray()
        async for piece in self.body:
            pieces += piece
            if len(pieces) >= limit:
                break
        return bytes(pieces[:limit])


@runtime_checkable
class Transport(Protocol):
    """Sends requests. Leaving the context ends the answer: what is still on its way is aborted, so
    that the server sees the connection close."""

    def send(self, request: Request) -> AbstractAsyncContextManager[Response]:
        """Open the answer to a request. Raise NetworkError or CorsError if none comes."""
