"""The outputs of one execution of a Python cell, for all that the cell starts.

A context variable carries them. Tasks, timers and callbacks of asyncio run in a copy of the context
in which they were made, so what they print, show or raise comes below their own cell: while another
cell runs, and after their own has ended. So do functions that JavaScript calls (see ``callbacks``).
Where there is no context, the code that runs tells which cell it is of.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context, ContextVar
from types import FrameType
from typing import Any

from ..execution.run import Run
from ..notebook.bundle import HEAD, clean_text
from ..notebook.events import Bundle, StreamName
from ..notebook.writer import OutputWriter
from .kernel.next_input import NextInput
from .streams import PrintedText
from .tracebacks import format_lines

_EVENT = 100  # characters that an event counts beside its content
_LEFT_OUT = "\n[What this cell's tasks write from here on is left out]\n"
_NUMBER = re.compile(r"Cell In\[(\d+)\]")  # in the names of cells' code
_NOBODY_WAITED = "A task or callback of this cell raised an error, and nothing was waiting for it:"


class CellOutputs:
    """The outputs of an execution: of the cell's code, and after its end of what it started."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self.number = run.execution_count
        self._printed = PrintedText(run.writer.stream)
        self._next_input = NextInput(run)
        self._late: _LateOutputs | None = None

    def print(self, name: StreamName, text: str) -> None:
        """Add text of a stream."""
        if self._late is None:
            self._printed.add(name, text)
        else:
            self._late.print(name, text)

    def result(self, bundle: Bundle) -> None:
        """Add the value of the last expression."""
        self._write(lambda writer: writer.result(bundle, self._run.execution_count), bundle)

    def display(self, bundle: Bundle, display_id: str | None) -> None:
        """Add a display."""
        self._write(lambda writer: writer.display(bundle, display_id), bundle)

    def update_display(self, display_id: str, bundle: Bundle) -> None:
        """Replace what the displays with this id show."""
        self._write(lambda writer: writer.update_display(display_id, bundle), bundle)

    def clear(self, wait: bool) -> None:
        """Clear the outputs, now or when the next one is added (``wait``)."""
        self._printed.clear()
        self._write(lambda writer: writer.clear(self._run.session_id, wait=wait), {})

    def report(self, lines: Sequence[str]) -> None:
        """Print an error that nothing waited for."""
        self.print("stderr", "\n".join((_NOBODY_WAITED, *lines)) + "\n")

    def set_next_input(self, text: str, *, replace: bool) -> None:
        """Let the cell's success put this text in place of its source, or in a new cell below."""
        self._next_input.set(text, replace=replace)
        if self._late is not None and self._run.reopen() is not None:
            self._next_input.write()

    def write_next_input(self) -> None:
        """Put the text that the cell's code has set where it belongs."""
        self._next_input.write()

    @contextmanager
    def open(self) -> Iterator[None]:
        """Within this, the cell's code runs. What comes afterwards is bounded more strictly."""
        token = _own.set(self)
        _running.append(self)
        _latest.pop(self._run.cell.id, None)
        _latest[self._run.cell.id] = self
        try:
            yield
        finally:
            _running.remove(self)
            _own.reset(token)
            self._printed.finish()
            self._late = _LateOutputs(self._run.reopen)

    def _write(self, write: Callable[[OutputWriter], object], bundle: Bundle) -> None:
        if self._late is None:
            write(self._run.writer)
        else:
            self._late.write(write, bundle)


class _LateOutputs:
    """What comes after the end of an execution: as much as ``HEAD`` characters, then a line that
    says that the rest is left out. ``reopen`` returns the writer, or None if the cell has run again
    or is gone: then everything is dropped."""

    def __init__(self, reopen: Callable[[], OutputWriter | None]) -> None:
        self._reopen = reopen
        self._room = HEAD

    def print(self, name: StreamName, text: str) -> None:
        if (writer := self._open()) is not None:
            writer.stream(name, clean_text(text[: self._room]))
            self._take(writer, len(text))

    def write(self, write: Callable[[OutputWriter], object], bundle: Bundle) -> None:
        if (writer := self._open()) is not None:
            size = _EVENT + sum(len(json.dumps(one.model_dump())) for one in bundle.values())
            if size <= self._room:
                write(writer)
            self._take(writer, size)

    def _open(self) -> OutputWriter | None:
        return self._reopen() if self._room >= 0 else None

    def _take(self, writer: OutputWriter, size: int) -> None:
        self._room -= size
        if self._room < 0:
            writer.stream("stderr", _LEFT_OUT)


_own: ContextVar[CellOutputs | None] = ContextVar("cell_outputs", default=None)
_running: list[CellOutputs] = []
_latest: dict[str, CellOutputs] = {}
"""The outputs of each cell's last execution, by the cell's id."""


def belongs_to_cell() -> bool:
    """Return whether the context in which this is called is that of a cell."""
    return _own.get() is not None


def current_outputs() -> CellOutputs | None:
    """Return the outputs of the cell whose code this is, or else of the cell that runs. Return None
    if there is neither."""
    if (own := _own.get()) is not None:
        return own
    return _find_by_code(sys._getframe(1)) or (_running[-1] if _running else None)


def maker_of(error: BaseException | None) -> CellOutputs | None:
    """Return the outputs of the cell whose code raised an error, or let it through."""
    frames = traceback.walk_tb(error.__traceback__) if error is not None else ()
    return _of_number(next(filter(None, (_number_of(frame) for frame, _ in frames)), None))


def show_unhandled_errors(loop: asyncio.AbstractEventLoop, hidden: Sequence[str]) -> None:
    """Print what a cell's tasks and callbacks raise below the cell, if nothing waits for it;
    ``hidden`` as in ``format_lines``. What belongs to no cell is reported as before."""
    before = loop.get_exception_handler()

    def show(loop: asyncio.AbstractEventLoop, about: dict[str, Any]) -> None:
        outputs, error = _owner_of(about), about.get("exception")
        if outputs is not None and isinstance(error, BaseException):
            outputs.report(format_lines(error, hidden))
        elif before is not None:
            before(loop, about)
        else:
            loop.default_exception_handler(about)

    loop.set_exception_handler(show)


def _owner_of(about: dict[str, Any]) -> CellOutputs | None:
    """Return the outputs of the cell that made what the event loop tells ``about``. Pyodide's loop
    tells it in the context of the task, but does not name the task. Of a future that is forgotten
    it is told wherever that is noticed, so its error's code comes first."""
    future: Any = about.get("task") or about.get("future")
    if hasattr(future, "get_context"):  # a task's, since Python 3.12
        context = future.get_context()
    else:
        context = getattr(about.get("handle"), "_context", None)
    if isinstance(context, Context):
        return context.get(_own)
    return (maker_of(about.get("exception")) if future else None) or _own.get()


def _find_by_code(frame: FrameType | None) -> CellOutputs | None:
    """Return the outputs of the cell that the outermost of these frames is of, if one is."""
    number = None
    while frame is not None:
        number = _number_of(frame) or number
        frame = frame.f_back
    return _of_number(number)


def _number_of(frame: FrameType) -> int | None:
    found = _NUMBER.match(frame.f_code.co_filename)
    return int(found[1]) if found else None


def _of_number(number: int | None) -> CellOutputs | None:
    outputs = reversed(_latest.values()) if number is not None else ()
    return next((one for one in outputs if one.number == number), None)
