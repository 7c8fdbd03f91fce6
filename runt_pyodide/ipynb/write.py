"""Writes a notebook as a Jupyter notebook of format 4.

An AI cell becomes a code cell that begins with ``%%ai``, which runs in JupyterLite with this wheel
and is readable without it; an SQL cell becomes one that begins with ``%%sql``. Whatever Jupyter has
no field for is under ``runt`` in the metadata, and what a file held that a notebook has no place
for is put back. https://nbformat.readthedocs.io/en/latest/format_description.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..notebook.state import Cell, Notebook
from .carried import CARRIED, put_back
from .exact_json import escape_halves, is_equal, is_whole
from .write_cell import complete_cell, held_texts, write_cell

LANGUAGE_KEYS = ("kernelspec", "language_info")
"""What a notebook's file says of its kernel: these have keys of their own in its JSON."""

# The first minor version of the format in which cells have ids.
_WITH_IDS = 5
# The first cell of a file with AI cells, if none of its own loads what runs them in JupyterLite.
LOADER_ID = "load-runt-pyodide"
_LOADER = "%pip install -q runt-pyodide\n%load_ext runt_pyodide"
_LOADS = re.compile(r"^[ \t]*%load_ext[ \t]+runt_pyodide\b", re.MULTILINE | re.ASCII)
# Of notebooks that run anywhere, and of those with AI cells, which run in Pyodide.
_PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}
_PYODIDE = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
# The MIME types whose text Jupyter writes in lines.
_HAS_LINES = re.compile(r"text/|application/javascript$|image/svg\+xml$")

Written = Sequence[tuple[dict[str, Any], Cell]]
"""Cells, each as we write it."""


def write_ipynb(notebook: Notebook, *, adds_loader: bool = True) -> str:
    """Return the text of the notebook's file. One with AI cells gets the cell that loads what runs
    them in JupyterLite, if it ``adds_loader``."""
    ours, cells = write_ours(notebook)
    whole = put_back(ours, notebook.json.get(CARRIED))
    completed = [complete_cell(written, cell) for written, cell in cells]
    loader = _loader_for(cells) if adds_loader else []
    file = {**whole, "cells": [_split_lines(cell) for cell in (*loader, *completed)]}
    return escape_halves(json.dumps(file, indent=1, ensure_ascii=False)) + "\n"


def write_ours(notebook: Notebook) -> tuple[dict[str, Any], Written]:
    """Return the notebook and its cells as we write them, without what its file held and with
    joined lines."""
    cells = notebook.cells_in_order()
    types = {cell.cell_type for cell in cells}
    minor = _minor_of(notebook.json.get(CARRIED))
    has_ids = minor >= _WITH_IDS or bool(types & {"ai", "sql"})
    choice = choice_of(notebook.metadata)
    written = [(write_cell(notebook, cell, choice), cell) for cell in cells]
    if not has_ids:
        for ours, _ in written:
            del ours["id"]
    file = {
        "nbformat": 4,
        "nbformat_minor": max(minor, _WITH_IDS) if has_ids else minor,
        "metadata": _write_metadata(notebook, _PYODIDE if "ai" in types else _PYTHON),
    }
    return file, written


def _minor_of(carried: object) -> int:
    """Return the minor version that the notebook's file had; a log may hold anything."""
    minor = carried.get("minor") if isinstance(carried, dict) else None
    return int(minor) if minor is not None and is_whole(minor) else _WITH_IDS


def choice_of(metadata: Mapping[str, str]) -> str:
    """Return the model of cells that choose none, as it stands on a line."""
    parts = (metadata.get("ai_provider"), metadata.get("ai_model"))
    return "/".join(part for part in parts if part)


def _write_metadata(notebook: Notebook, kernelspec: dict[str, str]) -> dict[str, Any]:
    title = notebook.metadata.get("title")
    settings = {key: value for key, value in notebook.metadata.items() if value}
    all_settings = {**notebook.metadata, **held_texts(notebook, "settings"), **settings}
    own = {key: value for key, value in all_settings.items() if key != "title"}
    return {
        "kernelspec": notebook.json.get("kernelspec", kernelspec),
        "language_info": notebook.json.get("language_info", {"name": "python"}),
        **({"title": title} if title else {}),
        **({"runt": {"metadata": own}} if own else {}),
    }


def _loader_for(cells: Written) -> list[dict[str, Any]]:
    is_loaded = any(cell.cell_type == "code" and _LOADS.search(cell.source) for _, cell in cells)
    if is_loaded or all(cell.cell_type != "ai" for _, cell in cells):
        return []
    shown = {"cell_type": "code", "id": LOADER_ID, "metadata": {}, "source": _LOADER}
    return [{**shown, "execution_count": None, "outputs": []}]


def is_loader(cell: Mapping[str, Any]) -> bool:
    """Return whether a cell of a file is the one that we add."""
    return is_equal([cell.get("id"), cell.get("source")], [LOADER_ID, _LOADER])


def _split_lines(cell: dict[str, Any]) -> dict[str, Any]:
    """Return the cell with text as lists of lines, as Jupyter writes it."""
    split = dict(cell)
    if isinstance(cell.get("source"), str):
        split["source"] = _lines_of(cell["source"])
    if isinstance(cell.get("outputs"), list):
        split["outputs"] = [_split_output(output) for output in cell["outputs"]]
    return split


def _split_output(output: Any) -> Any:
    if not isinstance(output, dict):
        return output
    kind, text, data = output.get("output_type"), output.get("text"), output.get("data")
    if kind == "stream" and isinstance(text, str):
        return {**output, "text": _lines_of(text)}
    if kind not in ("display_data", "execute_result") or not isinstance(data, dict):
        return output
    lines = {
        mime: _lines_of(value) if isinstance(value, str) and _HAS_LINES.match(mime) else value
        for mime, value in data.items()
    }
    return {**output, "data": lines}


def _lines_of(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)
