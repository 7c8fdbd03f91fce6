"""Conversations in files: the events that make their cells and outputs, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import Any

from ..errors import EventError, FileError
from ..notebook import events as ev
from ..notebook.state import Cell, Notebook
from ..notebook.state.output import Output

_FORMAT = "runt-pyodide conversation"
_VERSION = 1


def write_exchanges(notebook: Notebook, cells: Iterable[Cell]) -> Iterator[ev.Event]:
    """Yield events that make these AI cells, with their settings and outputs as they stand."""
    for place, cell in enumerate(cells, 1):
        yield ev.CellCreated(
            id=cell.id,
            cell_type=cell.cell_type,
            fractional_index=f"{place:012d}",
            created_by=cell.created_by,
        )
        yield ev.CellSourceChanged(id=cell.id, source=cell.source, modified_by=cell.modified_by)
        if cell.ai is not None:
            yield cell.ai
        for key, value in cell.metadata.items():
            yield ev.CellMetadataSet(cell_id=cell.id, key=key, value=value)
        for output in notebook.outputs_of(cell.id):
            yield _restored(output)


def _restored(output: Output) -> ev.OutputRestored:
    return ev.OutputRestored(
        id=output.id,
        cell_id=output.cell_id,
        position=output.position,
        output=ev.RestoredOutput(
            kind=output.kind,
            text=output.text or None,
            bundle=output.bundle or None,
            error=output.error or None,
            metadata=output.metadata or None,
            stream_name=output.stream_name,
            display_id=output.display_id,
        ),
        execution_count=output.execution_count,
    )


def write_file(path: str | PathLike[str], events: Iterable[ev.Event]) -> None:
    """Write a conversation. Raise OSError if the file cannot be written."""
    data = {"format": _FORMAT, "version": _VERSION, "events": [ev.to_wire(one) for one in events]}
    Path(path).write_text(json.dumps(data, ensure_ascii=False, indent=1), "utf-8")


def read_file(path: str | PathLike[str]) -> list[ev.Event]:
    """Return the events of a conversation. Raise OSError if the file cannot be read, and FileError
    if it holds no conversation that this version knows."""
    data = _read_json(path)
    if not isinstance(data, dict) or data.get("format") != _FORMAT:
        raise FileError(f"{str(path)!r} holds no conversation: give a file that `save` wrote.")
    if data.get("version") != _VERSION:
        raise FileError(
            f"{str(path)!r} was written by another version of runt-pyodide: this one reads "
            f"conversations of the format {_VERSION}, not {data.get('version')!r}."
        )
    try:
        read = [ev.parse_event(one) for one in _list_of(data.get("events"))]
    except (EventError, TypeError) as error:
        raise FileError(f"{str(path)!r} is damaged: {error}.") from None
    return [event for event in read if isinstance(event, _KINDS)]


_KINDS = (
    ev.CellCreated,
    ev.CellSourceChanged,
    ev.AiSettingsChanged,
    ev.CellMetadataSet,
    ev.OutputRestored,
)


def _list_of(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("its events are no list")
    return value


def _read_json(path: str | PathLike[str]) -> Any:
    try:
        return json.loads(Path(path).read_text("utf-8"))
    except (ValueError, RecursionError):
        return None
