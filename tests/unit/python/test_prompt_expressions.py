"""Expressions of a prompt, evaluated among the variables of the Python cells."""

from __future__ import annotations

import asyncio
import sys

import pytest

from runt_pyodide.ai.prompt.expressions import Expression, evaluate, split
from runt_pyodide.execution.run import under_way
from tests.support.notebook import logs
from tests.support.stages.loop import settle
from tests.support.stages.python_page import Page, text
from tests.support.stages.run_stage import RunStage


async def tell(page: Page, source: str) -> str:
    """What a model is told of an expression; what it prints is in ``page.events``."""
    stage = RunStage(logs.cell("cell", "ai", "Why?"), "cell")
    page.world = stage.world
    (expression,) = (one for one in split(f"{{{source}}}") if isinstance(one, Expression))
    with under_way(stage.run):
        told = await page.cell.within(
            stage.run, lambda names: evaluate(expression, names, "Cell In[p]")
        )
    stage.world.emit(stage.writer.drain())
    return told


async def test_it_sees_variables_inputs_and_outputs(page: Page) -> None:
    await page.run("rows = [1, 2]\nsum(rows)", 1)
    assert await tell(page, "rows") == "[1, 2]"
    assert await tell(page, "In[1]") == "rows = [1, 2]\nsum(rows)"
    assert await tell(page, "Out[1]") == "3"


async def test_it_is_code_of_the_cell(page: Page) -> None:
    """What it prints comes below the cell, and it may use what only a running cell has."""
    await page.run("def say(word):\n    print(word, end='')\n    return get_ipython() is not None")
    assert await tell(page, "say('hi')") == "True"
    assert page.events == [text(1, 0, "hi")]


async def test_one_that_waits_is_stopped(page: Page) -> None:
    await page.run("import asyncio\ngate = asyncio.Event()")
    task = asyncio.create_task(tell(page, "await gate.wait()"))
    await settle()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not sys.modules["__main__"].gate.is_set()
