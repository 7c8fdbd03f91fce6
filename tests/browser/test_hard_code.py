"""Code that makes it hard for the runtime: it is stopped wherever it hides, and breaks nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.support.browser.fixtures import NewContext
from tests.support.browser.runtime import (
    commit,
    completion,
    error_of,
    request,
    runtime_in,
    text_of,
    wait_for_output,
    wait_for_text,
)

SPIN = "while True: pass"
TOOLS = f"""
import asyncio
from runt_pyodide import tool
@tool(policy="auto")
def spin():
    {SPIN}
@tool(policy="auto")
async def wait():
    await asyncio.Event().wait()
@tool(policy="auto")
def leave(): raise SystemExit(3)
@tool(policy="auto")
def interrupt(): raise KeyboardInterrupt
"""
TEST = {
    "responses": [
        {
            "prompt": name,
            "turns": [{"tool_calls": [{"name": name}]}, {"text": "The tool has answered."}],
        }
        for name in ("spin", "wait", "leave", "interrupt")
    ]
}


@pytest.fixture(scope="module")
def page(new_shared_context: NewContext, site: str) -> Iterator[Page]:
    with runtime_in(new_shared_context(), site, test=TEST) as page:
        run(page, TOOLS)
        yield page


@pytest.fixture(autouse=True)
def lives_on(page: Page) -> Iterator[None]:
    """After each test the same Python runs the next cell."""
    session = page.evaluate("runtime.sessionId")
    yield
    assert run(page, "print('well')") == "well\n"
    assert page.evaluate("runtime.sessionId") == session


def run(page: Page, source: str) -> str:
    """Run a Python cell that succeeds; return what it printed."""
    cell, queue = request(page, source, "code")
    end = completion(page, queue)
    assert end["status"] == "success", end
    return text_of(page, cell)


def fail(page: Page, source: str) -> str:
    """Run a Python cell that fails; return its error."""
    cell, queue = request(page, source, "code")
    assert completion(page, queue)["status"] == "error"
    return str(error_of(page, cell)["ename"])


BUSY = {
    "the repr of a result": (
        f"class A:\n  def __repr__(self):\n    print('begun')\n    {SPIN}\nA()"
    ),
    "a rich repr": (
        f"class A:\n  def _repr_html_(self):\n    print('begun')\n    {SPIN}\ndisplay(A())"
    ),
    "a loop that only prints": "while True: print('begun')",
    "a display that is updated": (
        "h = display('begun', display_id=True)\ni = 0\nwhile True:\n  i += 1\n  h.update(i)"
    ),
    "a task": (
        f"async def f():\n  print('begun')\n  {SPIN}\nimport asyncio\nawait asyncio.gather(f())"
    ),
    "an async generator": (
        f"async def f():\n  yield 1\n  print('begun')\n  {SPIN}\nasync for _ in f(): pass"
    ),
    "a cell within the cell": f"get_ipython().run_cell('''print('begun')\\n{SPIN}''')\nprint('on')",
    "a cell magic": f"%%time\nprint('begun')\n{SPIN}",
    "a sort with a key": (
        "print('begun')\ndef key(x): return sum(range(10**5))\nsorted(range(10**6), key=key)"
    ),
    "a function of a library": (
        "import textwrap\nprint('begun')\nwhile True: textwrap.wrap('a b ' * 50)"
    ),
    "a context": (f"import contextlib\nwith contextlib.ExitStack():\n  print('begun')\n  {SPIN}"),
    "what its exception says": (
        f"class E(Exception):\n  def __str__(self):\n    {SPIN}\nprint('begun')\nraise E"
    ),
}


@pytest.mark.parametrize("where", BUSY)
def test_busy_code_is_stopped(page: Page, where: str) -> None:
    cell, queue = request(page, BUSY[where], "code")
    wait_for_output(page, cell)
    page.evaluate("runtime.interrupt()")
    assert completion(page, queue)["status"] == "cancelled"
    assert "on\n" not in text_of(page, cell)


def test_a_callback_that_runs_after_a_cell_is_stopped(page: Page) -> None:
    hook = (
        f"def hook():\n  ip.events.unregister('post_execute', hook)\n  print('begun')\n  {SPIN}\n"
    )
    cell, queue = request(
        page, f"ip = get_ipython()\n{hook}ip.events.register('post_execute', hook)", "code"
    )
    wait_for_output(page, cell)
    page.evaluate("runtime.interrupt()")
    assert completion(page, queue)["status"] == "cancelled"


def test_a_task_that_a_cell_has_left_is_stopped_by_the_cell_that_it_holds_up(page: Page) -> None:
    left = (
        f"import asyncio\nasync def f():\n  await asyncio.sleep(0.01)\n  print('begun')\n  {SPIN}\n"
    )
    cell, queue = request(page, f"{left}task = asyncio.create_task(f())", "code")
    assert completion(page, queue)["status"] == "success"
    wait_for_output(page, cell)
    held, queue = request(page, "print('never')", "code")
    cancelled = {"queueId": queue, "cellId": held, "cancelledBy": "me", "reason": "stopped"}
    commit(page, ("v1.ExecutionCancelled", cancelled))
    assert run(page, "print(task.cancelled())") == "True\n"


def test_a_completion_that_has_no_end_is_given_up(page: Page) -> None:
    run(page, f"class A:\n  def __dir__(self):\n    {SPIN}\na = A()")
    assert page.evaluate("runtime.complete('a.')")["status"] == "ok"


@pytest.mark.parametrize("error", ["KeyboardInterrupt", "SystemExit", "RecursionError"])
def test_a_repr_may_raise_anything(page: Page, error: str) -> None:
    source = f"class A:\n  def __repr__(self): raise {error}('no')\na = A()"
    run(page, source)
    cell, queue = request(page, "a", "code")
    assert completion(page, queue)["status"] == "success"
    [shown] = page.evaluate(
        """(cell) => events.filter(({ name, args }) =>
          name === "v1.MultimediaResultOutputAdded" && args.cellId === cell)
          .map(({ args }) => args.representations["text/plain"].data)""",
        cell,
    )
    assert shown == f"<A: its repr raised {error}: no>"


@pytest.mark.parametrize("error", ["KeyboardInterrupt", "SystemExit"])
@pytest.mark.parametrize(
    "source",
    [
        "raise {}",
        "class A:\n  def _repr_html_(self): raise {}\nA()",
        "import asyncio\nasync def f(): raise {}\nawait asyncio.gather(f())",
    ],
)
def test_what_code_raises_by_itself_is_no_stop(page: Page, source: str, error: str) -> None:
    assert fail(page, source.format(error)) == error


@pytest.mark.parametrize("error", ["KeyboardInterrupt", "SystemExit"])
def test_a_task_that_nobody_awaits_ends_nothing_but_itself(page: Page, error: str) -> None:
    source = f"import asyncio\nasync def f(): raise {error}\ntask = asyncio.create_task(f())\n"
    run(page, source + "asyncio.get_running_loop().call_soon(f().send, None)")
    assert run(page, "print(type(task.exception()).__name__)") == f"{error}\n"


@pytest.mark.parametrize("name", ["spin", "wait"])
def test_a_tool_that_never_returns_ends_with_its_run(page: Page, name: str) -> None:
    cell, queue = request(page, name)
    wait_for_output(page, cell)
    page.evaluate("runtime.interrupt()")
    assert completion(page, queue)["status"] == "cancelled"


@pytest.mark.parametrize("name", ["leave", "interrupt"])
def test_a_tool_that_ends_python_has_failed(page: Page, name: str) -> None:
    cell, queue = request(page, name)
    assert completion(page, queue)["status"] == "success"
    assert "The tool has answered." in text_of(page, cell)


def test_a_source_of_ten_megabytes(page: Page) -> None:
    assert run(page, f"text = '{'a' * 10_000_000}'\nprint(len(text))") == "10000000\n"


def test_what_a_callback_of_a_deleted_cell_writes_is_dropped(page: Page) -> None:
    source = (
        "import asyncio, js\nfrom pyodide.ffi import create_once_callable\nwritten = []\n"
        "def write(*_):\n  print('late')\n  display('late')\n  written.append(1)\n"
        "async def later():\n  await gate.wait()\n  write()\n"
        "gate = asyncio.Event()\nasyncio.create_task(later())\n"
        "js.kept = create_once_callable(write)\n"
    )
    cell, queue = request(page, source, "code")
    assert completion(page, queue)["status"] == "success"
    commit(page, ("v1.CellDeleted", {"id": cell}))
    more = "js.eval('setTimeout(() => kept())')\ngate.set()\n"
    more += "while len(written) < 2: await asyncio.sleep(0.01)"
    other, queue = request(page, more, "code")
    assert completion(page, queue)["status"] == "success"
    assert "late" not in text_of(page, cell) + text_of(page, other)


HELPERS = """
import asyncio, js
from functools import lru_cache
from pyodide.ffi import create_once_callable, create_proxy
from pyodide.ffi.wrappers import set_timeout
came = []
def late(name):
    print(name)
    came.append(name)
def fail(*_):
    came.append("error")
    raise ValueError("late")
async def task():
    late("begun")
    await asyncio.sleep(0.01)
    late("task")
class Object:
    name = "object"
    def __call__(self):
        late(self.name)
"""
CALLBACKS = """
js.setTimeout(create_once_callable(lambda: late("timer")), 300)
set_timeout(lambda: late("wrapped"), 300)
js.setTimeout(create_once_callable(fail), 300)
js.setTimeout(create_once_callable(task), 300)
js.setTimeout(create_once_callable(lru_cache(late)), 300, "remembered")
js.of_python = create_proxy(Object())
js.eval("setTimeout(() => of_python.name === 'object' && of_python(), 300)")
js.addEventListener("runt-test", create_proxy(lambda event: late("event")))
js.ontest = lambda: late("attribute")
js.Promise.resolve(1).then(lambda _: late("then"))
js.eval("setTimeout(() => { dispatchEvent(new Event('runt-test')); ontest(); }, 300)")
js.eval("setTimeout(() => { throw Error('of JavaScript') }, 300)")
"""


def test_what_javascript_calls_belongs_to_the_cell_that_made_it(page: Page) -> None:
    run(page, HELPERS)
    cell, queue = request(page, CALLBACKS, "code")
    assert completion(page, queue)["status"] == "success"
    # A sleep lets the event loop run, and with it the callbacks.
    assert run(page, "import time\nwhile len(came) < 10: time.sleep(0.01)") == ""
    names = ["timer", "wrapped", "begun", "task", "event", "attribute", "then"]
    names += ["remembered", "object"]
    # Text is collected for a while before it is sent.
    wait_for_text(page, cell, *(f"{name}\n" for name in names))
    shown = text_of(page, cell)
    assert "nothing was waiting for it:\nTraceback" in shown
    assert shown.count("ValueError: late\n") == 1


def test_what_is_written_to_the_numbers_of_the_streams_reaches_the_cell(page: Page) -> None:
    source = "import os, sys\nprint('a')\nos.write(1, b'b')\nsys.__stdout__.write('c');"
    assert run(page, source) == "a\nbc"
