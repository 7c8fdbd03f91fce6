"""Ctrl+C and a timeout stop a cell wherever it is, once."""

from __future__ import annotations

import asyncio
import signal
import threading

import pytest

from runt_pyodide.command_line.interruption import Interruption
from runt_pyodide.errors import Interrupt, is_stop
from runt_pyodide.execution.interrupts import Target, key_of
from runt_pyodide.execution.stack import run_users


@pytest.fixture
async def stops() -> list[tuple[str | None, int]]:
    return []


def busy() -> None:
    while True:
        pass


async def test_ctrl_c_strikes_in_the_code_of_a_cell(stops: list[tuple[str | None, int]]) -> None:
    interruption = Interruption(lambda *stop: stops.append(stop))
    target = Target("q")
    with interruption.connected():
        interruption.begin("q")
        with pytest.raises(Interrupt):
            run_users(signal.raise_signal, signal.SIGINT)
        assert interruption.is_over
        await asyncio.sleep(0)
        # The message has the same number, so that it strikes no second time.
        assert stops == [("q", 1)]
        target.interrupt(1)
    target.close()


async def test_a_timeout_ends_a_cell_that_never_waits() -> None:
    interruption = Interruption(lambda *_: None, patience=0.05)
    target = Target("q")
    with interruption.connected():
        interruption.begin("q")
        with pytest.raises(Interrupt) as caught:
            run_users(busy)
        assert is_stop(caught.value)
        assert interruption.late == {"q"}
        assert not interruption.is_over
    target.close()


async def test_a_cell_that_waits_is_told(stops: list[tuple[str | None, int]]) -> None:
    arrived = asyncio.Event()

    def deliver(queue_id: str | None, number: int) -> None:
        stops.append((queue_id, number))
        arrived.set()

    interruption = Interruption(deliver, patience=0.05)
    with interruption.connected():
        interruption.begin("q")
        await arrived.wait()
    assert stops == [("q", 1)]


async def test_a_cell_that_ended_in_time_is_left_in_peace() -> None:
    before = threading.active_count()
    interruption = Interruption(lambda *_: pytest.fail("stopped"), patience=600)
    with interruption.connected():
        interruption.begin("q")
        interruption.end()
        for thread in threading.enumerate():
            if isinstance(thread, threading.Timer):
                thread.join()
        assert interruption.late == set()
    assert threading.active_count() == before


async def test_between_cells_ctrl_c_ends_the_run(stops: list[tuple[str | None, int]]) -> None:
    interruption = Interruption(lambda *stop: stops.append(stop))
    with interruption.connected():
        signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(0)
    assert interruption.is_over
    assert stops == [(None, 1)]


async def test_a_signal_that_met_the_runtime_comes_again(
    stops: list[tuple[str | None, int]],
) -> None:
    interruption = Interruption(lambda *stop: stops.append(stop))
    target = Target("q")
    with interruption.connected():
        interruption.begin("q")
        interruption.signalled()  # while the runtime's own code runs
        interruption.hold()
        with pytest.raises(Interrupt):
            run_users(busy)
        await asyncio.sleep(0)
    assert stops == [("q", 1)]  # it is the same stop
    target.close()


async def test_a_keyboard_interrupt_of_the_code_itself_is_an_error() -> None:
    with Interruption(lambda *_: None).connected():
        assert not is_stop(KeyboardInterrupt())
        assert is_stop(Interrupt())
    assert is_stop(KeyboardInterrupt())


async def test_each_stop_has_a_number_of_its_own() -> None:
    interruption = Interruption(lambda *_: None)
    interruption.begin("a")
    assert interruption.signalled() == f"1 {key_of('a')}"
    assert interruption.signalled() == f"1 {key_of('a')}"
    interruption.took(1)
    assert interruption.signalled() == f"2 {key_of('a')}"
    interruption.end()
    interruption.begin("b")
    assert interruption.signalled() == f"3 {key_of('b')}"
    interruption.end()
