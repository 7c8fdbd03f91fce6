"""Python cells on a real IPython: the events that a source writes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import pytest

from runt_pyodide.agent import RuntimeAgent
from runt_pyodide.errors import CellError
from runt_pyodide.llm.registry import ProviderRegistry
from runt_pyodide.notebook.events import NotebookJsonSet
from tests.support.notebook import logs
from tests.support.stages.loop import settle
from tests.support.stages.python_page import Page, more, result, text
from tests.support.stages.world import FixedWorld

# Running


async def test_last_expression_is_the_result(page: Page) -> None:
    assert await page.run("x = 20\nx + 1", 7) == [result(1, 0, {"text/plain": "21"}, 7)]
    assert await page.run("x + 2", 3) == [result(1, 0, {"text/plain": "22"}, 3)]
    assert await page.run("Out[7], Out[3], _") == [result(1, 0, {"text/plain": "(21, 22, 22)"})]


@pytest.mark.parametrize("source", ["", " \n", "# nothing", "x = 1", "1;", "None"])
async def test_a_cell_may_show_nothing(page: Page, source: str) -> None:
    assert await page.run(source) == []


async def test_print_goes_to_the_streams_in_its_order(page: Page) -> None:
    source = "import sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c', end='')\n4"
    assert await page.run(source) == [
        text(1, 0, "a"),
        more(3, 1, "\n"),
        text(4, 1, "b\n", "stderr"),
        text(5, 2, "c"),
        result(2, 3, {"text/plain": "4"}),
    ]


async def test_text_is_there_while_the_cell_runs(page: Page) -> None:
    source = "import asyncio\nprint('first', end='')\ngate = asyncio.Event()\nawait gate.wait()\n2"
    task = asyncio.create_task(page.run(source))
    await settle()
    assert page.events == [text(1, 0, "first")]
    sys.modules["__main__"].gate.set()
    assert await task == [text(1, 0, "first"), result(2, 1, {"text/plain": "2"})]


async def test_cells_share_a_module_that_is_none_of_ours(page: Page) -> None:
    await page.run("len = None\n__name__ = 'mine'")
    assert await page.run("class A: pass\nlen is None, A.__module__") == [
        result(1, 0, {"text/plain": "(True, 'mine')"})
    ]
    assert [*map(len, ["abc"])] == [3]


async def test_two_runtimes_share_nothing(page: Page) -> None:
    other = Page()
    await page.run("a = 1")
    assert (await other.fail("a")).ename == "NameError"
    assert await page.run("a") == [result(1, 0, {"text/plain": "1"})]


async def test_no_thread_is_started(page: Page) -> None:
    before = threading.active_count()
    await page.run("print(1)\n2")
    assert threading.active_count() == before


# Stopping


async def stop_when_it_prints(page: Page, source: str) -> None:
    task = asyncio.create_task(page.run(source))
    await settle()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_cell_that_waits_is_stopped(page: Page) -> None:
    source = (
        "import asyncio\nprint('on', end='')\n"
        "try:\n    await asyncio.Event().wait()\nfinally:\n    print('off', end='')"
    )
    await stop_when_it_prints(page, source)
    assert page.events == [text(1, 0, "on"), more(2, 1, "off")]
    assert await page.run("1") == [result(1, 0, {"text/plain": "1"})]


async def test_a_cell_that_takes_no_notice_was_stopped_all_the_same(page: Page) -> None:
    source = (
        "import asyncio\nprint('on', end='')\n"
        "try:\n    await asyncio.Event().wait()\nexcept asyncio.CancelledError:\n    pass"
    )
    await stop_when_it_prints(page, source)


async def test_an_interrupt_is_a_stop(page: Page) -> None:
    with pytest.raises(asyncio.CancelledError):
        await page.run("raise KeyboardInterrupt")


async def test_an_interrupt_between_the_lines_is_a_stop(page: Page) -> None:
    source = (
        "def strike(lines):\n    raise KeyboardInterrupt\n"
        "get_ipython().input_transformers_post.append(strike)"
    )
    await page.run(source)
    with pytest.raises(asyncio.CancelledError):
        await page.run("1")


# Getting ready


async def test_ipython_is_made_ready_once_and_late(page: Page) -> None:
    await page.run("  ")
    assert page.packages.asked == []
    await page.run("1")
    await page.run("2")
    assert page.packages.asked == ["IPython"]


def test_ipython_is_not_imported_with_the_module() -> None:
    code = "import sys, runt_pyodide.python.cell; sys.exit('IPython' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_a_missing_ipython_is_told(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "runt_pyodide.python.shell", raising=False)
    monkeypatch.setitem(sys.modules, "IPython", None)  # an import of it raises ModuleNotFoundError
    error = await page.fail("1")
    assert error.message.startswith(
        "Python cells cannot run, since IPython could not be started. ModuleNotFoundError: "
    )
    assert "has ipython; then run the cell again" in error.advice


async def test_getting_ready_is_tried_again(page: Page) -> None:
    page.packages.failures = [OSError("offline")]
    error = await page.fail("1")
    assert str(error) == (
        "Python cells cannot run, since IPython could not be started. OSError: offline. "
        "Check the network, and that this page's Pyodide or package index has ipython; then run "
        "the cell again. AI cells work without it."
    )
    assert await page.run("1") == [result(1, 0, {"text/plain": "1"})]


async def test_a_notebook_around_keeps_its_own_shell(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    from IPython import get_ipython
    from IPython.core.interactiveshell import InteractiveShell

    monkeypatch.setattr(InteractiveShell, "_instance", "theirs")
    await page.run("import IPython\nassert IPython.get_ipython() is get_ipython()")
    assert InteractiveShell._instance == "theirs"
    monkeypatch.setattr(InteractiveShell, "_instance", None)
    assert get_ipython() is None


# With the agent


async def test_the_agent_runs_a_python_cell(page: Page) -> None:
    world = FixedWorld()
    agent = RuntimeAgent(
        world.emit,
        ProviderRegistry(),
        runtime_id="runtime",
        clock=world.clock,
        session_id="session",
        executors={"code": page.cell},
    )
    source = "print('hi', end='')\n1 / 0"
    agent.receive([*logs.cell("cell", source=source), logs.requested("queue", "cell", 2)])
    agent.start()
    await settle()
    names = [[event["name"] for event in batch] for batch in world.batches[1:]]
    assert names == [
        ["v1.RuntimeSessionStatusChanged"],
        ["v1.ExecutionAssigned", "v1.ExecutionStarted", "v1.CellOutputsCleared"],
        ["v1.TerminalOutputAdded"],
        ["v1.ErrorOutputAdded", "v1.ExecutionCompleted"],
        ["v1.RuntimeSessionStatusChanged"],
    ]
    [error, completed] = world.batches[4]
    data = error["args"]["content"]["data"]
    assert data["ename"] == "ZeroDivisionError"
    assert data["traceback"][1] == '  File "Cell In[1]", line 2, in <module>'
    assert completed["args"]["status"] == "error"


async def test_a_source_of_ten_megabytes(page: Page) -> None:
    data = "a" * 10_000_000
    assert await page.run(f"text = '{data}'\nlen(text)") == [
        result(1, 0, {"text/plain": "10000000"})
    ]


async def test_code_in_another_language_is_not_run(page: Page) -> None:
    julia = NotebookJsonSet(key="kernelspec", value={"name": "julia-1.9", "language": "julia"})
    with pytest.raises(CellError, match="is written in julia, and this runtime runs Python"):
        await page.run("print(1)", others=[julia])
    python = NotebookJsonSet(key="kernelspec", value={"name": "x", "language": "Python3"})
    assert await page.run("None", others=[python]) == []
