"""Functions that JavaScript calls back: for timers, events, promises.

JavaScript calls them without a context, after the cell that made them has ended or while another
one runs. ``keep_cell`` lets them carry their cell's context, as asyncio's own callbacks do. What
reaches JavaScript in another way, such as a function that is set as an attribute, is found by its
code: see ``outputs.current_outputs``.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import sys
from collections import deque
from collections.abc import Callable, Sequence
from contextvars import copy_context
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from ..execution.stack import shared
from .outputs import CellOutputs, belongs_to_cell, current_outputs, maker_of
from .tracebacks import format_lines

_FUNCTIONS = (BuiltinFunctionType, FunctionType, MethodType, functools.partial)
_REMEMBERED = 100

_raised: deque[tuple[int, CellOutputs]] = deque(maxlen=_REMEMBERED)
"""The addresses of the errors that callbacks raised last, and whose they are."""


@shared
def keep_cell(callback: Any) -> Any:
    """Return the function as JavaScript is to call it, so that it belongs to the cell whose code is
    running now. Anything else, and what no cell made, is returned as it is."""
    if not isinstance(callback, _FUNCTIONS) or not belongs_to_cell():
        return callback
    context = copy_context()

    @functools.wraps(callback)
    def call(*args: Any, **kwargs: Any) -> Any:
        if belongs_to_cell():  # code of a cell calls it, by way of JavaScript
            return callback(*args, **kwargs)
        # A context can be entered only once at a time, and JavaScript may call within a call.
        return context.copy().run(_call, callback, args, kwargs)

    return call


@shared
def _call(callback: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    try:
        result = callback(*args, **kwargs)
    except BaseException as error:
        if (outputs := current_outputs()) is not None:
            _raised.append((id(error), outputs))
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
    known = (outputs for raised, outputs in reversed(_raised) if raised == address)
    outputs = next(known, None) or maker_of(error)
    if outputs is None:
        return False
    outputs.report(format_lines(error, hidden) if error else text.rstrip("\n").split("\n"))
    return True
