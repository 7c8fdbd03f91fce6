"""The user's code is armed while it runs, and nothing else is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from runt_pyodide import tool
from runt_pyodide.ai.tools.function import registered_tools, remove_tool
from runt_pyodide.execution import interrupts
from runt_pyodide.execution.interrupts import Interruptible, end_waits, interruptible, wait_in
from tests.support.stages.python_page import Page


@pytest.fixture
def marks() -> Iterator[list[str]]:
    """What was armed, run and disarmed, in order."""
    marks: list[str] = []
    interrupts.connect(lambda: marks.append("("), lambda: marks.append(")"))
    yield marks
    interrupts.connect(lambda: None, lambda: None)


def test_what_runs_at_once_is_armed_and_disarmed_though_it_fails(marks: list[str]) -> None:
    with pytest.raises(KeyboardInterrupt), interruptible():
        marks.append("x")
        raise KeyboardInterrupt
    assert "".join(marks) == "(x)"


async def test_what_waits_is_not_armed_while_it_waits(marks: list[str]) -> None:
    gate = asyncio.Event()

    async def user() -> str:
        marks.append("a")
        await gate.wait()
        marks.append("b")
        await asyncio.sleep(0)
        marks.append("c")
        return "result"

    async def run() -> str:
        return await Interruptible(user())

    task = asyncio.create_task(run())
    await asyncio.sleep(0)
    marks.append("-")
    gate.set()
    assert await task == "result"
    assert "".join(marks) == "(a)-(b)(c)"


async def test_a_cancellation_is_thrown_in_and_what_is_raised_comes_out(marks: list[str]) -> None:
    async def user() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            marks.append("stopped")
            await asyncio.sleep(0)
            raise ValueError("cleaned up") from None

    async def run() -> None:
        await Interruptible(user())

    task = asyncio.create_task(run())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(ValueError, match="cleaned up"):
        await task
    assert "".join(marks) == "()(stopped)()"


async def test_a_python_cell_and_a_tool_are_the_users(marks: list[str], page: Page) -> None:
    await page.run("import asyncio\nawait asyncio.sleep(0)\n1")
    assert "".join(marks) == "()()()"  # its magics are read, and two steps
    marks.clear()

    @tool(policy="auto")
    def mark() -> None:
        marks.append("tool")

    try:
        await next(one for one in registered_tools() if one.spec.name == "mark").bind({})()
    finally:
        remove_tool("mark")
    assert "".join(marks) == "(tool)"


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


def test_a_wait_is_not_armed_and_what_comes_after_it_is(marks: list[str]) -> None:
    run_sync = run_sync_with(lambda: marks.append("-"))
    with interruptible():
        assert wait_in(run_sync, give("result")) == "result"
        marks.append("x")
    assert "".join(marks) == "()-(x)"
    assert wait_in(run_sync, give("ours")) == "ours"


@pytest.mark.parametrize("work", [lambda: asyncio.Event().wait(), lambda: asyncio.sleep(0), fail])
def test_a_wait_that_is_ended_raises_even_if_its_work_ends_at_the_same_time(
    marks: list[str], work: Callable[[], Awaitable[object]]
) -> None:
    with interruptible(), pytest.raises(KeyboardInterrupt):
        wait_in(run_sync_with(end_waits, end_waits), work())
    end_waits()
    with interruptible():
        assert wait_in(run_sync_with(), give(1)) == 1


def test_a_wait_raises_what_its_work_raises(marks: list[str]) -> None:
    async def cancelled() -> None:
        raise asyncio.CancelledError

    with interruptible():
        with pytest.raises(ZeroDivisionError):
            wait_in(run_sync_with(), fail())
        with pytest.raises(asyncio.CancelledError):
            wait_in(run_sync_with(), cancelled())
