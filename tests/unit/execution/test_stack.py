"""The stack says whose code is running."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Thread

import pytest

from runt_pyodide.execution import stack
from runt_pyodide.execution.stack import (
    is_users,
    look_for_signal,
    run_reader,
    run_step,
    run_users,
    shared,
)
from tests.support.frames import as_code_of

OURS = f"{Path(stack.__file__).parents[1]}/notebook/writer.py"
CELL = "Cell In[3]"
LIBRARY = "/lib/site-packages/numpy/core.py"
IPYTHON = "/lib/site-packages/IPython/core/interactiveshell.py"
PYODIDE = "/lib/python313.zip/pyodide/webloop.py"
SCRIPT = "/home/pyodide/script.py"
LOOP = asyncio.events.__file__
USERS, READER, STEP = run_users, run_reader, run_step
SHARED = shared(lambda call: call())


@pytest.mark.parametrize(
    ("callers", "theirs"),
    [
        ((OURS, STEP, CELL), True),
        ((OURS, STEP, CELL, LIBRARY), True),
        ((OURS, STEP, IPYTHON, CELL, IPYTHON, LIBRARY), True),  # a display
        ((OURS, STEP, IPYTHON), False),  # between the lines of a cell
        ((OURS, STEP, CELL, OURS, USERS, IPYTHON, SCRIPT), True),  # %run
        ((OURS, PYODIDE, SCRIPT), False),
        ((PYODIDE, SCRIPT), True),  # a callback that a module of one's own made
        ((PYODIDE,), False),
        ((OURS, USERS, IPYTHON), True),  # a long cell is read
        ((OURS, USERS, LIBRARY), True),  # a figure is drawn
        ((CELL, OURS), False),  # print
        ((CELL, OURS, LIBRARY), False),  # what print calls
        ((CELL, OURS, CELL), True),  # a repr that print calls
        ((CELL, SHARED), True),  # a sleep in slices
        ((OURS, SHARED), False),
        ((LOOP, CELL), True),  # a task that a cell has left
        ((LOOP, LIBRARY), True),
        ((LOOP,), False),
        ((OURS,), False),
        ((OURS, LOOP), False),
        ((OURS, LIBRARY), False),
        ((OURS, LIBRARY, LOOP), False),
        ((OURS, READER, OURS, SCRIPT), True),  # the text of an error
        ((OURS, READER, OURS, LOOP, OURS, SCRIPT), True),
        ((OURS, READER, OURS), False),
        ((OURS, READER, OURS, LOOP), False),
        ((OURS, READER, CELL, OURS, SCRIPT), False),  # what print calls, in a repr
    ],
)
def test_whose_code_runs(callers: tuple[str | Callable[..., object], ...], theirs: bool) -> None:
    seen: list[bool] = []

    def look() -> None:
        seen.append(is_users(sys._getframe(1)))

    call: Callable[[], object] = look
    for caller in reversed(callers):
        call = as_code_of(caller, call) if isinstance(caller, str) else partial(caller, call)
    # In a thread, below which there is nothing but the standard library.
    thread = Thread(target=call)
    thread.start()
    thread.join()
    assert seen == [theirs]


def test_a_look_for_the_signal_is_interrupted_as_its_caller_would_be() -> None:
    assert look_for_signal.__code__ in stack._shared
