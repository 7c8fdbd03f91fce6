"""What JavaScript calls back: functions for timers, events, promises.

JavaScript calls them without a context, after the cell that made them has ended or while another
one runs. ``keep_cell`` lets them carry their cell's context, as asyncio's own callbacks do. What
reaches JavaScript in another way, such as a function that is set as an attribute, is found by its
code: see ``outputs.current_outputs``.
"""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections import deque
from collections.abc import Callable, Sequence
from contextvars import Context, copy_context
from typing import Any

from ..execution.stack import shared
from .outputs import CellOutputs, belongs_to_cell, current_outputs, maker_of
from .tracebacks import format_lines

# With one of these, JavaScript does more with an object than call it and read its attributes.
_MORE = ("__len__", "__getitem__", "__contains__", "__iter__", "__next__", "__aiter__", "__await__")
_REMEMBERED = 100
# Where an error that a callback has raised keeps whose it is.
_OUTPUTS = "__runt_outputs__"

_raised: deque[tuple[int, CellOutputs]] = deque(maxlen=_REMEMBERED)
"""The addresses of the errors that callbacks raised last, and whose they are."""


@shared
def keep_cell(callback: Any) -> Any:
    """Return what can be called, whatever it is, as JavaScript is to call it, so that it belongs to
    the cell whose code is running now. Anything else, and what no cell made, is returned as it
    is."""
    is_more = any(hasattr(type(callback), name) for name in _MORE)
    if not callable(callback) or is_more or not belongs_to_cell():
        return callback
    return _Kept(callback, copy_context())


class _Kept:
    """Something to call, in the context of the cell that gave it to JavaScript; in all else it is
    what it is."""

    __slots__ = ("_callback", "_context")
    _callback: Callable[..., Any]
    _context: Context

    def __init__(self, callback: Callable[..., Any], context: Context) -> None:
        object.__setattr__(self, "_callback", callback)
        object.__setattr__(self, "_context", context)

    @shared
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if belongs_to_cell():  # code of a cell calls it, by way of JavaScript
            return self._callback(*args, **kwargs)
        # A context can be entered only once at a time, and JavaScript may call within a call.
        return self._context.copy().run(_call, self._callback, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._callback, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._callback, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._callback, name)

    def __dir__(self) -> list[str]:
        return dir(self._callback)

    def __repr__(self) -> str:
        return repr(self._callback)

    def __eq__(self, other: object) -> bool:
        return bool(self._callback == (other._callback if type(other) is _Kept else other))

    def __hash__(self) -> int:
        return hash(self._callback)


@shared
def _call(callback: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    try:
        result = callback(*args, **kwargs)
    except BaseException as error:
        if (outputs := current_outputs()) is not None:
            _raised.append((id(error), outputs))
            vars(error)[_OUTPUTS] = outputs
        raise
    # Pyodide would begin the task later, and without this context.
    return asyncio.ensure_future(result) if inspect.iscoroutine(result) else result


def show_uncaught(address: int, text: str, hidden: Sequence[str]) -> bool:
    """Show an error of Python's that nothing in JavaScript caught, below the cell that made the
    callback. Return whether there is such a cell.

    JavaScript knows the ``address`` of the error and its traceback as ``text``; ``hidden`` as in
    ``format_lines``.
    """
    error = getattr(sys, "last_exc", None)
    if not isinstance(error, BaseException) or id(error) != address:
        error = None
    # An address is that of another error once the first is gone, so an error that is there tells.
    known = (outputs for raised, outputs in reversed(_raised) if raised == address)
    told = next(known, None) if error is None else vars(error).get(_OUTPUTS)
    outputs = told or maker_of(error)
    if outputs is None:
        return False
    outputs.report(format_lines(error, hidden) if error else text.rstrip("\n").split("\n"))
    return True
