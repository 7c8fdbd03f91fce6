"""A service on a transport: it answers as it was told, and refuses what breaks its rules."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from runt_pyodide.errors import ProviderError
from runt_pyodide.llm.transport.base import Request, Response
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from tests.support.services.answers import said, told
from tests.support.services.rules import RULES, Body

Answer = Scripted | ProviderError


@dataclass(frozen=True, slots=True)
class Refusal:
    """How a rule's breach is answered; by every host, or only by one."""

    rule: str
    answer: Answer
    host: str = ""

    def fits(self, request: Request, body: Body) -> bool:
        return self.host in ("", urlsplit(request.url).hostname) and RULES[self.rule](body)


@dataclass(slots=True)
class Service:
    """Answers chats in the order of ``answers``, then with ``text`` for good, or with the last of
    the answers again if it ``repeats``. A chat that breaks a rule is refused first.

    ``models`` is what it lists, and ``shown`` what Ollama tells of each of its models.
    """

    answers: Sequence[Answer] = ()
    refusals: Iterable[Refusal] = ()
    text: str = "ok"
    repeats: bool = False
    models: Answer = field(default_factory=lambda: told({"data": [{"id": "m"}]}))
    shown: Answer = field(default_factory=lambda: told({}))
    requests: list[Request] = field(default_factory=list)
    _given: int = 0

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncGenerator[Response, None]:
        self.requests.append(request)
        async with ScriptedTransport([self._answer(request)]).send(request) as response:
            yield response

    @property
    def chats(self) -> list[Request]:
        """The requests for an answer of a model."""
        return [one for one in self.requests if not _is_aside(one)]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """The bodies of these."""
        return [json.loads(one.body or b"{}") for one in self.chats]

    def _answer(self, request: Request) -> Answer:
        path = urlsplit(request.url).path
        if path.endswith("/api/show"):
            return self.shown
        if _is_aside(request):
            return self.models
        body = json.loads(request.body or b"{}")
        refused = next((one for one in self.refusals if one.fits(request, body)), None)
        return refused.answer if refused else self._next_answer(path, body)

    def _next_answer(self, path: str, body: Body) -> Answer:
        self._given += 1
        if self._given > len(self.answers) and not self.repeats:
            return said(self.text, path, body)
        return self.answers[min(self._given, len(self.answers)) - 1]


def _is_aside(request: Request) -> bool:
    return request.method == "GET" or request.url.endswith("/api/show")
