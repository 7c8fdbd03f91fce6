"""%%capture, %%time and %%timeit over code that awaits."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from runt_pyodide.errors import CellError
from runt_pyodide.python.kernel.awaiting import awaits
from tests.support.stages.python_page import Page, result

BEFORE = """
import asyncio
async def soon(value=1):
    await asyncio.sleep(0)
    return value
"""


@pytest.fixture(autouse=True)
async def _prepared(page: Page) -> None:
    await page.run(BEFORE)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("%%capture said\nx = await soon(2)\nprint(x)", None),
        ("%%capture\nx = await soon(2)", None),
        ("\n\n%%capture\nx = await soon(2)", None),
        ("%%time\nx = await soon(2)", None),
        ("%%time\ny = await soon(2)\nx = 2\ny", "2"),
        ("%%time\nx = 2\nawait soon(3)", "3"),
        ("%%time\nx = 2\nawait soon(3);", None),
        ("%time x = await soon(2)", None),
        ("x = %time await soon(2)", None),
        ("%%capture\n%%time\nx = await soon(2)", None),
        ("%%time\n%%capture\nx = await soon(2)", None),
        (
            "%%capture\nasync for x in (each async for each in (await soon(y) for y in [2])):\n 0",
            None,
        ),
        ("x = 2\n%timeit -n 2 -r1 await soon()", None),
        ("x = 2\n%timeit -n2 -r 1 -q await soon()", None),
        ("%%timeit -n1 -r1 global x\nx = await soon(2)", None),
        ("%%timeit -n1 -r1 -v took\nglobals()['x'] = await soon(2)", None),
        ("if True:\n    %time x = await soon(2)", None),
    ],
)
async def test_it_runs(page: Page, source: str, value: str | None) -> None:
    events = await page.run(source)
    shown = [event for event in events if event["name"] == "v1.MultimediaResultOutputAdded"]
    assert [one["args"]["representations"]["text/plain"]["data"] for one in shown] == [
        one for one in [value] if one is not None
    ]
    assert await page.run("x") == [result(1, 0, {"text/plain": "2"})]


@pytest.mark.parametrize(
    "source",
    [
        "%%capture said\nawait soon()\n1 / 0",
        "%%capture\n%%time\nawait soon()\n1 / 0",
        "%%time\nawait soon()\n1 / 0",
        "%time await soon(1 / 0)",
        "%%timeit -n1 -r1\nawait soon()\n1 / 0",
        "%timeit -n1 await soon(1 / 0)",
    ],
)
async def test_its_error_ends_the_cell_and_leads_to_its_line(page: Page, source: str) -> None:
    with pytest.raises(CellError) as caught:
        await page.run(source)
    assert caught.value.ename == "ZeroDivisionError"
    assert any(line.lstrip().startswith('File "Cell In[') for line in caught.value.traceback)
    assert any("1 / 0" in line for line in caught.value.traceback)


async def test_what_is_captured_is_kept(page: Page) -> None:
    await page.run("%%capture said\nprint(1)\nawait soon()\ndisplay(2)\nprint(3)")
    assert await page.run("said.stdout, len(said.outputs)") == [
        result(1, 0, {"text/plain": "('1\\n3\\n', 1)"})
    ]


TIMES = [r"CPU times: total: \S+ \S+", r"Wall time: \S+ \S+"]
LOOPS = [r"\S+ \S+ ± \S+ \S+ per loop \(mean ± std\. dev\. of 1 run, 2 loops each\)"]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("%time await soon();", TIMES),
        ("%%time\nawait soon();", TIMES),
        ("%timeit -n2 -r1 await soon()", LOOPS),
    ],
)
async def test_it_tells_the_time(page: Page, source: str, lines: Sequence[str]) -> None:
    await page.run(source)
    said = page.printed().rstrip("\n").split("\n")
    assert len(said) == len(lines)
    assert all(re.fullmatch(line, one) for line, one in zip(lines, said, strict=True)), said


async def test_code_that_is_called_and_cannot_wait_says_so(page: Page) -> None:
    with pytest.raises(CellError) as caught:
        await page.run("get_ipython().run_cell('await soon()')")
    assert page.printed() == ""
    assert caught.value.message.startswith(
        "CellError: The code awaits, and what runs it within the cell"
    )


async def test_pip_is_awaited_within_them(page: Page) -> None:
    await page.run("%%capture\n%pip list")
    with pytest.raises(CellError, match="no package is named"):
        await page.run("%%capture\n%pip install")


@pytest.mark.parametrize(
    ("python", "does"),
    [
        ("await f()", True),
        ("x = [await f() for _ in y]", True),
        ("async with f(): pass", True),
        ("async def f():\n    await g()", False),
        ("'await f()'", False),
        ("await", False),
        ("(" * 5000, False),
    ],
)
def test_what_awaits(python: str, does: bool) -> None:
    assert awaits(python) == does
