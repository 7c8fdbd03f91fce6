"""A page that stops executions by signals."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from runt_pyodide.execution import interrupts
from runt_pyodide.execution.interrupts import key_of


class Host:
    """A page that signals: ``signal`` interrupts an execution in this process."""

    def __init__(self) -> None:
        self.now = "0 0"
        self.held = 0
        self.arrived: list[int] = []

    def signal(self, number: int, queue_id: str | None = "q") -> None:
        self.now = f"{number} {0 if queue_id is None else key_of(queue_id)}"
        signal.raise_signal(signal.SIGINT)

    def signalled(self) -> str:
        return self.now

    def hold(self) -> None:
        self.held += 1

    def took(self, number: int) -> None:
        self.arrived.append(number)


@pytest.fixture
def host() -> Iterator[Host]:
    host = Host()
    interrupts.connect(host)
    yield host
    interrupts.connect(None)
