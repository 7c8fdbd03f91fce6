"""Functions that JavaScript calls back: whose they are. JavaScript itself is in
tests/browser/test_python.py."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from contextvars import Context
from functools import partial
from typing import Any

import pytest

from runt_pyodide.python import callbacks
from runt_pyodide.python.callbacks import keep_cell, show_uncaught
from tests.support.stages.python_notebook import Notebook

KEEP = (
    "from functools import lru_cache, partial, partialmethod, singledispatch\n"
    "from runt_pyodide.python.callbacks import keep_cell\n"
)
SHOW = "def show(*args):\n    print('late', *args)\n"
MADE = {
    "a function": "show",
    "a function of no cell": "print",
    "a lambda": "lambda *args: print('late', *args)",
    "a partial": "partial(show, 1)",
    "a partial of no cell": "partial(print, 1)",
    "a method": "Box().show",
    "a class method": "Box.make",
    "a static method": "Box.static",
    "a partial method": "Box().first",
    "an object": "Box()",
    "an object with slots": "Slots()",
    "a class": "Box",
    "a remembered function": "lru_cache(show)",
    "a function by type": "singledispatch(show)",
    "a wrapper of a method": "show.__call__",
    "a generator": "begun(printer())",
}
BOX = """
class Box:
    def __init__(self, *args):
        print('late', *args)
    def show(self, *args):
        print('late', *args)
    first = partialmethod(show, 1)
    @classmethod
    def make(cls, *args):
        print('late', *args)
    @staticmethod
    def static(*args):
        print('late', *args)
    __call__ = show

class Slots:
    __slots__ = ()
    def __call__(self, *args):
        print('late', *args)

def printer():
    while True:
        print('late', (yield))

def begun(generator):
    next(generator)
    return generator.send
"""


def called_back(name: str = "made", *args: Any) -> Any:
    """Call what a cell has made as JavaScript does: without a context."""
    return Context().run(getattr(sys.modules["__main__"], name), *args)


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
async def test_a_callback_writes_below_the_cell_that_made_it(notebook: Notebook, made: str) -> None:
    await notebook.run("helper", KEEP + SHOW + BOX)
    await notebook.run("c", f"made = keep_cell({made});")
    await notebook.run("other", "made('called');")
    called_back("made", "back")
    await notebook.settle()
    assert notebook.text("helper") == ""
    assert notebook.text("c").endswith("back\n")
    assert notebook.text("other").endswith("called\n")


async def test_while_another_cell_runs_and_within_itself(notebook: Notebook) -> None:
    again = "def made(n):\n    print(n)\n    n and called_back('kept', n - 1)\n"
    await notebook.run("c", f"{KEEP}{again}kept = keep_cell(made);")
    vars(sys.modules["__main__"]).update(called_back=called_back)
    await notebook.run("other", "called_back('kept', 2)\nprint('other')")
    assert (notebook.text("c"), notebook.text("other")) == ("2\n1\n0\n", "other\n")


async def test_without_a_wrapper_the_code_tells_whose_it_is(notebook: Notebook) -> None:
    await notebook.run("c", SHOW)
    await notebook.run("d", "def outer():\n    show('by d')")
    await notebook.run("other", "import asyncio\nawait asyncio.Event().wait()")
    called_back("show", "by c")
    called_back("outer")
    await notebook.agent.interrupt()
    await notebook.settle()
    assert notebook.text("other") == ""
    assert (notebook.text("c"), notebook.text("d")) == ("late by c\n", "late by d\n")


async def test_a_coroutine_runs_in_the_cell_s_context(notebook: Notebook) -> None:
    source = (
        "import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    print('late')\n    1 / 0\n"
    )
    await notebook.run("helper", source)
    await notebook.run("c", f"{KEEP}made = keep_cell(f);")
    task = called_back()
    await notebook.settle()
    assert notebook.text("c") == "late\n"
    assert isinstance(task.exception(), ZeroDivisionError)


@pytest.fixture(autouse=True)
def last_exc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "last_exc", None, raising=False)


def uncaught(call: Callable[[], object]) -> tuple[int, str]:
    """What JavaScript is told of the error that a call raises."""
    try:
        call()
    except ArithmeticError as error:
        vars(sys)["last_exc"] = error  # as Pyodide does
        return id(error), traceback.format_exc()
    raise AssertionError("it raised nothing")


@pytest.mark.parametrize("is_last", [True, False])
async def test_an_error_that_nothing_caught_is_below_the_cell(
    notebook: Notebook, is_last: bool
) -> None:
    await notebook.run("helper", "def fail():\n    1 / 0")
    await notebook.run("c", f"{KEEP}made = keep_cell(fail);")
    told = uncaught(called_back)
    if not is_last:
        vars(sys)["last_exc"] = ValueError("a later one")
    assert show_uncaught(*told, hidden=[])
    await notebook.settle()
    assert notebook.text("helper") == ""
    lines = notebook.text("c").splitlines()
    assert lines[0].endswith("raised an error, and nothing was waiting for it:")
    assert lines[-1] == "ZeroDivisionError: division by zero"
    assert 'File "Cell In[1]", line 2, in fail' in notebook.text("c")


async def test_an_error_of_a_function_without_a_wrapper(notebook: Notebook) -> None:
    await notebook.run("c", "def fail():\n    1 / 0")
    assert show_uncaught(*uncaught(partial(called_back, "fail")), hidden=[])
    await notebook.settle()
    assert notebook.text("c").endswith("ZeroDivisionError: division by zero\n")


def test_what_is_no_cell_s() -> None:
    assert keep_cell(print) is print
    assert not show_uncaught(*uncaught(lambda: 1 / 0), hidden=[])


def test_an_error_at_the_address_of_one_that_is_gone_is_not_taken_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address, text = uncaught(lambda: 1 / 0)
    monkeypatch.setattr(callbacks, "_raised", [(address, object())])
    assert not show_uncaught(address, text, hidden=[])
