"""The outputs of one execution of a Python cell, for all that the cell starts.

A context variable carries them. Tasks, timers and callbacks of asyncio run in a copy of the context
in which they were made, so what they print, show or raise comes below their own cell: while another
cell runs, and after their own has ended.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context, ContextVar
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
_NOBODY_WAITED = "A task or callback of this cell raised an error, and nothing was waiting for it:"


class CellOutputs:
    """The outputs of an execution: of the cell's code, and after its end of what it started."""

    def __init__(self, run: Run) -> None:
        self._run = run
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


def current_outputs() -> CellOutputs | None:
    """Return the outputs of the cell whose code this is, or else of the cell that runs: JavaScript
    calls its callbacks without a context. Return None if there is neither."""
    return _own.get() or (_running[-1] if _running else None)


def show_unhandled_errors(loop: asyncio.AbstractEventLoop, hidden: Sequence[str]) -> None:
    """Print what a cell's tasks and callbacks raise below the cell, if nothing waits for it;
    ``hidden`` as in ``format_lines``. What belongs to no cell is reported as before."""
    before = loop.get_exception_handler()

    def show(loop: asyncio.AbstractEventLoop, about: dict[str, Any]) -> None:
        outputs, error = _owner_of(about), about.get("exception")
        if outputs is not None and isinstance(error, BaseException):
            lines = [_NOBODY_WAITED, *format_lines(error, hidden)]
            outputs.print("stderr", "\n".join(lines) + "\n")
        elif before is not None:
            before(loop, about)
        else:
            loop.default_exception_handler(about)

    loop.set_exception_handler(show)


def _owner_of(about: dict[str, Any]) -> CellOutputs | None:
    """Return the outputs of the cell that made what the event loop tells ``about``. Pyodide's loop
    tells it in the context of the task, but does not name the task."""
    task: Any = about.get("task")
    if hasattr(task, "get_context"):  # since Python 3.12
        context = task.get_context()
    else:
        context = getattr(about.get("handle"), "_context", None)
    return context.get(_own) if isinstance(context, Context) else _own.get()
