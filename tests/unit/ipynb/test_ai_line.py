"""The line of an AI cell, which the page reads as the kernel does."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.asking.magic_line import MagicLine
from runt_pyodide.ipynb.ai_line import read_line, write_line
from tests.support.ipynb.here import Fault, comparable, read_here
from tests.support.ipynb.odd_files import WORDS
from tests.support.ipynb.page import PageIpynb

_NUMBERS = st.one_of(st.none(), st.floats(-(2**53) + 1, 2**53 - 1))
# A lone `--` in a text does not fit on the line.
_WORDS = st.text("ab \u00e9'\"\\=%>f-", max_size=8).filter(
    lambda text: "--" not in text
) | st.sampled_from(["use -> b", "->"])
LINES = st.builds(
    MagicLine,
    model=st.sampled_from([None, "openai/gpt-5", "a b/c'd"]),
    system=st.one_of(st.none(), _WORDS),
    temperature=_NUMBERS,
    max_tokens=st.one_of(st.none(), st.integers(-5, 2**53 - 1)),
    top_p=_NUMBERS,
    seed=st.one_of(st.none(), st.integers(-5, 5)),
    stop=st.lists(_WORDS, max_size=2).map(tuple),
    reasoning_effort=st.sampled_from([None, "low"]),
    web_search=st.sampled_from([None, True, False]),
    tools=st.booleans(),
    context=st.booleans(),
    format=st.sampled_from([None, "code", "json"]),
    raw=st.booleans(),
    target=st.sampled_from([None, "answer"]),
)


@pytest.fixture(scope="module")
def page() -> Iterator[PageIpynb]:
    page = PageIpynb()
    yield page
    page.close()


@given(LINES)
def test_what_is_written_is_read_again(line: MagicLine) -> None:
    read = read_line(write_line(line).removeprefix("%%ai").strip())
    assert read is not None
    assert tuple(read.stop) == line.stop
    for name in ("model", "system", "temperature", "max_tokens", "top_p", "seed", "target"):
        assert getattr(read, name) == getattr(line, name)
    assert read.asking == line.asking


@given(st.lists(WORDS, max_size=7))
def test_the_page_reads_a_line_as_the_kernel_does(page: PageIpynb, words: list[str]) -> None:
    cell = {"cell_type": "code", "id": "a", "source": f"%%ai {' '.join(words)}\nWhy?"}
    text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": [cell]})
    assert comparable(read_here(text)) == comparable(page.read(text))


@pytest.mark.parametrize("system", ["x" * 5_000, "x" * 5_001, "\U0001f642" * 5_000])
def test_what_is_too_long_for_a_line_stays_beside_it(page: PageIpynb, system: str) -> None:
    line = write_line(MagicLine(system=system))
    assert (line == "%%ai") == (len(system) > 5_000)
    held = {} if len(system) <= 5_000 else {"metadata": {"system_prompt": system}}
    cell = {"cell_type": "code", "id": "a", "source": f"{line}\nWhy?", **held}
    text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": [cell]})
    read = read_here(text)
    assert comparable(read) == comparable(page.read(text))
    assert not isinstance(read, Fault)
    assert read_here(read.written) == read
