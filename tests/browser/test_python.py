"""Python and SQL cells in a page, with Python in a worker: what only a browser can show.

All tests share one runtime, and each must leave it usable.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Request

from runt_pyodide.notebook.bundle import HEAD, TAIL
from tests.support.browser.runtime import (
    completion,
    error_of,
    outputs,
    request,
    text_of,
    wait_for_output,
)


@pytest.fixture
def page(shared_runtime: Page) -> Page:
    return shared_runtime


def run(page: Page, source: str, cell_type: str = "code") -> list[dict[str, Any]]:
    """The outputs of a cell with this source, which succeeds."""
    cell, queue = request(page, source, cell_type)
    end = completion(page, queue)
    assert end["status"] == "success", end
    return outputs(page, cell)


def shown(output: dict[str, Any]) -> dict[str, Any]:
    """What a display or result shows, by MIME type."""
    bundle = output["args"]["representations"]
    return {mime: one["data"] for mime, one in bundle.items()}


def value(page: Page, source: str) -> str:
    """The text of a cell's result."""
    text: str = shown(run(page, source)[-1])["text/plain"]
    return text


def failure(page: Page, source: str, cell_type: str = "code") -> tuple[str, str]:
    """ename and traceback of the error that a cell ends with."""
    cell, queue = request(page, source, cell_type)
    assert completion(page, queue)["status"] == "error"
    error = error_of(page, cell)
    return error["ename"], "\n".join(error["traceback"])


def test_an_editor_is_helped_before_a_cell_has_run(page: Page) -> None:
    code = "'\U0001f642'; import js"
    reply = page.evaluate("(code) => runtime.complete(code, code.length)", code)
    assert "json" in reply["matches"]
    assert code.encode("utf-16-le")[2 * reply["cursorStart"] :].decode("utf-16-le") == "js"
    told = page.evaluate("() => runtime.inspect('len(x)', 1)")
    assert "Return the number of items" in told["data"]["text/plain"]


DISPLAYS = r"""
from IPython.display import HTML, JSON, SVG, Image, Latex, Markdown, Math, display
display(HTML("<b>bold</b>"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg'/>"))
display(Image(data=b"\x89PNG\r\n\x1a\n", format="png"))
display(Latex("$x$"), Math("y"))
display(JSON({"a": [1]}))
display(Markdown("*it*"))
display({"application/vnd.plotly.v1+json": {"data": [], "layout": {}}}, raw=True)
display({"application/vnd.vegalite.v5+json": {"mark": "bar"}}, raw=True)
display({"application/x-own": {"nan": float("nan")}}, raw=True)
"""


def test_a_display_of_each_kind(page: Page) -> None:
    expected = [
        {"text/html": "<b>bold</b>"},
        {"image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg"/>'},
        {"image/png": "iVBORw0KGgo="},
        {"text/latex": "$x$"},
        {"text/latex": "$\\displaystyle y$"},
        {"application/json": {"a": [1]}},
        {"text/markdown": "*it*"},
        {"application/vnd.plotly.v1+json": {"data": [], "layout": {}}},
        {"application/vnd.vegalite.v5+json": {"mark": "bar"}},
        {"application/x-own": {"nan": None}},
    ]
    found = [shown(output) for output in run(page, DISPLAYS)]
    assert [{m: d for m, d in one.items() if m != "text/plain"} for one in found] == expected


def test_a_display_is_updated_and_outputs_are_cleared(page: Page) -> None:
    source = (
        "from IPython.display import clear_output\nprint('gone')\nclear_output(wait=True)\n"
        "handle = display(1, display_id='handle')\nhandle.update(2)"
    )
    cell, queue = request(page, source, "code")
    assert completion(page, queue)["status"] == "success"
    cleared = page.evaluate(
        "(cell) => events.filter((e) => /Cleared/.test(e.name) && e.args.cellId === cell)",
        cell,
    )
    assert [event["args"]["wait"] for event in cleared] == [False, True]
    assert shown(outputs(page, cell)[-1]) == {"text/plain": "1"}
    updated = page.evaluate(
        "() => events.filter((e) => e.args.displayId === 'handle').at(-1).args.representations"
    )
    assert updated["text/plain"]["data"] == "2"


def test_a_source_of_ten_megabytes(page: Page) -> None:
    assert value(page, f"text = '{'a' * 10_000_000}'\nlen(text)") == "10000000"


def test_await_stands_at_the_top_level(page: Page) -> None:
    source = (
        "import asyncio\nfrom pyodide.http import pyfetch\n"
        "await asyncio.sleep(0)\nresponse = await pyfetch('package.json')\n"
        "(await response.json())['type']"
    )
    assert value(page, source) == "'module'"


def test_an_exception_shows_the_lines_of_the_cells_alone(page: Page) -> None:
    run(page, "def divide(x):\n    return x / 0")
    ename, traceback = failure(page, "import json\ndivide(1)")
    assert ename == "ZeroDivisionError"
    files = [line for line in traceback.split("\n") if line.startswith("  File")]
    assert [file.partition(", ")[2] for file in files] == [
        "line 2, in <module>",
        "line 2, in divide",
    ]
    numbers = [int(re.findall(r"Cell In\[(\d+)\]", file)[0]) for file in files]
    assert numbers[0] == numbers[1] + 1


@pytest.mark.parametrize(
    "source",
    [
        "for _ in range(1_000_000):\n    print('x' * 99)",
        "print('\u00e9' * 100_000_000, end='')",
        "import sys\nfor _ in range(100):\n    sys.stdout.buffer.write(b'\\xe9' * 1_000_000)",
    ],
)
def test_a_hundred_megabytes_are_cut_to_their_head_and_tail(page: Page, source: str) -> None:
    page.evaluate("() => { globalThis.ticks = 0; setInterval(() => ticks++, 10); }")
    before = page.evaluate("() => events.length")
    cell, queue = request(page, source, "code")
    completion(page, queue)
    text = text_of(page, cell)
    gap = text[HEAD:-TAIL].strip()
    assert gap.endswith("characters were left out here]")
    assert len(text) < 4 * (HEAD + TAIL)
    assert page.evaluate("() => events.length") - before < 500
    assert value(page, "6 * 7") == "42"


def test_a_package_of_this_pyodide_is_loaded_where_it_is_imported(page: Page) -> None:
    display, *rest = run(
        page, "def f():\n    from tabulate import tabulate\n    return tabulate\nf()"
    )
    assert shown(display) == {"text/plain": "Loading tabulate 0.10.0"}
    assert "function tabulate" in shown(rest[-1])["text/plain"]
    display_id = display["args"]["displayId"]
    last = page.evaluate(
        "(id) => events.filter((e) => e.args.displayId === id).at(-1).args.representations",
        display_id,
    )
    assert last["text/plain"]["data"] == "Loaded tabulate 0.10.0 (40 kB)"


def test_a_module_that_is_nowhere_says_how_to_install_it(page: Page) -> None:
    ename, traceback = failure(page, "import no_such_module")
    assert ename == "ModuleNotFoundError"
    assert traceback.endswith("Install it in a cell: %pip install no_such_module")


def test_pip_installs_from_the_sites_own_index(page: Page, site: str) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.context.on("request", note)
    run(page, "%pip uninstall -y tabulate")
    cell, queue = request(
        page, "%pip install tabulate\nimport tabulate\ntabulate.__version__", "code"
    )
    assert completion(page, queue)["status"] == "success"
    page.context.remove_listener("request", note)
    assert f"{site}/pypi/simple/tabulate/" in asked
    assert [url for url in asked if url.endswith("none-any.whl")][-1].startswith(
        f"{site}/pypi/files/"
    )
    assert not [url for url in asked if not url.startswith(site)]
    printed = "".join(
        output["args"].get("content", output["args"].get("delta", {})).get("data", "")
        + output["args"].get("delta", {}).get("text", "")
        for output in outputs(page, cell)
    )
    assert printed.startswith("Installing tabulate\nInstalled tabulate-")


def test_a_package_that_is_nowhere_is_an_error_that_says_where_it_was_looked_for(
    page: Page, site: str
) -> None:
    elsewhere = re.compile(f"^(?!{re.escape(site)})")
    page.context.route(elsewhere, lambda route: route.abort())
    ename, traceback = failure(page, "%pip install no-such-package")
    page.context.unroute(elsewhere)
    assert ename == "UsageError"
    assert f"The package was looked for at {site}/pypi/simple and PyPI." in traceback
    assert "micropip/" not in traceback


@pytest.mark.parametrize("source", ["input('Name?')", "import getpass\ngetpass.getpass()"])
def test_input_is_refused_with_what_to_do_instead(page: Page, source: str) -> None:
    ename, traceback = failure(page, source)
    assert ename == "StdinNotImplementedError"
    assert "Assign the value in the cell instead." in traceback


def test_files_lie_in_home_and_replace_no_module(page: Page) -> None:
    source = (
        "import os, pathlib\npathlib.Path('mine.py').write_text('x = 7')\n"
        "for name in ('json', 'runt_pyodide', 'jedi'):\n"
        "    pathlib.Path(f'{name}.py').write_text('raise SystemError')\n"
        "import mine, json, importlib\njson = importlib.reload(json)\n"
        "os.getcwd(), os.path.expanduser('~'), mine.x, json.dumps([1])"
    )
    assert value(page, source) == "('/home', '/home', 7, '[1]')"
    run(page, "%reset -f")
    assert page.evaluate("async () => (await runtime.complete('impor', 5)).matches") == ["import"]


def test_breaking_python_does_not_break_the_runtime(page: Page) -> None:
    for source in (
        "import builtins, sys\nbuiltins.len = builtins.isinstance = None\nsys.stdout = None",
        "import builtins\ndel builtins.print, builtins.str, builtins.__import__",
        "globals().clear()",
    ):
        _, queue = request(page, source, "code")
        completion(page, queue)
    assert value(page, "print(len('abc'))\n6 * 7") == "42"
    _, queue = request(page, "hello", "ai")
    assert completion(page, queue)["status"] == "success"


def test_sql_cells_share_a_database_with_python(page: Page) -> None:
    source = "-- name: books\nCREATE TABLE books(title, year);\n"
    source += "INSERT INTO books VALUES ('Emma', 1815);\nSELECT * FROM books"
    changed, table = run(page, source, "sql")
    assert changed["args"]["content"]["data"] == "1 row changed\n"
    assert ">Emma</td>" in shown(table)["text/html"]
    assert value(page, "books") == "[{'title': 'Emma', 'year': 1815}]"
    opened = "import sqlite3\nconnection = sqlite3.connect('/home/notebook.db')\n"
    assert (
        value(page, f"{opened}connection.execute('SELECT * FROM books').fetchall()")
        == "[('Emma', 1815)]"
    )
    run(page, "loans = [{'title': 'Emma', 'days': 3}, {'title': 'Emma', 'days': 4}]")
    joined = "SELECT sum(days) AS days FROM books JOIN loans USING (title)"
    assert shown(run(page, joined, "sql")[-1])["text/plain"] == "days\n----\n7\n1 row"
    ename, _ = failure(page, "SELECT * FROM nothing", "sql")
    assert ename == "OperationalError"


def test_an_endless_statement_is_interrupted(page: Page) -> None:
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
    cell, queue = request(page, f"SELECT 1; {numbers} SELECT count(*) FROM n", "sql")
    wait_for_output(page, cell)
    page.evaluate("runtime.interrupt()")
    assert completion(page, queue)["status"] == "cancelled"
    assert shown(run(page, f"{numbers} SELECT i FROM n LIMIT 1", "sql")[-1])["text/plain"]


def test_a_session_says_that_it_can_execute_sql(page: Page) -> None:
    started = page.evaluate("() => events.find((e) => e.name === 'v1.RuntimeSessionStarted')")
    assert started["args"]["capabilities"]["canExecuteSql"] is True


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("'text'", "A promise was rejected with text"),
        ("undefined", "A promise was rejected with undefined"),
        ("null", "A promise was rejected with null"),
        ("Symbol('s')", "A promise was rejected with Symbol(s)"),
        ("Object.create(null)", "A promise was rejected with something that has no text."),
        ("{toString() { throw 1 }}", "A promise was rejected with something that has no text."),
        ("new TypeError('no')", "TypeError: no"),
    ],
)
def test_a_promise_may_be_rejected_with_anything(page: Page, reason: str, said: str) -> None:
    source = f'from pyodide.code import run_js\nawait run_js("Promise.reject({reason})")'
    ename, traceback = failure(page, source)
    assert ename == "JsException"
    assert said in traceback


def test_what_tasks_write_after_their_cell_is_below_it(page: Page) -> None:
    source = (
        "import asyncio\nasync def late():\n    await asyncio.sleep(0.3)\n    print('late')\n"
        "    display('shown')\n    1 / 0\nasyncio.ensure_future(late());"
    )
    cell, queue = request(page, source, "code")
    assert completion(page, queue)["status"] == "success"
    assert run(page, "await asyncio.sleep(0.6)") == []
    (display,) = [one for one in outputs(page, cell) if one["name"].startswith("v1.Multimedia")]
    assert shown(display)["text/plain"] == "'shown'"
    said = text_of(page, cell)
    assert said.startswith("late\n")
    assert "line 6, in late" in said and said.endswith("ZeroDivisionError: division by zero\n")
    assert said.count("Traceback") == 1
