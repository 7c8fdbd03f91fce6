"""Turns what a cell's code raised into the error that the execution ends with."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from traceback import TracebackException

from ..errors import CellError
from ..notebook.bundle import clean_text, safe_str, shorten
from .system.lacking import advice_on_module, is_refusal

_DEEPEST_GROUP = 30
# The standard library, of which a refusal needs no frames.
_LIBRARY = (str(Path(linecache.__file__).parent), "<frozen ")


def build_error(
    error: BaseException, hidden: Sequence[str], unloaded: Collection[str] = ()
) -> CellError:
    """Return the CellError for what a cell's code raised; ``hidden`` as in ``format_lines``, and
    ``unloaded`` are the modules of which it has been told why they are not there."""
    ename, evalue = type(error).__name__, safe_str(error)
    message = f"{ename}: {evalue}" if evalue else ename
    lines = format_lines(error, hidden)
    advice = _advise(error, unloaded)
    if advice:
        lines.append(advice)
    return CellError(
        shorten(message), advice=advice, ename=ename, evalue=shorten(evalue), traceback=lines
    )


def _advise(error: BaseException, unloaded: Collection[str]) -> str:
    """Return what to do about a module that is not installed, or "" for other errors."""
    if not isinstance(error, ModuleNotFoundError) or not isinstance(error.name, str):
        return ""
    package = clean_text(error.name.partition(".")[0])
    if sys.modules.get(package) is not None or not package or package in unloaded:
        return ""
    return advice_on_module(error) or f"Install it in a cell: %pip install {package}"


def format_lines(
    error: BaseException, hidden: Sequence[str], *, last_only: bool = False
) -> list[str]:
    """Return the lines of Python's own traceback, without the frames of files whose paths start
    with one of ``hidden``; with ``last_only`` only what was raised, not where."""
    if isinstance(error, SyntaxError) and error.text is None and error.filename and error.lineno:
        # Code that parses but does not compile, such as a return outside a function, has no frames.
        error.text = linecache.getline(error.filename, error.lineno) or None
    report = _report(error)
    if is_refusal(error):
        report.__context__, hidden = None, (*hidden, *_LIBRARY)
    _hide_frames(report, tuple(hidden))
    # If no frame is the user's, leave the traceback out rather than show an empty one.
    whole = bool(report.stack) and not last_only
    text = "".join(report.format() if whole else report.format_exception_only())
    return shorten(clean_text(text)).rstrip("\n").split("\n")


def _report(error: BaseException) -> TracebackException:
    """Return Python's report; of groups nested so deep that it would take all of the stack, only
    that of the outermost."""
    groups, depth = [error], 0
    while groups and depth < _DEEPEST_GROUP:
        inner = [one.exceptions for one in groups if isinstance(one, BaseExceptionGroup)]
        groups, depth = [one for each in inner for one in each], depth + 1
    if not groups:
        return TracebackException.from_exception(error)
    said = f"{safe_str(error)}; its groups are nested too deep to be shown"
    return TracebackException(type(error), Exception(said), error.__traceback__)


def _hide_frames(report: TracebackException, hidden: tuple[str, ...]) -> None:
    waiting = [report]
    while waiting:
        one = waiting.pop()
        one.stack[:] = [frame for frame in one.stack if not frame.filename.startswith(hidden)]
        related = (one.__cause__, one.__context__, *(one.exceptions or ()))
        waiting += [other for other in related if other is not None]
