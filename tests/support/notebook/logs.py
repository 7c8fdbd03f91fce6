"""Shorthands for writing the events of a notebook, and for the resulting state."""

from __future__ import annotations

from typing import Any

from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.events import OutputKind
from runt_pyodide.notebook.state import Notebook
from runt_pyodide.notebook.state.output import Output, OutputAdded
from runt_pyodide.notebook.state.snapshot import state_json

TIME = "2026-01-01T00:00:00.000Z"


def cell(
    id: str, cell_type: ev.CellType = "code", source: str = "", index: str | None = None
) -> list[ev.Event]:
    """Return a cell and its source; cells are in the order of their ids if no index is given."""
    created = ev.CellCreated(
        id=id, cell_type=cell_type, fractional_index=index or "a", created_by="me"
    )
    return [created, ev.CellSourceChanged(id=id, source=source, modified_by="me")]


def output(
    kind: OutputKind,
    id: str,
    cell_id: str = "c",
    *,
    data: Any = "",
    position: float = 0,
    metadata: dict[str, Any] | None = None,
    display_id: str | None = None,
) -> OutputAdded:
    """Return an output: ``data`` is its text, the bundle of a display or result, or an error."""
    place: dict[str, Any] = {"id": id, "cell_id": cell_id, "position": position}
    content = ev.Inline(data=data, metadata=metadata)
    if kind == "terminal":
        return ev.TerminalOutputAdded(**place, content=content, stream_name="stdout")
    if kind == "markdown":
        return ev.MarkdownOutputAdded(**place, content=content)
    if kind == "error":
        return ev.ErrorOutputAdded(**place, content=content)
    if kind == "result":
        return ev.MultimediaResultOutputAdded(
            **place, representations=bundle(data), execution_count=1
        )
    return ev.MultimediaDisplayOutputAdded(
        **place, representations=bundle(data), display_id=display_id
    )


def bundle(data: dict[str, Any]) -> ev.Bundle:
    """Return representations by MIME type; other values become inline data."""
    return {
        mime: value if isinstance(value, ev.Inline | ev.Artifact) else ev.Inline(data=value)
        for mime, value in data.items()
    }


def delta(id: str, number: int, output_id: str = "o", **body: Any) -> ev.OutputDelta:
    return ev.OutputDelta(
        id=id, cell_id="c", output_id=output_id, sequence_number=number, delta=ev.DeltaBody(**body)
    )


def requested(queue_id: str, cell_id: str = "c", count: int = 1) -> ev.ExecutionRequested:
    return ev.ExecutionRequested(
        queue_id=queue_id, cell_id=cell_id, execution_count=count, requested_by="me"
    )


def assigned(queue_id: str, session_id: str = "s") -> ev.ExecutionAssigned:
    return ev.ExecutionAssigned(queue_id=queue_id, runtime_session_id=session_id)


def started(queue_id: str, cell_id: str = "c", session_id: str = "s") -> ev.ExecutionStarted:
    return ev.ExecutionStarted(
        queue_id=queue_id, cell_id=cell_id, runtime_session_id=session_id, started_at=TIME
    )


def completed(
    queue_id: str, cell_id: str = "c", status: Any = "success", error: str | None = None
) -> ev.ExecutionCompleted:
    return ev.ExecutionCompleted(
        queue_id=queue_id,
        cell_id=cell_id,
        status=status,
        error=error,
        completed_at=TIME,
        execution_duration_ms=1,
    )


def cancelled(queue_id: str, cell_id: str = "c") -> ev.ExecutionCancelled:
    return ev.ExecutionCancelled(
        queue_id=queue_id, cell_id=cell_id, cancelled_by="me", reason="stop"
    )


def cleared(cell_id: str = "c", *, wait: bool = False) -> ev.CellOutputsCleared:
    return ev.CellOutputsCleared(cell_id=cell_id, wait=wait, cleared_by="me")


def fold(*parts: Any) -> Notebook:
    """Return a notebook of events and lists of events."""
    return Notebook(
        event for part in parts for event in (part if isinstance(part, list) else [part])
    )


def shown(output: Output) -> dict[str, Any]:
    """Return everything that can be read of an output."""
    names = ("id", "cell_id", "position", "kind", "text", "bundle", "error", "metadata")
    return {name: getattr(output, name) for name in names}


def state_of(notebook: Notebook) -> dict[str, Any]:
    """Return all that can be read of a notebook, except the order in which runs were requested."""
    state = state_json(notebook)
    for name in ("executions", "openExecutions"):
        state[name] = sorted(state.get(name, []), key=str)
    return state
