"""How Python cells fail: the error that the reader gets, with the cell's own lines."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from runt_pyodide.errors import CellError
from tests.support.stages.python_page import Page, text


def without_carets(lines: Sequence[str]) -> list[str]:
    """They differ between versions of Python: under the whole call, or not at all."""
    return [line for line in lines if not line or line.strip(" ~^")]


async def test_an_exception_is_the_cells_error(page: Page) -> None:
    await page.run("def divide(x):\n    return x / 0", 4)
    error = await page.fail("# half\ndivide(1)", 5)
    assert (error.ename, error.message) == (
        "ZeroDivisionError",
        "ZeroDivisionError: division by zero",
    )
    lines = without_carets(error.traceback)
    assert lines == [
        "Traceback (most recent call last):",
        '  File "Cell In[5]", line 2, in <module>',
        "    divide(1)",
        '  File "Cell In[4]", line 2, in divide',
        "    return x / 0",
        "ZeroDivisionError: division by zero",
    ]


async def test_what_was_written_before_an_error_stays(page: Page) -> None:
    with pytest.raises(CellError):
        await page.run("print('before', end='')\n1 / 0")
    assert page.events == [text(1, 0, "before")]


async def test_a_cause_is_told_without_frames_of_ours(page: Page) -> None:
    error = await page.fail("try:\n    {}['a']\nexcept KeyError as e:\n    raise OSError(2) from e")
    lines = without_carets(error.traceback)
    assert lines == [
        "Traceback (most recent call last):",
        '  File "Cell In[1]", line 2, in <module>',
        "    {}['a']",
        "KeyError: 'a'",
        "",
        "The above exception was the direct cause of the following exception:",
        "",
        "Traceback (most recent call last):",
        '  File "Cell In[1]", line 4, in <module>',
        "    raise OSError(2) from e",
        "OSError: 2",
    ]


@pytest.mark.parametrize(
    ("source", "message", "line"),
    [
        ("x = = 1", "invalid syntax", "    x = = 1"),
        ("x = 1\nreturn x", "'return' outside function", "    return x"),
        ("if 1:\nx", "expected an indented block after 'if' statement on line 1", "    x"),
    ],
)
async def test_source_that_does_not_compile(
    page: Page, source: str, message: str, line: str
) -> None:
    error = await page.fail(source)
    number = 1 + source.count("\n")
    assert error.message == f"{error.ename}: {message} (Cell In[1], line {number})"
    assert error.ename in ("SyntaxError", "IndentationError")
    head, shown, *_, last = error.traceback
    assert (head, shown) == (f'  File "Cell In[1]", line {number}', line)
    assert last == f"{error.ename}: {message}"


async def test_a_module_that_is_missing_says_how_to_get_it(page: Page) -> None:
    error = await page.fail("import no_such_module.part")
    assert str(error) == (
        "ModuleNotFoundError: No module named 'no_such_module'. "
        "Install it in a cell: %pip install no_such_module"
    )
    assert error.evalue == "No module named 'no_such_module'"
    assert error.traceback[-1] == "Install it in a cell: %pip install no_such_module"
    error = await page.fail("import json.nothing")
    assert error.advice == ""


async def test_a_module_of_which_it_was_told_why_it_is_missing_says_no_more(page: Page) -> None:
    page.packages.unloaded = ["no_such_module"]
    error = await page.fail("import no_such_module")
    assert str(error) == "ModuleNotFoundError: No module named 'no_such_module'"


@pytest.mark.parametrize(("levels", "is_whole"), [(20, True), (3000, False)])
async def test_groups_within_groups_are_told_while_there_is_room(
    page: Page, levels: int, is_whole: bool
) -> None:
    source = f"error = ValueError('inner')\nfor _ in range({levels}):\n"
    error = await page.fail(f"{source}    error = ExceptionGroup('outer', [error])\nraise error")
    told = "\n".join(error.traceback)
    assert "Cell In[1]" in told
    assert "ExceptionGroup: outer (1 sub-exception)" in told
    assert ("its groups are nested too deep" in told) is not is_whole
