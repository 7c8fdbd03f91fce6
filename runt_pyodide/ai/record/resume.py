"""Resuming a run from the outputs that it wrote.

A run that a dead session left waiting for a person's approval is resumed by the next session. A run
that ended is continued by a new execution: a mark on the cell's last output names that execution,
and is written together with its request. The prompt stays the one that the first run began with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ...errors import CellError
from ...execution.run import Run
from ...llm.messages import ToolCall
from ...notebook.events import DeltaBody, OutputDelta
from ...notebook.state import Cell, Execution, Notebook
from ...notebook.state.output import Output
from .calls import call_of
from .fields import OPEN_STATES, AIRecord, RunAccount


def open_calls(outputs: Sequence[Output], run_id: str) -> list[tuple[ToolCall, Output]]:
    """Return the calls of a run that have not begun, with their outputs, in order."""
    found = []
    for output in outputs:
        record, call = AIRecord.of(output), call_of(output)
        is_open = record.run_id == run_id and record.state in ("pending", "waiting")
        if call is not None and is_open:
            found.append((call.to_call(), output))
    return found


def seen_by(outputs: Iterable[Output]) -> dict[str, str]:
    """Return the sources that the calls of these outputs depend on, by the ids of their cells."""
    seen = (AIRecord.of(output).seen or {} for output in outputs)
    return {id: text for one in seen for id, text in one.items() if isinstance(text, str)}


def spent_by(outputs: Iterable[Output], run_id: str) -> RunAccount:
    """Return what a run took until it was interrupted."""
    records = [record for record in map(AIRecord.of, outputs) if record.run_id == run_id]
    account = next((one.run for one in reversed(records) if one.run), RunAccount())
    if account.price_usd is not None:
        return account
    models = dict.fromkeys(one.ai_model for one in records if one.ai_model)
    return replace(account, unpriced=tuple(models) if account.turns else ())


def waits_for_person(notebook: Notebook, cell_id: str, run_id: str) -> bool:
    """Return whether the run was waiting for a person's approval and for nothing else."""
    outputs = notebook.outputs_of(cell_id)
    asked = [call for call, _ in open_calls(outputs, run_id) if call.id in notebook.approvals]
    mine = [record for record in map(AIRecord.of, outputs) if record.run_id == run_id]
    return bool(asked) and all(record.state != "running" for record in mine)


def close_calls(
    outputs: Iterable[Output], run_id: str, new_id: Callable[[], str]
) -> list[OutputDelta]:
    """Return the events that end the calls of a run which broke off: nobody makes them any more."""
    records = [(output, AIRecord.of(output)) for output in outputs]
    return [
        mark(output, AIRecord(state="cancelled"), new_id())
        for output, record in records
        if record.run_id == run_id and record.state in OPEN_STATES
    ]


def mark_continuation(outputs: Sequence[Output], run_id: str, delta_id: str) -> OutputDelta:
    """Return the event that lets the execution ``run_id`` continue from these outputs.

    Raise CellError if no run wrote any of them.
    """
    written = [output for output in outputs if AIRecord.of(output).run_id is not None]
    if not written:
        raise CellError(
            "There is nothing to continue from: this cell's last run wrote nothing, or its outputs "
            "were cleared. Run the cell instead."
        )
    return mark(written[-1], AIRecord(continued_by=run_id), delta_id)


def mark(output: Output, record: AIRecord, delta_id: str) -> OutputDelta:
    """Return the event that adds a record to an output of a run that is over."""
    return OutputDelta(
        id=delta_id,
        cell_id=output.cell_id,
        output_id=output.id,
        sequence_number=output.next_number,
        delta=DeltaBody(metadata=record.to_metadata()),
    )


def is_continuation(outputs: Sequence[Output], run_id: str) -> bool:
    """Return whether the execution continues from the end of another."""
    return any(AIRecord.of(output).continued_by == run_id for output in outputs)


def sent_prompt(outputs: Iterable[Output]) -> str | None:
    """Return the prompt that the run which wrote these outputs sent in place of its cell's source;
    None if it sent that."""
    return next(filter(None, (AIRecord.of(output).prompt for output in outputs)), None)


def as_it_began(run: Run) -> Cell:
    """Return a copy of the run's cell, with the source that it had when the run began, which may
    have been in an earlier session or, if the run continues another, with that one."""
    entry = run.notebook.executions.get(run.id)
    began = began_with(run.notebook, entry) if entry else None
    source = run.cell.source if began is None else began
    return replace(run.cell, source=source, metadata={**run.cell.metadata})


def began_with(notebook: Notebook, entry: Execution) -> str | None:
    """Return the source that the cell had when its run began: that of the first of the executions
    of which each continued the one before. None if the log does not tell."""
    records = map(AIRecord.of, notebook.outputs_of(entry.cell_id))
    earlier = {one.continued_by: one.run_id for one in records if one.continued_by and one.run_id}
    source, run_id = entry.source, entry.queue_id
    # What is read is taken out: a log that somebody else wrote may go round in a circle.
    while (run_id := earlier.pop(run_id, "")) and (found := notebook.executions.get(run_id)):
        if found.cell_id == entry.cell_id and found.source is not None:
            source = found.source
    return source
