"""Plays the steps of a script on a connection, and says how the exchange ended."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Iterator
from typing import assert_never

from aiohttp import web

from tests.support.server.exchange import Exchange, State
from tests.support.server.script import Cut, Hang, Head, Hold, Pause, Step, Write


async def play(
    request: web.Request, exchange: Exchange, script: Iterator[Step]
) -> web.StreamResponse:
    """Answer the request. The task must be cancelled when the connection is lost."""
    response = web.StreamResponse()
    lost: State = "closed_by_client"
    try:
        for step in script:
            if isinstance(step, Head):
                response = await _head(request, step)
            elif isinstance(step, Write):
                await response.write(step.data)
            else:
                lost = "cut" if isinstance(step, Cut) else lost
                await _wait(request, exchange, step)
        await response.write_eof()
        exchange.end("completed")
    except ConnectionResetError:
        # A write can learn of the loss before the task is cancelled; aiohttp drops what we return.
        exchange.end(lost)
    except asyncio.CancelledError:
        exchange.end(lost)
        raise
    except Exception:
        exchange.end("failed")
        raise
    return response


async def _wait(request: web.Request, exchange: Exchange, step: Hold | Pause | Hang | Cut) -> None:
    match step:
        case Hold(index):
            await exchange.gate.passing(index)
        case Pause(seconds):
            await asyncio.sleep(seconds)
        case Hang():
            await asyncio.Event().wait()
        case Cut(reset):
            _cut(request, reset=reset)
            # After a return aiohttp would end the body properly: wait to be cancelled.
            await asyncio.Event().wait()
        case _:
            assert_never(step)


async def _head(request: web.Request, head: Head) -> web.StreamResponse:
    response = web.StreamResponse(status=head.status, headers=head.headers)
    if response.content_length is None:
        response.enable_chunked_encoding()
    await response.prepare(request)
    return response


def _cut(request: web.Request, *, reset: bool) -> None:
    transport = request.transport
    if transport is None:
        return
    if not reset:
        transport.close()
        return
    # SO_LINGER with a time of 0 makes close() send RST (socket(7), and RFC 9293, 3.10.4: ABORT).
    connection: socket.socket = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
