"""Stops cells: at Ctrl+C, and when one takes too long.

Both are SIGINT, as the terminal sends it, which ``execution/interrupts`` lets strike in the code of
a cell and nowhere else. As a page does, the command line also sends a message, for a cell that only
waits; both carry one number, so that a stop strikes once.
"""

from __future__ import annotations

import _thread
import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..execution import interrupts

_AGAIN = 0.05
"""Seconds after which a signal that met the runtime's own code is repeated."""


class Interruption:
    """Stops what runs. ``deliver`` is called on the event loop with the execution and the number of
    the stop; ``is_over`` once a person has pressed Ctrl+C, and ``late`` are the executions that
    took longer than ``patience`` seconds.
    """

    def __init__(
        self, deliver: Callable[[str | None, int], None], patience: float | None = None
    ) -> None:
        self.is_over = False
        self.late: set[str] = set()
        self._deliver = deliver
        self._patience = patience
        self._loop = asyncio.get_running_loop()
        self._running: str | None = None
        self._number = 0
        self._is_open = False  # a stop is under way, and its signal may come again
        self._is_ours = False  # the next signal is not the terminal's
        self._timers: list[threading.Timer] = []
        self._lock = threading.RLock()

    @contextmanager
    def connected(self) -> Iterator[None]:
        """Within this, signals stop cells."""
        interrupts.connect(self)
        try:
            yield
        finally:
            self.end()  # what is signalled afterwards would be nobody's
            interrupts.connect(None)

    def begin(self, queue_id: str) -> None:
        """Take note that an execution begins."""
        self._running = queue_id
        if self._patience is not None:
            self._after(self._patience, lambda: self._expire(queue_id))

    def end(self) -> None:
        """Take note that it has ended."""
        with self._lock:
            self._running, self._is_open = None, False
            for timer in self._timers:
                timer.cancel()
            self._timers.clear()

    # Of the signal

    def signalled(self) -> str:
        """Return which stop is signalled, and the execution that is meant."""
        ours, self._is_ours = self._is_ours, False
        self.is_over |= not ours
        if not self._is_open:
            self._number += 1
            self._is_open = True
            self._loop.call_soon_threadsafe(self._deliver, self._running, self._number)
        return f"{self._number} {interrupts.key_of(self._running or '')}"

    def hold(self) -> None:
        """Signal the same again, since what ran was not the cell's code."""
        self._after(_AGAIN, self._repeat)

    def took(self, number: int) -> None:
        """Take note that a stop has arrived."""
        self._is_open &= number != self._number

    def _after(self, seconds: float, call: Callable[[], None]) -> None:
        timer = threading.Timer(seconds, call)
        timer.daemon = True
        self._timers.append(timer)
        timer.start()

    def _expire(self, queue_id: str) -> None:
        with self._lock:
            if self._running == queue_id:
                self.late.add(queue_id)
                self._signal()

    def _repeat(self) -> None:
        with self._lock:
            if self._is_open:
                self._signal()

    def _signal(self) -> None:
        self._is_ours = True
        if hasattr(signal, "pthread_kill"):
            # A real one ends what the system waits for, such as time.sleep().
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        else:
            _thread.interrupt_main()
