"""Reads a Jupyter notebook into the events that make a notebook of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..errors import FileError
from ..notebook import events as ev
from ..notebook.language import language_of, speaks_python
from ..notebook.ordering import index_between
from ..notebook.state import Notebook
from .carried import CARRIED, find_carried
from .exact_json import clean, is_whole, to_text
from .file import TOO_DEEP, read_file
from .magics import Content, read_magic
from .outputs import read_output
from .write import LANGUAGE_KEYS, choice_of, is_loader, write_ours

# What of `runt` in metadata is ours alone, in this version's files or earlier ones'.
_OUR_KEYS = ("cell_type", "ai_context", "ai_settings", "sql_variable", "metadata", "run")


def read_ipynb(
    text: str, author: str, make_id: Callable[[], str], name: str | None = None
) -> list[ev.Event]:
    """Return the events, in ``author``'s name, that make a notebook of the text of a file. The
    file's ``name``, without its ending, is the title if there is none in it.

    Raise FileError if the file is not a notebook that can be read.
    """
    try:
        return _read_ipynb(text, author, make_id, name)
    except RecursionError:
        raise FileError(TOO_DEEP) from None


def _read_ipynb(
    text: str, author: str, make_id: Callable[[], str], name: str | None
) -> list[ev.Event]:
    file = read_file(text, make_id)
    cells = [cell for cell in file["cells"] if not is_loader(cell)]
    ids = _choose_ids(cells, make_id)
    choice = choice_of(_settings_of(file.get("metadata")))
    is_python = speaks_python(language_of(file.get("metadata")))
    events = [*_notebook_events(file, name)]
    index: str | None = None
    for id, cell in zip(ids, cells, strict=True):
        index = index_between(index, None)
        events += _cell_events(id, index, cell, author, choice, is_python=is_python)
        events += _output_events(id, cell, make_id)
    read = [_read(name, args) for name, args in events]
    carried = _carried_events(read, {**file, "cells": cells}, ids)
    return [*read, *(_read(name, args) for name, args in carried)]


Wire = tuple[str, dict[str, Any]]


def _read(name: str, args: dict[str, Any]) -> ev.Event:
    event = ev.parse_event({"name": name, "args": args})
    assert event is not None
    return event


def _choose_ids(cells: Sequence[dict[str, Any]], make_id: Callable[[], str]) -> list[str]:
    taken = dict[str, None]()
    for cell in cells:
        id = cell.get("id")
        if not isinstance(id, str) or clean(id) != id or id in taken:
            id = make_id()
        taken[id] = None
    return list(taken)


def _notebook_events(file: dict[str, Any], name: str | None) -> Iterator[Wire]:
    """Yield what the file says of the notebook as a whole."""
    found, minor = file.get("metadata"), file.get("nbformat_minor")
    metadata: dict[str, Any] = found if isinstance(found, dict) else {}
    title = metadata.get("title")
    if named := title if isinstance(title, str) and title else name:
        yield "v1.NotebookTitleChanged", {"title": clean(named)}
    for key, value in _settings_of(metadata).items():
        if key != "title":
            yield "v1.NotebookMetadataSet", {"key": key, "value": value}
    for key in LANGUAGE_KEYS:
        if metadata.get(key) is not None:
            yield _json_event(key, clean(metadata[key]))
    yield _json_event(CARRIED, {"minor": minor if is_whole(minor) else 0})


def _json_event(key: str, value: Any) -> Wire:
    return "v1.NotebookJsonSet", {"key": key, "value": value}


def _settings_of(metadata: Any) -> dict[str, str]:
    """Return the notebook's settings in the metadata of a file."""
    runt = metadata.get("runt") if isinstance(metadata, dict) else None
    found = runt.get("metadata") if isinstance(runt, dict) else None
    items = found.items() if isinstance(found, dict) else ()
    return {clean(key): _text_of(value) for key, value in items}


def _text_of(value: Any) -> str:
    cleaned = clean("" if value is None else value)
    return cleaned if isinstance(cleaned, str) else to_text(cleaned)


def _cell_events(
    id: str, index: str, cell: dict[str, Any], author: str, choice: str, *, is_python: bool
) -> Iterator[Wire]:
    metadata = _object(cell.get("metadata"))
    runt, jupyter = _object(metadata.get("runt")), _object(metadata.get("jupyter"))
    source, kind = _text_of(cell.get("source")), cell.get("cell_type")
    own = source if kind == "code" else ""
    content = read_magic(own, clean(runt), choice, is_python=is_python)
    if kind != "code":
        content.cell_type, content.source = "markdown" if kind == "markdown" else "raw", source
    args = {"id": id, "cellType": content.cell_type, "fractionalIndex": index, "createdBy": author}
    yield "v2.CellCreated", args
    if content.source:
        changed = {"id": id, "source": content.source, "modifiedBy": author}
        yield "v1.CellSourceChanged", changed
    if jupyter.get("source_hidden") is True:
        yield "v1.CellSourceVisibilityToggled", {"id": id, "sourceVisible": False}
    if jupyter.get("outputs_hidden") is True or metadata.get("collapsed") is True:
        yield "v1.CellOutputVisibilityToggled", {"id": id, "outputVisible": False}
    if runt.get("ai_context") is False:
        yield "v1.CellAiContextVisibilityToggled", {"id": id, "aiContextVisible": False}
    yield from _setting_events(id, content, author)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _setting_events(id: str, content: Content, author: str) -> Iterator[Wire]:
    if content.ai is not None:
        yield "v1.AiSettingsChanged", {"cellId": id, **content.ai}
    if (variable := content.sql_variable) is not None:
        named = {"cellId": id, "resultVariable": variable, "changedBy": author}
        yield "v1.SqlResultVariableChanged", named
    for key, value in content.metadata.items():
        yield "v1.CellMetadataSet", {"cellId": id, "key": key, "value": value}


def _output_events(id: str, cell: dict[str, Any], make_id: Callable[[], str]) -> Iterator[Wire]:
    outputs = cell.get("outputs")
    if cell.get("cell_type") != "code" or not isinstance(outputs, list):
        return
    for position, output in enumerate(outputs):
        place = {"id": make_id(), "cellId": id, "position": position}
        yield "v1.OutputRestored", {**place, **read_output(output)}


def _carried_events(
    events: Sequence[ev.Event], file: dict[str, Any], ids: Sequence[str]
) -> Iterator[Wire]:
    """Yield what of the file the notebook that the events make has no place for."""
    notebook = Notebook(events)
    ours, written = write_ours(notebook)
    theirs = {key: value for key, value in file.items() if key != "cells"}
    if is_whole(file.get("nbformat_minor")):
        theirs["nbformat_minor"] = ours["nbformat_minor"]
    if "metadata" in file:
        theirs["metadata"] = _with_ours(file["metadata"], ours["metadata"])
    minor = notebook.json[CARRIED]["minor"]
    yield _json_event(CARRIED, {"minor": minor, **find_carried(ours, theirs)})
    for (own, _), cell, id in zip(written, file["cells"], ids, strict=True):
        if carried := _carried_of_cell(own, cell, id):
            value = {"type": own["cell_type"], **carried}
            yield "v1.CellMetadataSet", {"cellId": id, "key": CARRIED, "value": value}


def _carried_of_cell(written: dict[str, Any], cell: dict[str, Any], cell_id: str) -> dict[str, Any]:
    """Return what of a cell the notebook has no place for. Its outputs are not compared: each
    carries what is its own."""
    ours, theirs = dict(written), dict(cell)
    if "metadata" in cell:
        theirs["metadata"] = _with_ours(cell["metadata"], ours["metadata"])
    runt = _object(_object(cell.get("metadata")).get("runt"))
    if runt.get("ai_settings") is not None or runt.get("sql_variable") is not None:
        # Where a setting stands in the metadata, as in earlier versions, its line is written anew.
        theirs["source"] = ours["source"]
    if "outputs" in ours and isinstance(cell.get("outputs"), list):
        theirs["outputs"] = ours["outputs"]
    if "id" not in cell or (isinstance(cell["id"], str) and cell["id"] != cell_id):
        for one in (ours, theirs):
            one.pop("id", None)
    return find_carried(ours, theirs)


def _with_ours(theirs: Any, ours: dict[str, Any]) -> Any:
    """Return the metadata of a file, with what is ours in them as we write it."""
    if not isinstance(theirs, dict) or not isinstance(theirs.get("runt"), dict):
        return theirs
    own = {key: value for key, value in theirs["runt"].items() if key not in _OUR_KEYS}
    runt = {**own, **ours.get("runt", {})}
    others = {key: value for key, value in theirs.items() if key != "runt"}
    return {**others, **({"runt": runt} if runt else {})}
