"""The transport that answers from a script."""

from __future__ import annotations

import asyncio

import pytest

from runt_pyodide.errors import CutStreamError, NetworkError, RuntError
from runt_pyodide.llm.transport.base import Request
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport

REQUEST = Request("GET", "http://x/y")


async def test_answers_come_in_order_with_lower_case_headers_and_requests_are_kept() -> None:
    transport = ScriptedTransport([Scripted(201, {"X-A": "1"}, [b"a", b"b"]), Scripted()])
    async with transport.send(REQUEST) as first:
        assert (first.status, first.headers) == (201, {"x-a": "1"})
        assert [piece async for piece in first.body] == [b"a", b"b"]
    async with transport.send(REQUEST) as second:
        assert (second.status, await second.read()) == (200, b"")
    assert (transport.requests, transport.aborted) == ([REQUEST] * 2, 0)


async def test_an_error_is_raised_in_its_place() -> None:
    transport = ScriptedTransport(
        [NetworkError("No answer."), Scripted(pieces=[b"a", CutStreamError("Cut.")])]
    )
    with pytest.raises(NetworkError):
        async with transport.send(REQUEST):
            pass
    async with transport.send(REQUEST) as answer:
        assert await anext(answer.body) == b"a"
        with pytest.raises(CutStreamError):
            await anext(answer.body)


async def test_an_event_is_waited_for_and_to_leave_early_is_counted() -> None:
    never = asyncio.Event()
    transport = ScriptedTransport([Scripted(pieces=[b"a", never])])
    async with transport.send(REQUEST) as answer:
        assert await anext(answer.body) == b"a"
    assert transport.aborted == 1


async def test_a_script_that_is_over_says_so() -> None:
    with pytest.raises(RuntError, match="no answer to GET http://x/y"):
        async with ScriptedTransport().send(REQUEST):
            pass
