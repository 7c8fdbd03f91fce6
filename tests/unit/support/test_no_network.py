"""The guard of tests/conftest.py holds."""

import asyncio
import socket

import pytest

# Reserved for documentation (RFC 5737): nobody is there, should the guard fail.
ELSEWHERE = "192.0.2.1"


def test_other_machines_cannot_be_connected_to() -> None:
    with pytest.raises(RuntimeError, match=ELSEWHERE):
        socket.create_connection((ELSEWHERE, 80), timeout=1)


def test_names_are_not_looked_up() -> None:
    with pytest.raises(RuntimeError, match=r"example\.invalid"):
        socket.create_connection(("example.invalid", 80), timeout=1)


async def test_asyncio_is_held_back_too() -> None:
    with pytest.raises(RuntimeError, match=ELSEWHERE):
        await asyncio.wait_for(asyncio.open_connection(ELSEWHERE, 80), timeout=1)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()
