"""Python's reader and writer of notebooks' files, and what either language makes of a file."""

from __future__ import annotations

import itertools
import json
from typing import Any, NamedTuple

from runt_pyodide.errors import FileError
from runt_pyodide.ipynb import read_ipynb, write_ipynb
from runt_pyodide.json_text import is_json
from runt_pyodide.notebook.state import Notebook
from runt_pyodide.notebook.state.snapshot import state_json
from tests.support.notebook.page_fold import to_text


class Fault(NamedTuple):
    """What is wrong with a file."""

    sentence: str


class Read(NamedTuple):
    """The state that a file comes to, and the text of the file that this becomes."""

    state: Any
    written: str


def read_here(text: str, name: str | None = None) -> Read | Fault:
    """What Python makes of a file's text."""
    made = itertools.count()
    try:
        events = read_ipynb(text, "t", lambda: f"made-{next(made)}", name)
    except FileError as error:
        return Fault(str(error))
    notebook = Notebook(events)
    return Read(state_json(notebook), write_ipynb(notebook))


def comparable(read: Read | Fault) -> str:
    """Return a text that is the same for the same state and file."""
    if isinstance(read, Fault):
        return read.sentence
    return to_text([_reordered(read.state), json.loads(read.written)])


def _reordered(value: Any) -> Any:
    """The value with JSON texts in one order of their keys, since an object has none."""
    if isinstance(value, list):
        return [_reordered(item) for item in value]
    if not isinstance(value, dict):
        return value
    text = value.get("$json")
    if len(value) == 1 and isinstance(text, str) and is_json(text):
        return to_text(json.loads(text))
    return {key: _reordered(item) for key, item in value.items()}
