"""What a model is told of how a cell last ran, if its text and its outputs do not show that."""

from __future__ import annotations

from collections.abc import Sequence

from ...notebook.state import Cell, Execution, Notebook
from ...notebook.state.output import Output
from ..record.resume import began_with


def describe_last_run(notebook: Notebook, cell: Cell, outputs: Sequence[Output]) -> str:
    """Return sentences about a cell that runs code or asks a model, "" about any other."""
    if cell.cell_type in ("code", "sql"):
        return describe_last_code(notebook, cell, outputs)
    is_changed = cell.cell_type == "ai" and earlier_prompt(notebook, cell) is not None
    return _PROMPT_CHANGED if is_changed else ""


def describe_last_code(notebook: Notebook, cell: Cell, outputs: Sequence[Output]) -> str:
    """Return sentences about a cell that runs code: that it was not run, was stopped, shows
    nothing, or was changed since. They are "" if it ended well and shows what its text wrote, and
    for a notebook that no runtime has had, whose cells ran elsewhere."""
    entry = notebook.last_execution_of(cell.id)
    if entry is None:
        never = notebook.sessions and not outputs
        return "It has not been run: nothing that it does has happened." if never else ""
    told = []
    if entry.source is None:
        before = _last_begun(notebook, cell.id)
        told = [_describe_wait(entry, is_again=bool(before or outputs))]
        if before is None:
            return told[0]
        entry = before
    told += [_describe_end(entry, outputs), _describe_change(entry, cell)]
    return " ".join(filter(None, told))


def _describe_wait(entry: Execution, *, is_again: bool) -> str:
    """Return a sentence about an execution that has not begun; what the cell did and shows is that
    of the run before it, if there was one."""
    is_over = entry.state == "cancelled"
    if is_again:
        waits = "was to be run again, and was cancelled before it began" if is_over else _AGAIN
        return f"It {waits}; what it did and shows is of an earlier run."
    if is_over:
        return "It was to be run, and was cancelled before it began."
    return "It waits to be run: nothing that it does has happened."


def _last_begun(notebook: Notebook, cell_id: str) -> Execution | None:
    """Return the execution of the cell that was requested last among those that have begun."""
    last = notebook.last_execution_of(cell_id)
    if last is None or last.source is not None:
        return last
    entries = reversed(notebook.executions.values())
    return next((e for e in entries if e.cell_id == cell_id and e.source is not None), None)


def _describe_end(entry: Execution, outputs: Sequence[Output]) -> str:
    match entry.state:
        case "executing":
            return "It is still running; its outputs are those so far."
        case "cancelled":
            return _STOPPED
        case "failed" if entry.outcome == "cancelled":
            return _STOPPED
        case "failed" if not _shows_error(outputs):
            return "It failed, and shows no error."
        case "completed" if entry.is_cleared:
            return "It ran; its outputs were cleared since."
        case "completed" if not outputs:
            return "It ran to its end and shows no output."
    return ""


def earlier_prompt(notebook: Notebook, cell: Cell) -> str | None:
    """Return the prompt with which the last run of an AI cell began, if it has been changed since;
    otherwise None."""
    entry = _last_begun(notebook, cell.id)
    began = began_with(notebook, entry) if entry is not None else None
    return None if began == cell.source else began


def untold_error(notebook: Notebook, cell: Cell, outputs: Sequence[Output]) -> str:
    """Return the error that the cell's last run ended with, if no output shows one, or ""."""
    entry = _last_begun(notebook, cell.id)
    failed = entry is not None and entry.outcome == "error" and not _shows_error(outputs)
    return (entry.error or "") if entry and failed else ""


def _shows_error(outputs: Sequence[Output]) -> bool:
    return any(output.kind == "error" for output in outputs)


def _describe_change(entry: Execution, cell: Cell) -> str:
    if entry.source is None or entry.source == cell.source:
        return ""
    return "Its text was changed after it began: what it did and shows is that of an earlier text."


_PROMPT_CHANGED = "Its prompt was changed since: the answer that it shows is to an earlier prompt."
_AGAIN = "waits to be run again"
_STOPPED = "It was stopped before its end: what it had done by then stays done."
