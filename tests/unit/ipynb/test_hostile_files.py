"""Files that no Jupyter has written are read, or refused in a sentence, and what is read opens
again: in the page's fold and in Python's."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from itertools import count
from typing import Any

import pytest

from runt_pyodide.errors import FileError
from runt_pyodide.ipynb import decode_file, read_ipynb, write_ipynb
from runt_pyodide.notebook.state import Notebook
from scripts.paths import ROOT
from tests.support.hostile.files import FILES
from tests.support.notebook.page_fold import fold_here

MOST_MS = 2_000
SENTENCE = re.compile(r"Error: [A-Z][^\n]{10,300}\.")


@pytest.fixture(scope="module")
def read() -> dict[str, dict[str, Any]]:
    """What came of each file."""
    lines = "\n".join(base64.b64encode(one).decode() for one in FILES.values())
    program = ["node", "tests/support/hostile/read_files.mjs"]
    done = subprocess.run(
        program, input=lines, capture_output=True, text=True, cwd=ROOT, check=True
    )
    answers = [json.loads(line) for line in done.stdout.split("\n") if line]
    return dict(zip(FILES, answers, strict=True))


def test_there_are_many() -> None:
    assert len(FILES) > 60


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_read_or_refused_and_opens_again(
    read: dict[str, dict[str, Any]], name: str
) -> None:
    one = read[name]
    assert "failed" not in one, one["failed"]
    assert not one["refused"] or SENTENCE.fullmatch(one["refused"]), one["refused"]
    assert one["isSame"] and one["isBack"] and not one["isPolluted"]
    assert one["warnings"] == []
    assert one["ms"] < MOST_MS
    # Nothing in a file allows a tool or prompts a model by itself.
    assert (one["policies"], one["prompt"]) == ([], "")
    assert fold_here(one["events"]).refused == 0


@pytest.mark.parametrize("name", FILES)
def test_python_reads_or_refuses_it_too_and_what_it_writes_stays(name: str) -> None:
    ids = map("id{}".format, count())
    try:
        text = decode_file(FILES[name])
        written = write_ipynb(Notebook(read_ipynb(text, "me", lambda: next(ids))))
    except FileError as error:
        assert re.fullmatch(r"This [^\n]{10,300}\.", str(error))
        return
    again = read_ipynb(written, "me", lambda: next(ids))
    assert write_ipynb(Notebook(again)) == written
