"""A transport for tests, which answers from a script, in any pieces, without a network."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from ...errors import ProviderError, RuntError
from .base import Request, Response


@dataclass(frozen=True, slots=True)
class Scripted:
    """An answer. ``pieces`` come one by one; an exception among them is raised in its place, and an
    asyncio.Event is waited for."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: Sequence[bytes | ProviderError | asyncio.Event] = ()


class ScriptedTransport:
    """Gives its answers in order, keeps the requests, and counts the answers that were left early.

    An answer that is an exception is raised. A request beyond the last answer raises RuntError.
    """

    def __init__(self, answers: Iterable[Scripted | ProviderError] = ()) -> None:
        self._answers = list(answers)
        self.requests: list[Request] = []
        self.aborted = 0

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncGenerator[Response, None]:
        self.requests.append(request)
        if not self._answers:
            raise RuntError(f"The script has no answer to {request.method} {request.url}.")
        answer = self._answers.pop(0)
        if isinstance(answer, ProviderError):
            raise answer
        left = deque(answer.pieces)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        try:
            yield Response(answer.status, headers, _play(left))
        finally:
            self.aborted += bool(left)


async def _play(left: deque[bytes | ProviderError | asyncio.Event]) -> AsyncGenerator[bytes, None]:
    while left:
        piece = left[0]
        if isinstance(piece, asyncio.Event):
            await piece.wait()
        left.popleft()
        if isinstance(piece, ProviderError):
            raise piece
        if isinstance(piece, bytes):
            await asyncio.sleep(0)
            yield piece
