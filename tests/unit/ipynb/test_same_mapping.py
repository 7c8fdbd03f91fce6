"""Python and the page make the same of any file, and it comes back as it was."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from runt_pyodide.ipynb.upgrade import upgrade
from tests.support.ipynb.here import Fault, comparable, read_here
from tests.support.ipynb.odd_files import FILES
from tests.support.ipynb.page import PageIpynb
from tests.support.notebook.page_fold import to_text


@pytest.fixture(scope="module")
def page() -> Iterator[PageIpynb]:
    page = PageIpynb()
    yield page
    page.close()


@given(FILES)
def test_python_and_the_page_make_the_same_of_a_file(page: PageIpynb, text: str) -> None:
    assert comparable(read_here(text)) == comparable(page.read(text))


@given(FILES.filter(lambda text: '"runt"' not in text and "%%" not in text))
def test_a_file_comes_back(text: str) -> None:
    read = read_here(text)
    assert not isinstance(read, Fault)
    assert to_text(_normal(read.written)) == to_text(_normal(text))


def _normal(text: str) -> dict[str, Any]:
    """The notebook as Jupyter reads it, with the same ids where it makes some."""
    made = itertools.count()
    return upgrade(json.loads(text), 4, lambda: f"made-{next(made)}")
