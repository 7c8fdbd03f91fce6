"""The debugger of cells, with a person who types its commands."""

from __future__ import annotations

import pytest

from tests.support.stages.python_page import Page
from tests.support.stages.typist import Typist

TWICE = "def twice(n):\n    m = n + n\n    breakpoint()\n    m += 1\n    return m\n"


async def test_a_breakpoint_shows_its_lines_and_what_is_asked_for(
    page: Page, typist: Typist
) -> None:
    typist.answers = ["p n, m", "until 5", "p m", "c"]
    await page.run(f"{TWICE}twice(4)")
    said = page.printed()
    assert "      3     breakpoint()" in said or "----> 3     breakpoint()" in said
    assert "p n, m\n(4, 8)\n" in said
    assert "----> 5     return m" in said
    assert "p m\n9\n" in said
    assert page.events[-1]["args"]["representations"]["text/plain"]["data"] == "9"


async def test_whoever_steps_out_of_the_cell_is_asked_no_more(page: Page, typist: Typist) -> None:
    typist.answers = ["n"] * 20
    await page.run(f"{TWICE}twice(4)\nprint('the end')")
    assert page.printed().endswith("the end\n")
    assert len(typist.answers) > 5
    await page.run("1 + 1")
    assert len(typist.answers) > 5


async def test_quitting_ends_the_cell(page: Page, typist: Typist) -> None:
    typist.answers = ["q"]
    with pytest.raises(Exception, match="BdbQuit"):
        await page.run(f"{TWICE}twice(4)\nprint('the end')")
    assert "the end" not in page.printed()


async def test_the_last_error_can_be_looked_into(page: Page, typist: Typist) -> None:
    with pytest.raises(Exception, match="ZeroDivisionError"):
        await page.run("def f(n):\n    return 1 / n\nf(0)")
    typist.answers = ["p n", "u", "q"]
    await page.run("%debug")
    assert "----> 2     return 1 / n" in page.printed()
    assert "ipdb> p n\n0\n" in page.printed()
    assert "----> 3 f(0)" in page.printed()


async def test_each_error_is_looked_into_if_pdb_is_on(page: Page, typist: Typist) -> None:
    await page.run("%pdb on")
    typist.answers = ["p here", "q"]
    with pytest.raises(Exception, match="ZeroDivisionError"):
        await page.run("here = 7\n1 / 0")
    assert "p here\n7\n" in page.printed()
    await page.run("%pdb off")
    with pytest.raises(Exception, match="ZeroDivisionError"):
        await page.run("1 / 0")
    assert "ipdb" not in page.printed()


async def test_where_nobody_can_be_asked_no_debugger_opens(page: Page) -> None:
    error = await page.fail(f"{TWICE}twice(4)")
    assert error.ename == "StdinNotImplementedError"
    assert error.message.endswith("Assign the value in the cell instead.")
