"""Interrupts: what stops an execution strikes in the user's code, and nowhere else.

A page stops an execution in two ways at once, since it cannot know which of them can arrive:

- By a message, which Python reads when its event loop runs. ``Target.interrupt`` then ends what the
  execution waits for.
- By a signal, at which Python looks between two steps of whatever code it runs. ``_on_signal``,
  the handler of SIGINT, then looks at the stack (``stack.is_users``). In the user's code it raises
  ``Interrupt``. In the runtime's own, which would be left in an impossible state, it has the signal
  repeated, until the user's code goes on.

Both carry the number of the interrupt and say which execution is meant. So an interrupt strikes
once: not in the code that cleans up after it, and not in the next cell if it comes too late.

In CPython nothing is connected, and SIGINT does what it always does, unless the command line runs a
notebook.
"""

from __future__ import annotations

import asyncio
import contextvars
import random
import signal
from types import FrameType
from typing import Protocol

from .. import errors
from ..errors import Interrupt
from .stack import PERIOD, is_users


class Host(Protocol):
    """The page's side of the signal, or the terminal's."""

    def signalled(self) -> str:
        """Return the number of the interrupt that is signalled and the key of the execution that
        is meant, with a blank between them. The key 0 means code that belongs to none."""

    def hold(self) -> None:
        """Signal the same again."""

    def took(self, number: int) -> None:
        """Take note that this interrupt has arrived."""


_host: Host | None = None


def connect(host: Host | None) -> None:
    """Let the page behind ``host`` interrupt what runs, or nobody any more."""
    global _host
    _host = host
    errors.mark_stops(host is not None)
    signal.signal(signal.SIGINT, _on_signal if host else signal.default_int_handler)


def key_of(queue_id: str) -> int:
    """Return the key of an execution: a hash of 32 bits (FNV-1a) of its id in UTF-16. The page
    computes it too, in ``js/runtime/executing.js``."""
    key = 0x811C9DC5
    for byte in queue_id.encode("utf-16-le", "surrogatepass"):
        key = (key ^ byte) * 0x01000193 & 0xFFFFFFFF
    return key


class Target:
    """An execution, as interrupts find it, from its creation until ``close``."""

    def __init__(self, queue_id: str) -> None:
        self._key = key_of(queue_id)
        self._outer = _current.get()
        self._number = 0  # of the latest interrupt that has arrived
        self._is_unnumbered = False  # the latest came without its number
        self._is_due = False  # the next CancelledError stands for an interrupt
        self.task: asyncio.Task[None] | None = None
        self.is_interrupted = False
        _targets[self._key] = self

    def start(self, context: contextvars.Context) -> None:
        """Make what runs in this context a part of the execution."""
        context.run(_current.set, self)

    def close(self) -> None:
        """Note that the execution is over: what is meant for it arrives nowhere from here on."""
        _targets.pop(self._key, None)

    @property
    def is_open(self) -> bool:
        return _targets.get(self._key) is self

    def interrupt(self, number: int | None = None) -> None:
        """Interrupt what the execution waits for, unless the interrupt with this number has struck
        in it already."""
        if number is None or self._is_new(number) or not self.is_interrupted:
            self.is_interrupted = True
            self._number = max(self._number, number or 0)
            if not _end_waits(self) and self.task is not None:
                self._is_due = True
                self.task.cancel()
        _tell(number)

    def end(self) -> None:
        """Interrupt the execution, once, since something tells that it is over. If that is an
        interrupt, its number comes later."""
        if not self.is_interrupted:
            self._is_unnumbered = True
            self.interrupt()

    def end_within(self) -> None:
        """Interrupt the execution, since the one that it runs within was interrupted."""
        self.interrupt(self._outer._number or None if self._outer else None)

    def pass_on(self) -> None:
        """Interrupt the execution if an interrupt for it struck in one that ran within it."""
        if self._number and not self.is_interrupted:
            self.interrupt(self._number)

    def strike(self, number: int) -> bool:
        """Take note that this interrupt strikes in the code that is running now. Return False if
        it has arrived before."""
        if not self._is_new(number):
            return False
        self._number = number
        hit = _current.get()
        if hit is not None and hit._is_within(self):
            hit._number = number
            if _is_current(hit.task):
                hit.is_interrupted = True
            else:  # asyncio tells what awaits that code that it was cancelled
                hit._is_due = True
        return True

    def take_due(self) -> bool:
        """Return whether the CancelledError that has just arrived stands for an interrupt."""
        is_due, self._is_due = self._is_due, False
        self.is_interrupted |= is_due
        return is_due

    def _is_new(self, number: int) -> bool:
        if self._is_unnumbered:
            self._number, self._is_unnumbered = number, False
        return number > self._number

    def _is_within(self, other: Target) -> bool:
        return self is other or (self._outer is not None and self._outer._is_within(other))


class _Outside(Target):
    """Code that belongs to no execution: a completion, or what a cell that has ended has left."""

    def __init__(self) -> None:
        super().__init__("")
        self.close()

    def _is_new(self, number: int) -> bool:
        running = _current.get()
        return (running is None or not running.is_open) and super()._is_new(number)


_current: contextvars.ContextVar[Target | None] = contextvars.ContextVar("_current", default=None)
_targets: dict[int, Target] = {}
_outside = _Outside()


def current() -> Target | None:
    """Return the execution to which the running code belongs."""
    return _current.get()


def was_stopped() -> bool:
    """Return whether what runs now was told to end: its execution was interrupted, or its task
    cancelled. That stays so if its code catches it and goes on."""
    task, target = asyncio.current_task(), _current.get()
    return bool(task and task.cancelling()) or bool(target and target.is_interrupted)


class Wait:
    """A wait of the user's code without ``await``, during which the event loop runs."""

    def __init__(self) -> None:
        self.target = _current.get()
        self.is_main = self.target is not None and _is_current(self.target.task)
        self.is_ended = False
        self.over = asyncio.Event()

    def __enter__(self) -> Wait:
        _waits.append(self)
        return self

    def __exit__(self, *_: object) -> None:
        _waits.remove(self)

    def end(self) -> None:
        self.is_ended = True
        self.over.set()


_waits: list[Wait] = []


def _end_waits(target: Target) -> bool:
    """End the waits of an execution. Return whether its task itself was in one of them."""
    ended = [wait for wait in _waits if wait.target is target and not wait.is_ended]
    for wait in ended:
        wait.end()
    return any(wait.is_main for wait in ended)


def _on_signal(_signal: int, frame: FrameType | None) -> None:
    if _host is None:
        raise KeyboardInterrupt
    number, key = map(int, _host.signalled().split())
    target = _targets.get(key) if key else _outside
    if target is None:
        return
    if not is_users(frame):
        # Without chance, a loop that is always at the same place when Python looks at the signal
        # would never be caught in the user's code.
        for _ in range(random.randrange(PERIOD)):
            pass
        _host.hold()
    elif target.strike(number):
        _tell(number)
        raise Interrupt


def _tell(number: int | None) -> None:
    if _host is not None and number:
        _host.took(number)


def _is_current(task: asyncio.Task[None] | None) -> bool:
    try:
        return task is not None and asyncio.current_task() is task
    except RuntimeError:  # no loop runs here
        return False
