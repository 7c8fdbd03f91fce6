"""The user's code waits, with and without ``await``."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import copy_context
from typing import Any

import pytest

from runt_pyodide.errors import Interrupt
from runt_pyodide.execution.interrupts import Target
from runt_pyodide.execution.stack import is_users, run_users
from runt_pyodide.execution.user_code import Interruptible, read_values, wait_in


async def test_a_result_and_an_error_come_out() -> None:
    async def give() -> int:
        await asyncio.sleep(0)
        return 5

    async def fail() -> None:
        await asyncio.sleep(0)
        raise ZeroDivisionError

    assert await Interruptible(give()) == 5
    with pytest.raises(ZeroDivisionError):
        await Interruptible(fail())


async def test_a_cancellation_is_thrown_in_and_what_is_raised_comes_out() -> None:
    seen = []

    async def user() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError as error:
            seen.append(type(error))
            await asyncio.sleep(0)
            raise ValueError("cleaned up") from None

    async def run() -> None:
        await Interruptible(user())

    task = asyncio.create_task(run())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(ValueError, match="cleaned up"):
        await task
    assert seen == [asyncio.CancelledError]


def test_a_stop_in_what_is_described_cancels_and_all_else_comes_out() -> None:
    class Endless:
        def __repr__(self) -> str:
            assert is_users(sys._getframe())
            raise Interrupt

    with pytest.raises(asyncio.CancelledError):
        read_values(repr, Endless())
    assert read_values(repr, 3) == "3"
    with pytest.raises(ZeroDivisionError):
        read_values(lambda: 1 // 0)


def run_sync_with(*meanwhile: Callable[[], object]) -> Callable[[Awaitable[Any]], Any]:
    """A ``run_sync`` during which these are called, one after the other."""

    async def wait(awaitable: Awaitable[Any]) -> Any:
        for one in meanwhile:
            asyncio.get_running_loop().call_soon(one)
        return await awaitable

    return lambda awaitable: asyncio.run(wait(awaitable))


async def give(value: object) -> object:
    return value


async def fail() -> None:
    await asyncio.sleep(0)
    raise ZeroDivisionError


async def cancel() -> None:
    raise asyncio.CancelledError


@pytest.mark.parametrize("work", [lambda: asyncio.Event().wait(), lambda: asyncio.sleep(0), fail])
def test_a_wait_that_is_ended_raises_even_if_its_work_ends_at_the_same_time(
    work: Callable[[], Coroutine[Any, Any, object]],
) -> None:
    target, context = Target("q"), copy_context()
    target.start(context)

    def wait() -> None:
        with pytest.raises(Interrupt):
            run_users(wait_in, run_sync_with(target.interrupt, target.interrupt), work())
        assert run_users(wait_in, run_sync_with(), give(1)) == 1

    context.run(wait)
    target.close()


def test_an_interrupt_of_another_execution_ends_no_wait() -> None:
    other = Target("other")
    assert run_users(wait_in, run_sync_with(other.interrupt), give(1)) == 1
    other.close()


def test_a_wait_raises_what_its_work_raises() -> None:
    with pytest.raises(ZeroDivisionError):
        run_users(wait_in, run_sync_with(), fail())
    with pytest.raises(asyncio.CancelledError):
        run_users(wait_in, run_sync_with(), cancel())
