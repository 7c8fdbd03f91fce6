"""A rig whose provider asks a real server, by the transport of CPython."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from urllib.parse import urlsplit

from runt_pyodide.llm.provider import AIProvider
from runt_pyodide.llm.transport.base import Request, Response
from runt_pyodide.llm.transport.httpx_client import HttpxTransport
from runt_pyodide.testing import WHOLE, Delivery, Rig, Turn, Wire, WireRig


class ServedRig(Rig):
    """Makes the providers of another rig, whose answers come over connections of this machine."""

    def __init__(self, rig: WireRig) -> None:
        self._rig = rig
        self.name, self.cannot, self.key = rig.name, rig.cannot, rig.key

    def provider(self, turn: Turn, delivery: Delivery = WHOLE) -> AIProvider:
        self.asked = self.aborted = 0
        return self._rig.connect(_Rerouted(self, self._rig, turn, delivery))

    def wire(self, turn: Turn) -> Wire:
        return self._rig.encode(turn)


class _Rerouted:
    """A transport that sends each request to a server that is there for it alone."""

    def __init__(self, counter: ServedRig, rig: WireRig, turn: Turn, delivery: Delivery) -> None:
        self._counter, self._rig, self._turn, self._delivery = counter, rig, turn, delivery
        self._transport = HttpxTransport()

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncGenerator[Response, None]:
        aside = self._rig.aside(request)
        answer = _Answer(aside or self._rig.encode(self._turn), WHOLE if aside else self._delivery)
        self._counter.asked += aside is None
        try:
            async with answer.served() as address:
                path = urlsplit(request.url).path
                async with self._transport.send(replace(request, url=address + path)) as response:
                    yield response
        finally:
            self._counter.aborted += aside is None and answer.was_left


class _Answer:
    """One answer of a server. ``was_left`` once the client closed the connection before its end."""

    def __init__(self, wire: Wire, delivery: Delivery) -> None:
        self._wire, self._delivery = wire, delivery
        self._over = asyncio.Event()
        self.was_left = False

    @asynccontextmanager
    async def served(self) -> AsyncGenerator[str, None]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        if self._delivery.then == "unreachable":
            server.close()
            yield address
            return
        try:
            yield address
        finally:
            await asyncio.wait_for(self._over.wait(), 10)
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length or b"0"))
            await self._write(writer)
            if self._delivery.then == "hold":
                self.was_left = await reader.read(1) == b""
            elif self._delivery.then == "drop":
                writer.transport.abort()
        finally:
            self._over.set()
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _write(self, writer: asyncio.StreamWriter) -> None:
        wire, delivery = self._wire, self._delivery
        head = f"HTTP/1.1 {wire.status} OK\r\nContent-Type: {wire.content_type}\r\n"
        writer.write(f"{head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        body = wire.body[: delivery.keep]
        split = len(body) if delivery.split is None else delivery.split
        for piece in filter(None, (body[:split], body[split:])):
            writer.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            await writer.drain()
        if delivery.then == "end":
            writer.write(b"0\r\n\r\n")
            await writer.drain()
