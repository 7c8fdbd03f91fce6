"""The debugger of cells: ``breakpoint()``, ``%debug`` and ``%pdb`` ask for their commands as
``input()`` asks. Importing this imports IPython."""

# IPython annotates only some of its functions.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import inspect
import linecache
import pdb
from types import FrameType
from typing import Any

from IPython.core.debugger import Pdb

# What runs the code of cells. Whoever steps out of a cell wants to see none of it.
_OUTSIDE = ("IPython", "runt_pyodide", "asyncio", "pyodide")


class Debugger(Pdb):
    """IPython's debugger, for code that has no file.

    It follows its own thread state only: Python's default follows everything in the interpreter,
    such as the event loop, which runs while the person types.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if "backend" in inspect.signature(pdb.Pdb.__init__).parameters:  # since Python 3.14
            kwargs.setdefault("backend", "settrace")
        super().__init__(*args, **kwargs)

    def user_return(self, frame: FrameType, return_value: object) -> None:
        """Ask at the end of a function, and go on without questions from the end of the cell."""
        super().user_return(frame, return_value)
        caller = frame.f_back.f_globals.get("__name__", "") if frame.f_back else _OUTSIDE[0]
        if caller.partition(".")[0] in _OUTSIDE:
            self.set_continue()

    def canonic(self, filename: str) -> str:
        """Return the name of a file; that of a cell's code is no path."""
        return filename if filename in linecache.cache else super().canonic(filename)
