"""The shell in which cells run: what it refuses, and that no cell breaks it."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from runt_pyodide.errors import CellError
from runt_pyodide.python.shell import BuiltinNames
from tests.support.stages.python_page import Page, result, text


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


@pytest.mark.parametrize(
    "source",
    [
        "get_ipython().run_cell('1 / 0')",
        "%run fail.py",
        "%run -i fail.py",
        "%run -n fail.py",
        "%%capture said\n1 / 0",
        "%%capture --no-stderr said\n1 / 0",
        "%%time\n1 / 0",
        "%time 1 / 0",
        "%%timeit -n1 -r1\n1 / 0",
        "%%prun -q\n1 / 0",
        "broken",
        "%%capture said\nget_ipython().run_cell('1 / 0')",
        "get_ipython().run_cell('%run fail.py')",
    ],
)
async def test_code_that_raised_within_the_cell_ends_it(
    page: Page, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fail.py").write_text("1 / 0\n")
    await page.run("from IPython.core.macro import Macro\nbroken = Macro('1 / 0\\n')")
    with pytest.raises(CellError) as caught:
        await page.run(source)
    assert caught.value.ename == "ZeroDivisionError"


async def test_what_follows_an_error_within_the_cell_still_runs(page: Page) -> None:
    with pytest.raises(CellError, match="ZeroDivisionError: division by zero"):
        await page.run("get_ipython().run_cell('1 / 0')\nget_ipython().run_cell('[][0]')\nprint(2)")
    printed = "".join(event["args"]["content"]["data"] for event in page.events)
    assert printed.endswith("IndexError: list index out of range\n2\n")
    assert "ZeroDivisionError" not in printed


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
    monkeypatch.setattr(builtins, "ascii", ascii)
    await page.run("import builtins\nbuiltins.ascii = lambda value: 'mine'")
    assert await page.run("ascii(1)") == [result(1, 0, {"text/plain": "'mine'"})]


@pytest.mark.parametrize("source", ["import getpass\ngetpass.getpass()", "breakpoint()"])
async def test_nothing_else_can_ask_either(page: Page, source: str) -> None:
    assert (await page.fail(source)).ename == "StdinNotImplementedError"


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("%ls", "a.txt  b.txt\n"),
        ("%ls *.txt", "a.txt  b.txt\n"),
        ("ls b*", "b.txt\n"),
        ("%cat a.txt", "one\n"),
        ("!cat a.txt b.txt", "one\ntwo\n"),
        ("name = 'b.txt'\n!cat {name} $name", "two\ntwo\n"),
        ("%mkdir c\n%cp a.txt c\n%ls c", "a.txt\n"),
        ("%%bash\nmkdir d && cp *.txt d\nls d", "a.txt  b.txt\n"),
        ("%%script bash\nls", "a.txt  b.txt\n"),
        ("%lsmagic\n%ls b.txt", "b.txt\n"),
        ("files = !ls\nprint(files, files.n)", "['a.txt', 'b.txt'] a.txt\nb.txt\n"),
        ("!cat none\nprint(_exit_code)", "cat: none: No such file or directory\n1\n"),
        ("%cd -q ..\n%cd -q files\n%rm a.txt\n%ls", "b.txt\n"),
    ],
)
async def test_files_are_listed_shown_and_changed_by_commands(
    page: Page, source: str, printed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "files"
    home.mkdir()
    monkeypatch.chdir(home)
    (home / "a.txt").write_text("one\n")
    (home / "b.txt").write_text("two\n")
    await page.run(source)
    assert page.printed() == printed


@pytest.mark.parametrize(
    "source", ["!git log", "x = !git log", "%sx git log", "%%bash\ngit log", "%%perl\nprint 1"]
)
async def test_a_program_that_is_not_here_is_an_error_in_one_sentence(
    page: Page, source: str
) -> None:
    error = await page.fail(source)
    assert error.ename == "UsageError"
    assert error.message.startswith(
        "UsageError: This cannot be run in a notebook for the browser: there is no "
    )
    assert "\n" not in error.message


async def test_magics_work(page: Page) -> None:
    assert await page.run("%%capture said\nprint('quiet')") == []
    assert await page.run("said.stdout") == [result(1, 0, {"text/plain": "'quiet\\n'"})]


async def test_help_is_an_output(page: Page) -> None:
    source = "def double(x):\n    'Twice x.'"
    await page.run(source)
    [shown] = await page.run("double?")
    assert shown["name"] == "v1.MultimediaDisplayOutputAdded"
    assert "Docstring: Twice x." in shown["args"]["representations"]["text/plain"]["data"]


@pytest.fixture
def names() -> Iterator[BuiltinNames]:
    before = dict(vars(builtins))
    yield BuiltinNames()
    vars(builtins).update(before)


def test_what_was_deleted_or_cannot_be_called_is_put_back(names: BuiltinNames) -> None:
    real = vars(builtins)
    length, kind, own = len, type, callable
    del builtins.len  # type: ignore[attr-defined]
    builtins.type = 3  # type: ignore[misc,assignment]
    builtins.callable = None  # type: ignore[assignment]
    names.mend()
    assert (real["len"], real["type"], real["callable"]) == (length, kind, own)


def test_another_function_stays_and_so_does_what_was_added(names: BuiltinNames) -> None:
    def louder(*_args: object) -> None: ...

    builtins.print = louder  # type: ignore[assignment]
    builtins.mine = 1  # type: ignore[attr-defined]
    names.mend()
    assert vars(builtins)["print"] is louder
    assert vars(builtins).pop("mine") == 1


async def test_a_cell_has_its_number_in_what_python_keeps_of_it(page: Page) -> None:
    await page.run("'first'", 2)
    await page.run("exit_code = 1", 3)
    await page.run("'third'", 7)
    kept = await page.run(
        "''.join([In[2], In[7], Out[2], Out[7], _2, _7, _i7, _, str(len(In))])", 9
    )
    text_of_all = "'first''third'firstthirdfirstthird'third'third10"
    assert kept == [result(1, 0, {"text/plain": repr(text_of_all)}, 9)]
    error = await page.fail("\n\n1 / 0", 10)
    assert error.traceback[1] == '  File "Cell In[10]", line 3, in <module>'


@pytest.mark.parametrize(("call", "count"), [("sys.excepthook", 1), ("called_by_pyodide", 0)])
async def test_only_code_that_asks_for_it_prints_an_error_by_the_hook(
    page: Page, call: str, count: int
) -> None:
    await page.run("import sys\ndef hook():\n    return sys.excepthook")
    source = "called_by_pyodide = hook()\ntry:\n    1 / 0\nexcept Exception as error:\n"
    await page.run(f"{source}    {call}(*sys.exc_info())")
    assert page.printed().count("ZeroDivisionError: division by zero") == count
