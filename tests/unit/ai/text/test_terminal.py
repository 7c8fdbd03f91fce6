"""What a terminal shows of a text: as the cases of schema/ say, and as the page shows it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from itertools import product
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.ai.text.output import describe
from runt_pyodide.ai.text.sizes import Excerpt
from runt_pyodide.ai.text.terminal import COLUMNS, ROWS, render
from scripts.paths import ROOT
from tests.support.notebook.logs import cell, fold, output

CASES = json.loads((ROOT / "schema" / "terminal-cases" / "cases.json").read_text("utf-8"))
ALL = Excerpt(1 << 30)

_NUMBER = st.sampled_from(["", "0", "1", "2", "3", "5", "40", "150", "1000", "9" * 30, "?1", "1;7"])
_SEQUENCE = st.builds(
    "\x1b[{}{}".format, _NUMBER, st.sampled_from([*"ABCDEFGHJKXdfmsu", " q", "?", "é", ""])
)
_ESCAPE = st.sampled_from(["\x1b7", "\x1b8", "\x1bM", "\x1bc", "\x1b(B", "\x1b", "\x1b]0;t\x07"])
_STRING = st.sampled_from(["\x1b]0;t", "\x1bPx\x1b\\", "\x1b_", "\x1b\\"])
_PLAIN = st.sampled_from(["a", "bcd", " ", "é", "😀", "\t", "50%|██  |", "x" * 250])
_CONTROL = st.sampled_from(["\n", "\n" * 3, "\n" * 130, "\r", "\b", "\r\n", "\x00", "\x7f", "\x0c"])
TEXTS = st.lists(st.one_of(_PLAIN, _CONTROL, _SEQUENCE, _ESCAPE, _STRING)).map("".join)


@pytest.fixture(scope="module")
def page() -> Iterator[subprocess.Popen[str]]:
    program = ROOT / "tests" / "support" / "notebook" / "page_terminal.mjs"
    with subprocess.Popen(
        ["node", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=ROOT,
    ) as node:
        yield node
        assert node.stdin is not None
        node.stdin.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_a_case(case: dict[str, str]) -> None:
    assert render(case["text"]) == case["shown"]


@given(TEXTS)
def test_a_model_is_told_what_the_page_shows(page: subprocess.Popen[str], text: str) -> None:
    notebook = fold(cell("c", "code", "x"), output("terminal", "o", data=text))
    told, left_out = describe(notebook.outputs_of("c")[0], ALL)
    assert page.stdin is not None and page.stdout is not None
    page.stdin.write(json.dumps(text) + "\n")
    page.stdin.flush()
    assert told == json.loads(page.stdout.readline()).strip("\n")
    assert left_out == 0


@given(TEXTS)
def test_what_is_shown_is_bounded(text: str) -> None:
    lines = render(text).split("\n")
    assert len(lines) <= text.count("\n") + ROWS
    assert sum(map(len, lines)) <= len(text) + len(lines) * COLUMNS


@pytest.mark.parametrize(
    ("before", "step"),
    [
        *product(
            ["x" * 20_000, "\n" * 20_000],
            ["\x1b[1K", "\x1b[2K.", "\x1b[1J", "\x1b[2J.", "\x1b[3J", "\x1b[u.\x1b[s", "\r.\b"],
        ),
        ("", "\x1b[99B\n"),
        ("", "\x1b[H\x1b[J\x1b[99B\n"),
        ("", "\x1b["),
        ("", "\x1b]"),
    ],
)
def test_time_is_linear(before: str, step: str) -> None:
    def seconds(count: int) -> float:
        began = process_time()
        render(before + step * count)
        return process_time() - began

    seconds(100)
    assert seconds(8_000) < 25 * seconds(800) + 0.1
