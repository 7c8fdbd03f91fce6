"""A service on a transport: it answers as it was told, and refuses what breaks its rules."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from runt_pyodide.errors import ProviderError
from runt_pyodide.llm.transport.base import Request, Response
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from tests.support.services.answers import said, told
from tests.support.services.rules import RULES, Asked

Answer = Scripted | ProviderError


@dataclass(frozen=True, slots=True)
class Refusal:
    """How a rule's breach is answered; by every host, or only by one."""

    rule: str
    answer: Answer
    host: str = ""

    def fits(self, request: Request) -> bool:
        host = urlsplit(request.url).hostname
        return self.host in ("", host) and RULES[self.rule](Asked.of(request))


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
        return [one for one in self.requests if not is_aside(one)]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """The bodies of these."""
        return [json.loads(one.body or b"{}") for one in self.chats]

    def _answer(self, request: Request) -> Answer:
        path = urlsplit(request.url).path
        if path.endswith("/api/show"):
            return self.shown
        if is_aside(request):
            return self.models
        refused = next((one for one in self.refusals if one.fits(request)), None)
        if refused is not None:
            return refused.answer
        return self._next_answer(path, json.loads(request.body or b"{}"))

    def _next_answer(self, path: str, body: Mapping[str, Any]) -> Answer:
        self._given += 1
        if self._given > len(self.answers) and not self.repeats:
            return said(self.text, path, body)
        return self.answers[min(self._given, len(self.answers)) - 1]


def is_aside(request: Request) -> bool:
    """Return whether a request asks what there is, not a model."""
    return request.method == "GET" or request.url.endswith("/api/show")
