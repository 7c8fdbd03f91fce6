"""An interrupt strikes in the user's code, once, and nowhere else."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from runt_pyodide.errors import Interrupt, is_stop
from runt_pyodide.execution import interrupts
from runt_pyodide.execution.interrupts import Target, current, key_of, was_stopped
from runt_pyodide.execution.user_code import Interruptible
from tests.support.frames import as_code_of
from tests.support.stages.signals import Host


@pytest.fixture
def target() -> Iterator[Target]:
    target = Target("q")
    yield target
    target.close()


def test_what_runs_for_the_runtime_is_left_in_peace(host: Host, target: Target) -> None:
    path = f"{Path(interrupts.__file__).parents[1]}/notebook/writer.py"
    code = as_code_of(path, partial(signal.raise_signal, signal.SIGINT))
    host.now = f"1 {key_of('q')}"
    code()
    assert (host.held, host.arrived) == (1, [])  # the page's signal is still there
    with pytest.raises(Interrupt):
        signal.raise_signal(signal.SIGINT)
    assert (host.held, host.arrived) == (1, [1])


def test_an_interrupt_strikes_once_and_the_next_one_again(host: Host, target: Target) -> None:
    with pytest.raises(Interrupt):
        host.signal(1)
    host.signal(1)  # it is repeated until the page hears of it
    with pytest.raises(Interrupt):
        host.signal(2)
    assert host.arrived == [1, 2]


def test_an_interrupt_that_is_late_is_for_nobody(host: Host, target: Target) -> None:
    host.signal(1, "another")
    target.close()
    host.signal(2)
    assert (host.arrived, host.held) == ([], 0)


def test_code_outside_of_executions_is_interrupted_too(host: Host) -> None:
    with pytest.raises(Interrupt):
        host.signal(5, None)
    target, context = Target("q"), copy_context()
    target.start(context)
    context.run(host.signal, 6, None)  # this code belongs to one
    target.close()
    with pytest.raises(Interrupt):
        context.run(host.signal, 6, None)


def test_a_stop_is_both_kinds_of_error() -> None:
    error = Interrupt()
    assert isinstance(error, KeyboardInterrupt)
    assert isinstance(error, asyncio.CancelledError)
    assert (repr(error), is_stop(error), is_stop(ValueError())) == (
        "KeyboardInterrupt()",
        True,
        False,
    )


# Executions that wait


class Execution:
    """Runs a coroutine function as a cell's code; ``seen`` is what it noted."""

    def __init__(self, code: Callable[[list[str]], Awaitable[object]], queue_id: str = "q") -> None:
        self.seen: list[str] = []
        self.target, context = Target(queue_id), copy_context()
        self.target.start(context)
        work = self._run(code)
        self.task = self.target.task = asyncio.get_running_loop().create_task(work, context=context)

    async def _run(self, code: Callable[[list[str]], Awaitable[object]]) -> None:
        try:
            await Interruptible(code(self.seen))
        finally:
            self.target.close()


async def turns(count: int = 3) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def wait(seen: list[str]) -> None:
    try:
        await asyncio.Event().wait()
    except KeyboardInterrupt:
        seen.append("except")
        await turns()  # it takes its time to clean up
        seen.append("cleaned")
        raise
    finally:
        await turns()
        seen.append("finally")


async def wait_for_tasks(seen: list[str]) -> None:
    try:
        await asyncio.gather(*(asyncio.Event().wait() for _ in range(3)))
    except KeyboardInterrupt:
        seen.append("except")


async def wait_in_generator(seen: list[str]) -> None:
    async def numbers() -> Any:
        try:
            yield 1
            await asyncio.Event().wait()
        finally:
            seen.append("generator")

    try:
        async for _ in numbers():
            pass
    except KeyboardInterrupt:
        seen.append("except")


async def test_that_it_was_stopped_is_known_also_when_its_code_goes_on() -> None:
    async def go_on(seen: list[str]) -> None:
        seen.append(str(was_stopped()))
        with suppress(KeyboardInterrupt):
            await asyncio.Event().wait()
        seen.append(str(was_stopped()))

    execution = Execution(go_on)
    await asyncio.sleep(0)
    execution.target.interrupt()
    await execution.task
    assert (execution.seen, was_stopped()) == (["False", "True"], False)


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        (wait, ["except", "cleaned", "finally"]),
        (wait_for_tasks, ["except"]),
        (wait_in_generator, ["generator", "except"]),
    ],
)
@pytest.mark.parametrize("how", ["event first", "message alone", "signal too", "again and again"])
async def test_code_that_waits_gets_a_keyboard_interrupt_once(
    host: Host, code: Any, seen: list[str], how: str
) -> None:
    execution = Execution(code)
    await turns()
    if how == "event first":
        execution.target.end()
    execution.target.interrupt(1)
    await turns(2)
    if how == "signal too" and not execution.task.done():
        host.signal(1)
    if how == "again and again":
        execution.target.end()
        execution.target.interrupt(1)
    await asyncio.wait({execution.task})
    assert execution.seen == seen
    assert execution.target.is_interrupted
    assert set(host.arrived) == {1}


async def test_a_second_interrupt_strikes_in_the_code_that_cleans_up(host: Host) -> None:
    execution = Execution(wait)
    await turns()
    execution.target.interrupt(1)
    await turns(2)
    execution.target.interrupt(2)
    await asyncio.wait({execution.task})
    assert execution.seen == ["except", "finally"]


async def test_a_busy_task_of_a_cell_is_interrupted_and_the_cell_with_it(host: Host) -> None:
    async def busy() -> None:
        host.signal(1)

    async def code(seen: list[str]) -> None:
        try:
            await asyncio.gather(busy(), asyncio.Event().wait())
        except KeyboardInterrupt:
            seen.append("except")
            await turns()
            seen.append("cleaned")

    execution = Execution(code)
    await turns(4)
    execution.target.interrupt(1)  # the message arrives after the signal
    await asyncio.wait({execution.task})
    assert execution.seen == ["except", "cleaned"]
    assert execution.target.is_interrupted


async def test_what_a_cell_cancels_itself_is_no_interrupt(host: Host) -> None:
    async def code(seen: list[str]) -> None:
        gone = asyncio.get_running_loop().create_future()
        gone.cancel()
        try:
            await gone
        except asyncio.CancelledError as error:
            seen.append(str(is_stop(error)))
        try:
            async with asyncio.timeout(0):
                await asyncio.Event().wait()
        except TimeoutError:
            seen.append("timeout")

    execution = Execution(code)
    await execution.task
    assert execution.seen == ["False", "timeout"]
    assert not execution.target.is_interrupted


async def test_an_interrupt_of_an_outer_execution_strikes_in_the_inner_one(host: Host) -> None:
    async def outer(seen: list[str]) -> None:
        inner = Execution(lambda more: busy(more), "inner")
        await asyncio.wait({inner.task})
        seen.extend(inner.seen)
        target = current()
        assert target is not None
        target.pass_on()
        await asyncio.sleep(0)
        seen.append("went on")

    async def busy(seen: list[str]) -> None:
        try:
            host.signal(1)
        except KeyboardInterrupt:
            seen.append("struck")

    execution = Execution(outer)
    await asyncio.wait({execution.task})
    assert execution.seen == ["struck"]
    assert execution.task.cancelled()
