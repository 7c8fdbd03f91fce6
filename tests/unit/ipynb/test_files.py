"""Notebooks' files come back as Jupyter reads them: those of nbformat's and nbconvert's own tests,
and one for each peculiarity. Python and the page make the same of each."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.support.ipynb.files import JUPYTERS, all_files, as_jupyter_reads
from tests.support.ipynb.here import Fault, comparable, read_here
from tests.support.ipynb.page import PageIpynb
from tests.support.notebook.page_fold import to_text

FILES = [*all_files()]


@pytest.fixture(scope="module")
def page() -> Iterator[PageIpynb]:
    page = PageIpynb()
    yield page
    page.close()


@pytest.mark.parametrize("text", FILES)
def test_a_file_comes_back_as_jupyter_reads_it(page: PageIpynb, text: str) -> None:
    theirs = as_jupyter_reads(text)
    read = read_here(text)
    assert comparable(read) == comparable(page.read(text))
    if isinstance(read, Fault):
        assert theirs is None
        return
    again = read_here(read.written)
    assert not isinstance(again, Fault) and again.written == read.written
    if theirs is None:
        return  # more is read here than there
    ours = as_jupyter_reads(read.written)
    assert ours is not None
    given = [cell.get("id") for cell in json.loads(text).get("cells", [])]
    if (
        theirs.get("nbformat_minor", 0) < 5 <= ours.get("nbformat_minor", 0)
    ):  # an AI or SQL cell needs an id
        theirs["nbformat_minor"] = ours["nbformat_minor"]
    for place, (own, other) in enumerate(zip(ours["cells"], theirs["cells"], strict=True)):
        if place >= len(given) or given[place] is None or other.get("id") != given[place]:
            own.pop("id", None)
            other.pop("id", None)
    assert to_text(ours) == to_text(theirs)


def test_there_are_enough_files() -> None:
    assert len(JUPYTERS) == 44
    assert len(FILES) >= 60
