"""One notebook with one cassette, wherever it runs: by the command line, in the page, and in
JupyterLite. tests/data/course/README.md says how both were made."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from runt_pyodide.ipynb import read_ipynb
from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.state import Cell, Notebook
from scripts.paths import ROOT
from tests.support.same_outputs import DESCRIBE, describe

FOLDER = ROOT / "tests" / "data" / "course"
NOTEBOOK = FOLDER / "course.ipynb"
CASSETTE = FOLDER / "cassette.json"
EXPECTED = FOLDER / "expected.json"
SCRIPTED = FOLDER / "scripted.json"

__all__ = ["DESCRIBE"]

Described = dict[str, Any]


def scripted() -> dict[str, Any]:
    """The Test provider answers from the script that was recorded."""
    found: dict[str, Any] = json.loads(SCRIPTED.read_text("utf-8"))
    return found


def config() -> dict[str, Any]:
    """The Test provider plays the cassette."""
    cassette = json.loads(CASSETTE.read_text("utf-8"))
    return {**scripted(), "providers": {"test": {"cassette": cassette}}}


class CodeCell(NamedTuple):
    id: str
    source: str


def code_cells() -> list[CodeCell]:
    """The code cells of the file, as Jupyter runs them; the first one loads the extension."""
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    return [CodeCell(cell["id"], "".join(cell["source"])) for cell in code]


def expected() -> dict[str, Described]:
    """What each cell shows, by its id."""
    found: dict[str, Described] = json.loads(EXPECTED.read_text("utf-8"))
    return found


def events() -> list[ev.Event]:
    """The events that make the notebook of its file."""
    numbers = iter(range(1000))
    return read_ipynb(NOTEBOOK.read_text("utf-8"), "me", lambda: f"id-{next(numbers)}")


def describe_notebook(notebook: Notebook) -> dict[str, Described]:
    """What each cell shows, from the notebook that the runtime has written."""
    cells = notebook.cells_in_order()
    shown = {cell.id: _describe_cell(notebook, cell) for cell in cells}
    return {id: one for id, one in shown.items() if one}


def _describe_cell(notebook: Notebook, cell: Cell) -> Described:
    outputs = notebook.outputs_of(cell.id)
    if cell.cell_type == "ai":
        return {"ai": describe(outputs)}
    printed = [(one.stream_name or "", one.text) for one in outputs if one.kind == "terminal"]
    bundles = [
        {mime: getattr(each, "data", None) for mime, each in one.bundle.items()} for one in outputs
    ]
    errors = [one.error for one in outputs if one.kind == "error"]
    return _describe(printed, bundles, errors)


def describe_file_outputs(outputs: Iterable[Mapping[str, Any]]) -> Described:
    """What a cell shows, from the outputs as Jupyter has them."""
    some = [*outputs]
    printed = [(one["name"], _text(one["text"])) for one in some if one["output_type"] == "stream"]
    bundles = [one["data"] for one in some if "data" in one]
    errors = [one for one in some if one["output_type"] == "error"]
    return _describe(printed, bundles, errors)


def _describe(
    printed: Iterable[tuple[str, str]],
    bundles: Iterable[Mapping[str, Any]],
    errors: Iterable[Mapping[str, Any]],
) -> Described:
    """Streams by name, results and displays as plain text, and errors by name and value."""
    described: Described = {}
    for name, text in printed:
        described[name] = described.get(name, "") + text
    plain = [_text(one["text/plain"]) for one in bundles if "text/plain" in one]
    if plain:
        described["text/plain"] = plain
    for error in errors:
        described["error"] = [_name(error["ename"]), error["evalue"]]
    return described


def _name(ename: str) -> str:
    """The name of an error; JupyterLite's kernel gives its class, as ``<class 'KeyError'>``."""
    return re.sub(r"^<class '(.*)'>$", r"\1", ename)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "".join(value)
