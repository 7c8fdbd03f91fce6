"""What the strict native services have in common: the model that answers in each of them. It calls
two tools when it may and is asked for the weather, gives a number when it is shown a schema, and
says "ok" else."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from runt_pyodide.llm.transport.base import Request, Response
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from tests.support.services.answers import cut, told
from tests.support.services.streams import SSE

Body = Mapping[str, Any]
Record = dict[str, Any]
CALLS = (("weather", {"city": "Rome"}), ("clock", {}))
NUMBER = {"value": 5}


@dataclass(slots=True)
class NativeService(ABC):
    """A service on a transport, with one ``model``. ``refused`` holds the words of its refusals, in
    their order; answers come in pieces of so many bytes."""

    model: str
    piece: int | None = None
    requests: list[Request] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    called: int = 0

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncGenerator[Response, None]:
        async with ScriptedTransport([self.answer(request)]).send(request) as response:
            yield response

    def answer(self, request: Request) -> Scripted:
        """Return the answer to a request."""
        self.requests.append(request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        if refusal := self.let_in(headers):
            return refusal
        if request.method == "GET":
            return told(self.list_models())
        body = json.loads(request.body or b"{}")
        if (fault := next(self.find_faults(body), None)) is not None:
            self.refused.append(fault)
            return self.refuse(fault)
        return Scripted(200, SSE, cut(self.write(body), self.piece))

    @property
    def bodies(self) -> list[Any]:
        """The bodies of the requests for an answer of the model."""
        return [json.loads(one.body or b"{}") for one in self.requests if one.method == "POST"]

    @abstractmethod
    def let_in(self, headers: Mapping[str, str]) -> Scripted | None:
        """Return the refusal of a request that lacks a header; None if it has all."""

    @abstractmethod
    def list_models(self) -> Any: ...

    @abstractmethod
    def find_faults(self, body: Body) -> Iterator[str]:
        """Yield in its words what the service refuses of a body."""

    @abstractmethod
    def refuse(self, fault: str) -> Scripted: ...

    @abstractmethod
    def write(self, body: Body) -> bytes:
        """Return the answer of the model as it is streamed."""


def seal(*values: Any) -> str:
    """Return what only the service can make of these values: a signature."""
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def events(records: Iterable[Record], *, named: bool = False) -> bytes:
    """Return the records as server-sent events, ``named`` by their types."""
    names = (f"event: {one['type']}\n" if named else "" for one in records)
    lines = (f"data: {json.dumps(one, ensure_ascii=False)}\n\n" for one in records)
    return "".join(name + line for name, line in zip(names, lines, strict=True)).encode()
