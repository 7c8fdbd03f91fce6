"""A provider as a third party would write it, for a service that does not exist.

The service answers in netstrings (cr.yp.to/proto/netstrings.txt): "6:thello," is a text. The first
byte of each says what it is: t text, x refusal, r thinking, c a call ("id name"), a more of its
arguments, u usage ("7 1"), e an error, and "." the end, with the reason.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from typing import cast

from runt_pyodide import AIProvider
from runt_pyodide.errors import AuthenticationError, CutStreamError, ProviderError, ServerError
from runt_pyodide.llm.messages import (
    ChatRequest,
    Delta,
    FinishDelta,
    FinishReason,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    Usage,
    UsageDelta,
)
from runt_pyodide.llm.transport.base import Request, Response, Transport
from runt_pyodide.testing import Turn, Wire, WireRig


class EchoReader:
    """Bytes to deltas."""

    def __init__(self) -> None:
        self._buffer = b""
        self._calls = 0
        self.finish: FinishDelta | None = None

    def feed(self, data: bytes) -> Iterator[Delta]:
        self._buffer += data
        while (string := self._take()) is not None:
            yield from self.read(string[:1], string[1:].decode())

    def end(self) -> Iterator[Delta]:
        if self.finish is None:
            raise CutStreamError("The service hung up in the middle of the answer.")
        yield self.finish

    def read(self, kind: bytes, value: str) -> Iterator[Delta]:
        match kind:
            case b"t" | b"x":
                yield TextDelta(value)
            case b"r":
                yield ThinkingDelta(value)
            case b"c":
                call_id, name = value.split()
                self._calls += 1
                yield ToolCallDelta(self._calls - 1, call_id, name)
            case b"a":
                yield ToolCallDelta(self._calls - 1, arguments=value)
            case b"u":
                yield UsageDelta(Usage(*map(int, value.split())))
            case b"e":
                raise ServerError(f"The service says: {value}")
            case _:
                self.finish = FinishDelta(cast(FinishReason, value))

    def _take(self) -> bytes | None:
        size, colon, rest = self._buffer.partition(b":")
        if not colon or len(rest) <= int(size):
            return None
        self._buffer = rest[int(size) + 1 :]
        return rest[: int(size)]


class EchoProvider(AIProvider):
    models = ("echo-1",)
    reader = EchoReader

    def __init__(self, name: str, key: str, transport: Transport) -> None:
        self.name = name
        self._key = key
        self._transport = transport

    def secrets(self) -> Sequence[str]:
        return (self._key,)

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        try:
            async with aclosing(self.ask(self.build(request))) as deltas:
                async for delta in deltas:
                    yield delta
        except ProviderError as error:
            error.provider, error.model = self.name, request.model
            raise

    def build(self, request: ChatRequest) -> Request:
        body = {"model": request.model, "prompt": [m.content for m in request.messages]}
        headers = {"Authorization": f"Echo {self._key}"}
        return Request("POST", "https://echo.example/ask", headers, json.dumps(body).encode())

    async def ask(self, request: Request) -> AsyncGenerator[Delta, None]:
        async with self._transport.send(request) as response:
            if response.status == 401:
                raise await self.refused(response)
            async with aclosing(self.read(response)) as deltas:
                async for delta in deltas:
                    yield delta

    async def refused(self, response: Response) -> ProviderError:
        said = (await response.read()).decode().replace(self._key, "[key]")
        return AuthenticationError(f"The service says: {said}", status=response.status)

    async def read(self, response: Response) -> AsyncGenerator[Delta, None]:
        reader = self.reader()
        async for piece in response.body:
            for delta in reader.feed(piece):
                yield delta
        for delta in reader.end():
            yield delta


class EchoRig(WireRig):
    name = "echo"

    def __init__(self, provider: type[EchoProvider] = EchoProvider) -> None:
        self._provider = provider

    def connect(self, transport: Transport) -> AIProvider:
        return self._provider(self.name, self.key, transport)

    def encode(self, turn: Turn) -> Wire:
        if turn.ending == "wrong key":
            return Wire(f"I do not know {self.key}".encode(), "text/plain", 401)
        strings = (f"{len(said.encode())}:{said}," for said in self._strings(turn))
        return Wire("".join(strings).encode(), "application/x-netstrings")

    def _strings(self, turn: Turn) -> Iterator[str]:
        yield from (f"r{text}" for text in turn.thinking)
        yield from (f"x{text}" for text in turn.refusal)
        yield from (f"t{text}" for text in turn.text)
        for call in turn.calls:
            yield f"c{call.id} {call.name}"
            if call.arguments:
                arguments = json.dumps(call.arguments, ensure_ascii=False)
                yield from (f"a{arguments[:3]}", f"a{arguments[3:]}")
        if turn.usage is not None:
            yield f"u{turn.usage[0]} {turn.usage[1]}"
        if turn.ending == "error":
            yield "eThe model fell over"
        if turn.ending in ("end", "length"):
            reason = "tool_calls" if turn.calls else "stop"
            yield f".{'length' if turn.ending == 'length' else reason}"
