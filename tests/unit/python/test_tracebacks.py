"""How Python cells fail: the error that the reader gets, with the cell's own lines."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import pytest

from runt_pyodide.errors import CellError
from tests.support.stages.python_page import Page, result, text


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


async def test_cells_of_one_number_keep_their_lines(page: Page) -> None:
    await page.run("def f():\n    raise KeyError('the first cell')")
    await page.run("def g():\n    return 'the second cell'")
    error = await page.fail("f()")
    assert error.traceback[-3:-1] == (
        '  File "Cell In[1]", line 2, in f',
        "    raise KeyError('the first cell')",
    )


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("exit()", "SystemExit: exit and quit do not end the runtime; they end the cell."),
        ("%nothing", "UsageError: Line magic function `%nothing` not found."),
        ("raise KeyError", "KeyError"),
        ("raise ValueError('\\ud83d')", "ValueError: \\ud83d"),
        (
            "import asyncio\nraise asyncio.CancelledError('by itself')",
            "CancelledError: by itself",
        ),
        ("class E(Exception):\n    __str__ = None\nraise E", "E: <E: its text raised>"),
        ("raise ExceptionGroup('two', [ValueError(1)])", "ExceptionGroup: two (1 sub-exception)"),
    ],
)
async def test_whatever_ends_a_cell_is_an_error(page: Page, source: str, message: str) -> None:
    assert (await page.fail(source)).message == message


async def test_a_transformer_that_fails_is_the_cells_error(page: Page) -> None:
    await page.run(
        "def refuse(lines):\n    raise ValueError('not this')\n"
        "get_ipython().input_transformers_post.append(refuse)"
    )
    assert (await page.fail("1")).message == "ValueError: not this"


async def test_an_error_within_a_cell_that_goes_on_is_printed(page: Page) -> None:
    await page.run("inner = get_ipython().run_cell('1 / 0')\n'on'")
    printed, shown = page.events
    assert printed["args"]["streamName"] == "stderr"
    assert printed["args"]["content"]["data"].endswith("ZeroDivisionError: division by zero\n")
    assert shown == result(2, 1, {"text/plain": "'on'"})


async def test_input_says_that_nobody_can_answer(page: Page) -> None:
    for source in ("input()", "import sys\nsys.stdin.read()", "import sys\nnext(sys.stdin)"):
        error = await page.fail(source)
        assert error.ename == "StdinNotImplementedError"
        assert error.message.endswith("Assign the value in the cell instead.")


async def test_all_works_after_a_cell_that_breaks_things(page: Page) -> None:
    source = (
        "import sys\nsys.stdout.close()\nsys.stderr = sys.stdin = sys.stdout = None\n"
        "sys.displayhook = None\nprint(1)\n2"
    )
    assert (await page.fail(source)).ename == "TypeError"  # there is no hook to take the result
    assert await page.run("print(1, end='', flush=True)\n2") == [
        text(1, 0, "1"),
        result(2, 1, {"text/plain": "2"}),
    ]


BREAKING = [
    "import builtins\nbuiltins.len = builtins.isinstance = builtins.type = None",
    "import builtins\ndel builtins.print, builtins.str, builtins.__import__, builtins.Exception",
    "len = type = list = None",
    "globals().clear()",
    "del get_ipython, _oh, In, Out",
    "_oh = _ih = In = None",
    "%reset -f",
    "get_ipython().user_ns.clear()",
    "import sys\nsys.stdout = sys.__stdout__ = 1\nsys.displayhook = 2",
    "import json, asyncio\njson = asyncio = None",
    "import warnings\nwarnings.simplefilter('error')",
]


@pytest.mark.parametrize("source", BREAKING)
async def test_the_next_cell_runs_whatever_a_cell_has_broken(page: Page, source: str) -> None:
    with suppress(CellError):
        await page.run(source)
    with suppress(CellError):
        await page.run("undefined")
    assert await page.run("del __builtins__\nprint([*map(str, [1])], end='')\n2") == [
        text(1, 0, "['1']"),
        result(2, 1, {"text/plain": "2"}),
    ]


async def test_a_builtin_may_be_replaced_by_another_function(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    import builtins

    monkeypatch.setattr(builtins, "ascii", ascii)
    await page.run("import builtins\nbuiltins.ascii = lambda value: 'mine'")
    assert await page.run("ascii(1)") == [result(1, 0, {"text/plain": "'mine'"})]


@pytest.mark.parametrize("source", ["import getpass\ngetpass.getpass()", "breakpoint()"])
async def test_nothing_else_can_ask_either(page: Page, source: str) -> None:
    assert (await page.fail(source)).ename == "StdinNotImplementedError"


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
