"""The text of a notebook's file, of any format that Jupyter reads. What is wrong with a file is
said in one sentence, for people."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable
from typing import Any

from ..errors import FileError
from .upgrade import upgrade

_FORMAT = 4
_MERGE = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)
_NO_TEXT = (
    "This file is not text in UTF-8, as notebooks are.",
    "Save it in UTF-8, then try again.",
)
TOO_DEEP = "This file is nested too deep to be read as a notebook."
_NO_CELLS = "This file is not a notebook: it has no list of cells."


def decode_file(data: bytes) -> str:
    """Return the text of a file's bytes. Raise FileError if they are no text."""
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(_NO_TEXT[0], advice=_NO_TEXT[1]) from None


def read_file(text: str, make_id: Callable[[], str]) -> dict[str, Any]:
    """Return the notebook in format 4, with joined lines: see ``upgrade``. Raise FileError if it
    cannot be read."""
    file = _parse_file(text)
    if not isinstance(file, dict):
        raise FileError(_NO_CELLS)
    version = _format_of(file)
    for cells in _sheets_of(file) if version in (2, 3) else [file.get("cells")]:
        _check_cells(cells)
    return upgrade(file, version, make_id)


def _parse_file(text: str) -> Any:
    text = text.removeprefix("\ufeff")
    try:
        return json.loads(text)
    except RecursionError:
        raise FileError(TOO_DEEP) from None
    except ValueError:
        said, advice = _describe_text(text)
        raise FileError(said, advice=advice) from None


def _describe_text(text: str) -> tuple[str, str]:
    """Say why a text is not JSON, and what to do."""
    if not text.strip():
        return "This file is empty.", ""
    if "\0" in text:  # UTF-16 without its mark, UTF-32, or no text at all
        return _NO_TEXT
    if _MERGE.search(text):
        return (
            "This file has the marks of a merge in it (<<<<<<<).",
            "Resolve the conflict, for example with nbdime, then try again.",
        )
    if text.lstrip().startswith("<"):
        return (
            "This file is a web page, not a notebook.",
            "Download the notebook itself, on GitHub with \u201cDownload raw file\u201d.",
        )
    if text.startswith("version https://git-lfs"):
        return (
            "This file is a pointer of Git LFS, not the notebook itself.",
            "Fetch the notebook with `git lfs pull`, then try again.",
        )
    return "This file is not a notebook: it is not JSON, or it is cut off.", ""


def _format_of(file: dict[str, Any]) -> int:
    version, sheets = file.get("nbformat"), "worksheets" in file
    if version is None:
        if sheets:
            return 3
        return 1 if _is_of_format_1(file.get("cells")) else _FORMAT
    if not isinstance(version, bool) and version in range(1, _FORMAT + 1):
        return int(version)
    raise FileError(
        f"This notebook has the format {json.dumps(version)}, and only formats 1 to {_FORMAT} can "
        "be read.",
        advice=f"Save it in format {_FORMAT}, then try again.",
    )


def _is_of_format_1(cells: object) -> bool:
    first = cells[0] if isinstance(cells, list) and cells else None
    return (
        isinstance(first, dict) and "source" not in first and ("code" in first or "text" in first)
    )


def _sheets_of(file: dict[str, Any]) -> list[Any]:
    sheets = file.get("worksheets")
    if not isinstance(sheets, list):
        return [None]
    return [sheet.get("cells") if isinstance(sheet, dict) else None for sheet in sheets]


def _check_cells(cells: object) -> None:
    if not isinstance(cells, list):
        raise FileError(_NO_CELLS)
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict):
            raise FileError(
                f"This notebook cannot be read: cell {number} is {_kind_of(cell)}, not a cell."
            )


def _kind_of(value: object) -> str:
    match value:
        case None:
            return "null"
        case list():
            return "a list"
        case bool():
            return "boolean"
        case str():
            return "string"
    return "number"
