"""What a cell's tasks, timers and callbacks write, whichever cell runs by then."""

from __future__ import annotations

import asyncio
import contextvars
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from runt_pyodide.notebook.bundle import HEAD
from tests.support.stages.python_notebook import Notebook
from tests.support.stages.python_page import Page

WAITING = """
import asyncio
if "gates" not in globals():
    gates = {}
async def wait(name, then):
    gates[name] = asyncio.Event()
    while True:
        await gates[name].wait()
        gates[name].clear()
        then()
def go(name):
    gates[name].set()
"""


async def test_tasks_of_two_cells_keep_apart_while_a_third_runs(notebook: Notebook) -> None:
    for name in "ab":
        source = f"task_{name} = asyncio.ensure_future(wait('{name}', lambda: print('{name}')))"
        await notebook.run(name, WAITING + source)
    await notebook.run("c", "print('begin')\nawait wait('c', lambda: 1 / 0)")
    for _ in range(3):
        await notebook.do("go", "a")
        await notebook.do("go", "b")
    assert [notebook.text(name) for name in "abc"] == ["a\n" * 3, "b\n" * 3, "begin\n"]
    await notebook.agent.interrupt()


LATE = {
    "timer": "asyncio.get_running_loop().call_later(0, {})",
    "callback": "asyncio.get_running_loop().call_soon({})",
    "task": "async def t():\n    await asyncio.sleep(0)\n    {}()\nasyncio.ensure_future(t())",
    "done": "f = asyncio.Future()\nf.add_done_callback(lambda _: {}())\nf.set_result(1)",
}


@pytest.mark.parametrize("made", LATE.values(), ids=LATE)
async def test_what_comes_after_the_end_is_below_the_cell(notebook: Notebook, made: str) -> None:
    shown = "def show():\n    print('late')\n    display('shown')\n    sys.stderr.write('bad')\n"
    await notebook.run("c", f"import asyncio, sys\n{shown}{made.format('show')};")
    kinds = [(one.kind, one.text) for one in notebook.outputs("c")]
    assert kinds == [("terminal", "late\n"), ("display", ""), ("terminal", "bad")]
    (entry,) = notebook.agent.notebook.executions.values()
    assert entry.outcome == "success"


async def test_an_error_that_nobody_waits_for_is_below_the_cell(notebook: Notebook) -> None:
    source = (
        "import asyncio\ndef fail():\n    1 / 0\nasyncio.get_running_loop().call_later(0, fail);"
    )
    await notebook.run("c", source)
    lines = notebook.text("c").splitlines()
    assert lines[0].endswith("raised an error, and nothing was waiting for it:")
    assert lines[-1] == "ZeroDivisionError: division by zero"
    assert 'File "Cell In[1]", line 3, in fail' in notebook.text("c")
    assert "asyncio/" not in notebook.text("c").replace("\\", "/").split("line 3")[1]


async def test_a_task_says_whose_it_is(notebook: Notebook) -> None:
    await notebook.run(
        "c", "import contextvars, asyncio\ncontext = contextvars.copy_context()\nNone"
    )
    context: contextvars.Context = sys.modules["__main__"].context
    task = SimpleNamespace(get_context=lambda: context)
    loop = asyncio.get_running_loop()
    loop.call_exception_handler({"task": task, "exception": ValueError("no"), "message": ""})
    await notebook.settle()
    assert notebook.text("c").endswith("ValueError: no\n")


async def test_a_future_that_is_forgotten_while_another_cell_runs_says_whose_it_is(
    notebook: Notebook,
) -> None:
    forgotten = (
        "import asyncio, gc\nfuture = asyncio.Future()\ntry:\n    1 / 0\n"
        "except Exception as error:\n    future.set_exception(error)"
    )
    await notebook.run("a", forgotten)
    await notebook.run("b", "del future\ngc.collect();")
    assert notebook.text("b") == ""
    assert notebook.text("a").endswith("ZeroDivisionError: division by zero\n")


async def test_what_is_nobodys_is_reported_as_before(page: Page) -> None:
    told: list[Any] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, about: told.append(about))
    await page.run("1")
    about = {"exception": ValueError("no"), "message": "never retrieved"}
    loop.call_exception_handler(about)
    assert told == [about]
    assert len(page.events) == 1


PRINTER = WAITING + "\ntask = asyncio.ensure_future(wait('a', lambda: print('late')))"


@pytest.mark.parametrize("how", ["again", "delete", "stop"])
async def test_what_comes_from_a_cell_that_is_over_is_dropped(notebook: Notebook, how: str) -> None:
    await notebook.run("a", PRINTER)
    if how == "again":
        await notebook.run("a", "print('new')")
    elif how == "delete":
        notebook.receive(("v1.CellDeleted", {"id": "a"}))
    else:
        await notebook.agent.stop()
    await notebook.do("go", "a")
    assert notebook.text("a") == ("new\n" if how == "again" else "")


async def test_outputs_that_were_cleared_begin_anew(notebook: Notebook) -> None:
    await notebook.run("a", PRINTER)
    await notebook.do("go", "a")
    clear = {"cellId": "a", "wait": False, "clearedBy": "me"}
    notebook.receive(("v1.CellOutputsCleared", clear))
    assert notebook.text("a") == ""
    await notebook.do("go", "a")
    assert notebook.text("a") == "late\n"


@pytest.mark.parametrize("what", ["print(text, end='')", "display(text)"])
async def test_late_outputs_are_bounded(notebook: Notebook, what: str) -> None:
    source = f"text = 'x' * 100_000\ntask = asyncio.ensure_future(wait('a', lambda: {what}))"
    await notebook.run("a", WAITING + source)
    for _ in range(30):
        await notebook.do("go", "a")
    shown = "".join(output.text + str(output.bundle) for output in notebook.outputs("a"))
    assert HEAD * 0.8 < shown.count("x") < HEAD * 1.1
    assert shown.count("is left out]") == 1


async def test_bytes_of_two_cells_keep_apart(notebook: Notebook) -> None:
    for name in "ab":
        source = f"asyncio.ensure_future(wait('{name}', lambda: put('{name}')));"
        put = "import sys\npieces = {'a': [b'\\xc3', b'\\xa4'], 'b': [b'\\xc3', b'\\xb6']}\n"
        put += "def put(name):\n    sys.stdout.buffer.write(pieces[name].pop(0))\n"
        await notebook.run(name, WAITING + put + source)
    for name in "abab":
        await notebook.do("go", name)
    assert [notebook.text(name) for name in "ab"] == ["ä", "ö"]
