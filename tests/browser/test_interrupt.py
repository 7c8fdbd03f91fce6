"""Stopping a busy Python, in the worker of a real page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from scripts.paths import SITE
from scripts.serve import serving
from tests.support.browser.runtime import (
    commit,
    completion,
    error_of,
    request,
    runtime_in,
    text_of,
    wait_for_output,
)

LOOP = "print('begun', flush=True)\nwhile True:\n    pass"
CANCELLED = {"cancelledBy": "me", "reason": "stopped by the user"}


@pytest.fixture
def isolated(shared_runtime: Page) -> Page:
    """The runtime of a page that is cross-origin isolated; shared, since it survives."""
    return shared_runtime


@pytest.fixture
def apart(context: BrowserContext) -> Iterator[Page]:
    """The runtime of a page that is not."""
    with serving(SITE, isolated=False) as address, runtime_in(context, address) as page:
        yield page


def run(page: Page, source: str) -> tuple[str, dict[str, object]]:
    """Run a Python cell; gives what it printed, and its end."""
    cell, queue = request(page, source, "code")
    end = completion(page, queue)
    return text_of(page, cell), end


def begin(page: Page, source: str) -> tuple[str, str]:
    """Run a Python cell until it has printed something; gives the ids of cell and execution."""
    cell, queue = request(page, source, "code")
    wait_for_output(page, cell)
    return cell, queue


def session_of(page: Page) -> str:
    session: str = page.evaluate("runtime.sessionId")
    return session


def test_a_busy_cell_is_interrupted_and_the_variables_stay(isolated: Page) -> None:
    page = isolated
    assert page.evaluate("crossOriginIsolated") is True
    assert run(page, "kept = 41")[1]["status"] == "success"
    session = session_of(page)
    _, queue = begin(page, LOOP)
    page.evaluate("runtime.interrupt()")
    assert completion(page, queue)["status"] == "cancelled"
    assert run(page, "print(kept + 1)")[0] == "42\n"
    assert session_of(page) == session


def test_a_cancellation_reaches_a_busy_cell_too_and_what_waits_is_run(isolated: Page) -> None:
    page, session = isolated, session_of(isolated)
    cell, queue = begin(page, LOOP)
    later = request(page, "print('next')", "code")
    commit(page, ("v1.ExecutionCancelled", {"queueId": queue, "cellId": cell, **CANCELLED}))
    assert completion(page, later[1])["status"] == "success"
    assert text_of(page, later[0]) == "next\n"
    assert session_of(page) == session


def test_code_that_catches_an_interrupt_goes_on_until_the_next(isolated: Page) -> None:
    page, session = isolated, session_of(isolated)
    source = (
        "print('begun', flush=True)\ntry:\n    while True: pass\n"
        "except BaseException: print('caught', flush=True)\nwhile True: pass"
    )
    cell, queue = begin(page, source)
    page.evaluate("void runtime.interrupt()")
    page.wait_for_function("late[0]?.isTaken")
    assert text_of(page, cell).startswith("begun\ncaught")
    assert "has caught the interrupt" in page.evaluate("late[0].reason")
    page.evaluate("runtime.interrupt()")
    assert completion(page, queue)["status"] == "cancelled"
    assert page.evaluate("late") == []
    assert session_of(page) == session


def test_an_awaiting_cell_is_stopped_at_once(isolated: Page) -> None:
    source = "import asyncio\nprint('begun', flush=True)\nawait asyncio.sleep(3600)"
    _, queue = begin(isolated, source)
    isolated.evaluate("runtime.interrupt()")
    assert completion(isolated, queue)["status"] == "cancelled"


@pytest.mark.parametrize(
    "waiting",
    [
        "time.sleep(3600)",
        "while True: time.sleep(0.01)",
        "while True: time.sleep(0)",
        "pyodide.ffi.run_sync(asyncio.sleep(3600))",
        "asyncio.get_event_loop().run_until_complete(asyncio.sleep(3600))",
        "for _ in range(10**9): sum(range(1000)); time.sleep(0.001)",
        "ask.sync('Hi')",
    ],
)
def test_a_wait_without_await_is_interrupted_and_its_code_can_clean_up(
    isolated: Page, waiting: str
) -> None:
    page, session = isolated, session_of(isolated)
    run(page, "import asyncio, time, pyodide.ffi\nkept, seen = 41, []")
    run(page, "from runt_pyodide import ask, configure\nconfigure('slow', type='test', delay=3600)")
    source = (
        "try:\n    print('begun', flush=True)\n"
        f"    {waiting}\n"
        "except KeyboardInterrupt:\n    seen.append('except')\n    raise\n"
        "finally:\n    seen.append('finally')"
    )
    _, queue = begin(page, source)
    page.evaluate("runtime.interrupt()")
    end = completion(page, queue)
    assert end["status"] == "cancelled", end
    assert run(page, "print(kept, seen)")[0] == "41 ['except', 'finally']\n"
    assert session_of(page) == session


def test_what_a_wait_raises_is_raised_in_the_cell(isolated: Page) -> None:
    source = "async def fail(): 1 / 0\nimport asyncio\nfrom pyodide.ffi import run_sync\n"
    source += "try: run_sync(fail())\nexcept ZeroDivisionError: print('caught')\n"
    text, end = run(isolated, source + "print(run_sync(asyncio.sleep(0, 5)))")
    assert (text, end["status"]) == ("caught\n5\n", "success")


def test_a_question_without_await_is_answered_also_from_a_recording(isolated: Page) -> None:
    source = """
from runt_pyodide import ask, configure, errors, record, replay

def shout(prompt):
    return ask.sync(prompt, context=False).upper()

configure("test", responses={"Hi": "Hello.", "Bye": "So long."})
with record("asked.json"):
    answers = [shout("Hi"), *map(shout, ["Bye", "Hi"])]
configure("test", responses=[{"pattern": "", "turns": [{"fault": 401}]}], strict=True)
with replay("asked.json", strict=True):
    print(answers == [shout("Hi"), shout("Bye"), shout("Hi")], answers)
try:
    shout("Hi")
except errors.AuthenticationError as error:
    print("refused", error.status)
"""
    text, end = run(isolated, source)
    assert (text, end["status"]) == (
        "True ['HELLO.', 'SO LONG.', 'HELLO.']\nrefused 401\n",
        "success",
    )


def test_a_repr_that_loops_is_stopped(isolated: Page) -> None:
    source = "class Endless:\n    def __repr__(self):\n        while True: pass\n"
    _, queue = begin(isolated, source + "print('begun', flush=True)\nEndless()")
    isolated.evaluate("runtime.interrupt()")
    assert completion(isolated, queue)["status"] == "cancelled"
    assert run(isolated, "print('well')")[0] == "well\n"


def test_an_expression_in_a_prompt_is_stopped(isolated: Page) -> None:
    source = "def endless():\n    print('begun', flush=True)\n    while True: pass"
    assert run(isolated, source)[1]["status"] == "success"
    cell, queue = request(isolated, "Tell me of {endless()}.", "ai")
    wait_for_output(isolated, cell)
    isolated.evaluate("runtime.interrupt()")
    assert completion(isolated, queue)["status"] == "cancelled"
    assert run(isolated, "print('well')")[0] == "well\n"


def test_without_isolation_a_stop_waits_until_somebody_restarts_python(apart: Page) -> None:
    page = apart
    assert page.evaluate("crossOriginIsolated") is False
    run(page, "lost = 1")
    session = session_of(page)
    cell, queue = begin(page, LOOP)
    waiting = request(page, "print('lost' in globals())", "code")
    page.evaluate("void runtime.interrupt()")
    page.wait_for_function("late.length")
    assert page.evaluate("late[0].cellId") == cell
    assert "not cross-origin isolated" in page.evaluate("late[0].reason")
    assert session_of(page) == session
    page.evaluate("runtime.restart()")
    end = completion(page, queue)
    assert end["status"] == "error"
    assert "variables are lost" in str(end["error"])
    assert completion(page, waiting[1])["status"] == "success"
    assert text_of(page, waiting[0]) == "False\n"
    assert session_of(page) != session
    # By a cancellation: the execution has its end, and the cell is told all the same.
    cell, queue = begin(page, LOOP)
    commit(page, ("v1.ExecutionCancelled", {"queueId": queue, "cellId": cell, **CANCELLED}))
    page.wait_for_function("late.length")
    page.evaluate("runtime.restart()")
    page.wait_for_function(
        "(cell) => events.some((e) => /ErrorOutput/.test(e.name) && e.args.cellId === cell)",
        arg=cell,
    )
    assert "variables are lost" in error_of(page, cell)["evalue"]


def test_without_isolation_a_stop_arrives_when_the_code_waits(apart: Page) -> None:
    page = apart
    run(page, "import asyncio, time\nkept, seen = 41, []")
    source = (
        "print('begun', flush=True)\nend = time.monotonic() + 3\n"
        "while time.monotonic() < end: pass\n"
        "try: await asyncio.sleep(3600)\nexcept KeyboardInterrupt: seen.append('except')"
    )
    _, queue = begin(page, source)
    page.evaluate("runtime.interrupt()")
    assert completion(page, queue)["status"] == "cancelled"
    assert run(page, "print(kept, seen)")[0] == "41 ['except']\n"


def test_a_cell_that_takes_all_memory_fails_and_python_lives(isolated: Page) -> None:
    source = "taken = []\nwhile True:\n    taken.append(bytearray(1 << 28))"
    cell, queue = request(isolated, source, "code")
    assert completion(isolated, queue)["status"] == "error"
    assert error_of(isolated, cell)["ename"] == "MemoryError"
    # What is made now is in the upper half of the memory.
    source = """
import js
from pyodide.ffi import to_js

text = "x" * 10_000_000
print(id(text) > 2**31, js.String.new(text).lastIndexOf("x"), to_js(text.encode())[0], end="")
"""
    assert run(isolated, source)[0] == "True 9999999 120"
    printed = "".join(f"{number:08}" for number in range(500))
    assert run(isolated, f"del text\nprint({printed!r}, end='')")[0] == printed
    assert run(isolated, "del taken\nprint('well', end='')")[0] == "well"
