"""The language in which a notebook's code cells are written: ``js/notebook/ipynb/language.js``."""

from __future__ import annotations

import re
from typing import Any

from .state import Notebook
from .state.cells import CARRIED

_PYTHON = re.compile(r"(?:i?python\d*|pyodide)", re.IGNORECASE | re.ASCII)


def language_of(metadata: Any) -> str | None:
    """Return the language in which a notebook's metadata say that it is written; None if they do
    not."""
    found = _object(metadata)
    said = (
        _object(found.get("kernelspec")).get("language"),
        _object(found.get("language_info")).get("name"),
        found.get("language"),
    )
    return next((name for name in said if isinstance(name, str) and name), None)


def speaks_python(language: str | None) -> bool:
    """Return whether code in this language is run as Python, as is code of which none is said."""
    return language is None or _PYTHON.fullmatch(language) is not None


def foreign_language(notebook: Notebook) -> str | None:
    """Return the language of a notebook that came from a file in another one than Python."""
    added = _object(_object(_object(notebook.json.get(CARRIED)).get("added")).get("metadata"))
    language = language_of({**notebook.json, "language": added.get("language")})
    return None if speaks_python(language) else language


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
