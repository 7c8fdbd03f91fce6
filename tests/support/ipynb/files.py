"""Notebooks' files: those of Jupyter's own tests, and those of our cases."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import nbformat
import pytest

from scripts.paths import ROOT

JUPYTERS = sorted((ROOT / "tests" / "data" / "notebooks").glob("*/*.ipynb"))
CASES = [
    (f"{path.stem}: {case['rule']}", case)
    for path in sorted((ROOT / "schema" / "ipynb-cases").glob("*.json"))
    for case in json.loads(path.read_text("utf-8"))
]


def text_of(case: dict[str, Any]) -> str:
    """The text of a case's file."""
    return str(case["text"]) if "text" in case else json.dumps(case["file"])


def all_files() -> Iterator[Any]:
    """Yield the text of each file that comes back as it is, as parameters of a test: all but those
    in which something of ours is written anew."""
    for path in JUPYTERS:
        yield pytest.param(path.read_text("utf-8"), id=f"{path.parent.name}/{path.name}")
    for name, case in CASES:
        if "becomes" in case and "runt" in text_of(case):
            continue
        yield pytest.param(text_of(case), id=name)


def as_jupyter_reads(text: str) -> dict[str, Any] | None:
    """Return the notebook as nbformat upgrades it; None if nbformat refuses it."""
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            notebook = nbformat.reads(text, as_version=4)
            written = nbformat.writes(notebook, split_lines=False)
        except (AttributeError, KeyError, TypeError, ValueError, nbformat.ValidationError):
            return None
    read: dict[str, Any] = json.loads(written)
    return read
