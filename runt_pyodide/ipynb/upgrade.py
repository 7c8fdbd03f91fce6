"""Brings a notebook of format 1, 2 or 3 to format 4, and any to the form in which nbformat reads
it: lines joined, what is only of one session left out, and an id for each cell where the format has
ids.

The steps are those of nbformat, in its folders v2, v3 and v4. What they cannot deal with stays as
it is. https://github.com/jupyter/nbformat/tree/main/nbformat
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

_MIME_TYPES = {
    "text": "text/plain",
    "html": "text/html",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "latex": "text/latex",
    "json": "application/json",
    "javascript": "application/javascript",
}
_OLD_LINES = ("text", "html", "svg", "latex", "javascript", "json")
_TRANSIENT = ("orig_nbformat", "orig_nbformat_minor", "signature")
_WITH_IDS = 5


def upgrade(file: dict[str, Any], version: int, make_id: Callable[[], str]) -> dict[str, Any]:
    """Return the notebook in format 4. ``version`` is up to 4; its cells are objects."""
    if version < 4:
        file = _from_worksheets(_with_worksheet(file) if version < 2 else file, version)
    return _normal(file, make_id)


def _with_worksheet(file: dict[str, Any]) -> dict[str, Any]:
    """Format 1 to 2."""
    cells: list[dict[str, Any]] = []
    for cell in file["cells"]:
        if cell.get("cell_type") == "code":
            shown = {"cell_type": "code", "language": "python", "outputs": [], "collapsed": False}
            if "code" in cell:
                shown["input"] = cell["code"]
            if "prompt_number" in cell:
                shown["prompt_number"] = cell["prompt_number"]
            cells.append(shown)
        elif cell.get("cell_type") == "text":
            text = {"source": cell["text"]} if "text" in cell else {}
            cells.append({"cell_type": "markdown", **text})
    return {"nbformat": 2, "metadata": {}, "worksheets": [{"cells": cells}]}


def _from_worksheets(file: dict[str, Any], version: int) -> dict[str, Any]:
    """Format 2 or 3 to 4."""
    sheets = file.get("worksheets", [])
    whole = _without(file, ("worksheets", "orig_nbformat", "orig_nbformat_minor", "metadata"))
    metadata = file.get("metadata")
    kept = _without(metadata if isinstance(metadata, dict) else {}, ("name", "signature"))
    cells = [
        _upgrade_cell(_join_old_lines(cell, version)) for sheet in sheets for cell in sheet["cells"]
    ]
    return {**whole, "nbformat": 4, "nbformat_minor": 5, "metadata": kept, "cells": cells}


def _join_old_lines(cell: dict[str, Any], version: int) -> dict[str, Any]:
    def join(lines: Any) -> Any:
        return _join_old(lines, version)

    if cell.get("cell_type") != "code":
        return _map(cell, ("source", "rendered"), join)
    joined = _map(cell, ("input",), join)
    if isinstance(cell.get("outputs"), list):
        joined["outputs"] = [
            _map(output, _OLD_LINES, join) if isinstance(output, dict) else output
            for output in cell["outputs"]
        ]
    return joined


def _join_old(lines: Any, version: int) -> Any:
    """Join lines, which may have been written without their ends."""
    if not _are_lines(lines):
        return lines
    has_ends = version > 2 and bool(lines) and lines[0].endswith(("\n", "\r"))
    return ("" if has_ends else "\n").join(lines)


def _upgrade_cell(cell: dict[str, Any]) -> dict[str, Any]:
    kind, level = cell.get("cell_type"), cell.get("level", 1)
    metadata = {} if cell.get("metadata") is None else cell["metadata"]
    cell = {**_without(cell, ("trusted", "level")), "metadata": metadata}
    if kind == "code":
        collapsed, outputs = cell.get("collapsed"), cell.get("outputs")
        has_collapsed = "collapsed" in cell and isinstance(metadata, dict)
        upgraded = {
            **_without(cell, ("language", "collapsed", "input", "prompt_number", "outputs")),
            "metadata": {**metadata, "collapsed": collapsed} if has_collapsed else metadata,
            "source": cell.get("input", ""),
            "execution_count": cell.get("prompt_number"),
        }
        if isinstance(outputs, list):
            upgraded["outputs"] = [_upgrade_output(output) for output in outputs]
        elif "outputs" in cell:
            upgraded["outputs"] = outputs
        return upgraded
    if kind == "heading":
        source = cell.get("source")
        line = " ".join(str("" if source is None else source).splitlines())
        return {**cell, "cell_type": "markdown", "source": f"{'#' * _level_of(level)} {line}"}
    return {**cell, "cell_type": "markdown"} if kind == "html" else cell


def _level_of(level: object) -> int:
    """Return the level of a heading, of which a file may have any."""
    if isinstance(level, bool) or not isinstance(level, int | float):
        return 1
    return int(min(max(level, 0), 100)) if level == level else 0


def _upgrade_output(output: Any) -> Any:
    if not isinstance(output, dict):
        return output
    match output.get("output_type"):
        case "pyout" | "display_data":
            return _upgrade_bundle(output)
        case "pyerr":
            return {**output, "output_type": "error"}
        case "stream":
            return {**_without(output, ("stream",)), "name": output.get("stream", "stdout")}
    return output


def _upgrade_bundle(output: dict[str, Any]) -> dict[str, Any]:
    is_result = output["output_type"] == "pyout"
    apart = {"output_type", "metadata", "execution_count"} | (
        {"prompt_number"} if is_result else set()
    )
    data = _with_mime_types(_without(output, apart))
    if isinstance(text := data.get("application/json"), str):
        data["application/json"] = _parsed_or(text)
    metadata = output.get("metadata", {})
    upgraded: dict[str, Any] = {
        "output_type": "execute_result" if is_result else "display_data",
        "metadata": _with_mime_types(metadata) if isinstance(metadata, dict) else metadata,
        "data": data,
    }
    if is_result:
        upgraded["execution_count"] = output.get("prompt_number")
    elif "execution_count" in output:
        upgraded["execution_count"] = output["execution_count"]
    return upgraded


def _parsed_or(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _with_mime_types(values: dict[str, Any]) -> dict[str, Any]:
    return {_MIME_TYPES.get(key, key): value for key, value in values.items()}


def _normal(file: dict[str, Any], make_id: Callable[[], str]) -> dict[str, Any]:
    """Return the form in which nbformat reads format 4."""
    cells = [_normal_cell(cell) for cell in file["cells"]]
    minor = file.get("nbformat_minor")
    if isinstance(minor, int | float) and minor >= _WITH_IDS:
        cells = _with_ids(cells, make_id)
    whole = {**file, "cells": cells}
    if "metadata" in file:
        whole["metadata"] = _without(file["metadata"], _TRANSIENT)
    return whole


def _with_ids(cells: list[dict[str, Any]], make_id: Callable[[], str]) -> list[dict[str, Any]]:
    taken: list[Any] = []
    known: set[str] = set()
    for cell in cells:
        id = cell.get("id")
        is_fine = "id" in cell and (id not in known if isinstance(id, str) else id not in taken)
        cell["id"] = id if is_fine else make_id()
        if isinstance(cell["id"], str):
            known.add(cell["id"])
        else:
            taken.append(cell["id"])
    return cells


def _normal_cell(cell: dict[str, Any]) -> dict[str, Any]:
    normal = _map(cell, ("source",), _join_lines)
    if "metadata" in cell:
        normal["metadata"] = _without(cell["metadata"], ("trusted",))
    if isinstance(attachments := cell.get("attachments"), dict):
        normal["attachments"] = _map(attachments, attachments, _join_bundle)
    if cell.get("cell_type") == "code" and isinstance(cell.get("outputs"), list):
        normal["outputs"] = [_normal_output(output) for output in cell["outputs"]]
    return normal


def _normal_output(output: Any) -> Any:
    if not isinstance(output, dict):
        return output
    kind = output.get("output_type")
    if kind in ("execute_result", "display_data"):
        return _map(output, ("data",), _join_bundle)
    is_named = isinstance(kind, str) and kind
    return _map(output, ("text",), _join_lines) if is_named else output


def _join_bundle(bundle: Any) -> Any:
    if not isinstance(bundle, dict):
        return bundle
    return _map(bundle, [mime for mime in bundle if not is_json(mime)], _join_lines)


def _join_lines(lines: Any) -> Any:
    return "".join(lines) if _are_lines(lines) else lines


def _are_lines(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(line, str) for line in value)


def is_json(mime: str) -> bool:
    """Return whether data of a MIME type is JSON, which may be a list that is no text."""
    return mime == "application/json" or (
        mime.startswith("application/") and mime.endswith("+json")
    )


def _without(value: Any, keys: Iterable[str]) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: item for key, item in value.items() if key not in keys}


def _map(
    value: dict[str, Any], keys: Iterable[str], change: Callable[[Any], Any]
) -> dict[str, Any]:
    """Return a copy with the items under these keys changed, if they are there."""
    chosen = {key: change(value[key]) for key in keys if key in value}
    return {**value, **chosen}
