"""Whose code is running: the user's, or the runtime's own. The stack tells."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")

_CELLS = "Cell In["
"""How the names of cells' code begin."""
_OURS = f"{Path(__file__).parents[1]}{os.sep}"
_STANDARD = f"{Path(os.__file__).parent}{os.sep}"
_SHELLS = re.compile(r"[\\/](\w+-packages|\w+\.zip)[\\/](IPython|pyodide|_pyodide)[\\/]")
"""Modules of these packages, and not a person's own files, which are in /home/pyodide."""

PERIOD = 50
"""Pyodide looks for a signal every so many steps of the interpreter."""

_shared: set[CodeType] = set()


def shared(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Mark a function of the runtime that is interrupted as the code that called it would be."""
    _share(function.__code__)
    return function


def _share(code: CodeType) -> None:
    _shared.add(code)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            _share(constant)


@shared
def look_for_signal() -> None:
    """Take as many steps as it takes until the interpreter looks for a signal."""
    for _ in range(PERIOD):
        pass


def run_users(call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Call the user's code, or code that is long at work for the user: all of it may be
    interrupted."""
    return call(*args, **kwargs)


def run_reader(read: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Call what reads the user's values for the runtime: what it calls in its turn, such as a repr,
    is the user's, and may be interrupted."""
    return read(*args, **kwargs)


def run_step(step: Callable[[], _T]) -> _T:
    """Run a step of a shell that runs the user's code: only the user's may be interrupted."""
    return step()


def is_users(frame: FrameType | None) -> bool:
    """Return whether the code of a frame is the user's, or a library's that works for it."""
    is_library = False
    while frame is not None:
        code, name = frame.f_code, frame.f_code.co_filename
        if name.startswith(_CELLS) or code is run_users.__code__:
            return True
        if code is run_step.__code__:
            return is_library
        if code in _shared:
            is_library = True
        elif name.startswith(_OURS):
            return is_library and _is_reader(frame)
        elif not _runs_others(name):
            is_library = True
        frame = frame.f_back
    return is_library


def _is_reader(frame: FrameType | None) -> bool:
    """Return whether the runtime is reading values in this frame, by ``run_reader``."""
    while frame is not None and frame.f_code is not run_reader.__code__:
        name = frame.f_code.co_filename
        if not (name.startswith(_OURS) or _runs_others(name)):
            return False
        frame = frame.f_back
    return frame is not None


def _runs_others(name: str) -> bool:
    """Return whether a file is of what runs everybody's code: the standard library, and with it
    asyncio; Pyodide; IPython."""
    is_standard = name.startswith(_STANDARD) and "site-packages" not in name
    return is_standard or name.startswith("<frozen") or _SHELLS.search(name) is not None
