"""Going on with a run that ended or was left, from the outputs that it wrote.

A run that a dead session left waiting for a person's approval is resumed by the next session. One
that ended is continued by a new execution: a mark on the cell's last output names it, written
together with its request.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from ...errors import CellError
from ...llm.messages import ToolCall
from ...notebook.events import DeltaBody, OutputDelta
from ...notebook.state import Notebook
from ...notebook.state.output import Output


def open_calls(outputs: Sequence[Output], run_id: str) -> list[tuple[ToolCall, Output]]:
    """The calls of a run that were not begun, with their outputs, in order."""
    found = []
    for output in outputs:
        anode = output.anode
        mine = anode.get("role") == "function_call" and anode.get("run_id") == run_id
        if mine and anode.get("state") in ("pending", "waiting"):
            arguments = json.dumps(anode.get("tool_args"))
            found.append((ToolCall(anode["tool_call_id"], anode["tool_name"], arguments), output))
    return found


def waits_for_person(notebook: Notebook, cell_id: str, run_id: str) -> bool:
    """Whether the run stands at an approval: nothing else was going on."""
    outputs = notebook.outputs_of(cell_id)
    asked = [call for call, _ in open_calls(outputs, run_id) if call.id in notebook.approvals]
    mine = [output.anode for output in outputs if output.anode.get("run_id") == run_id]
    return bool(asked) and all(anode.get("state") != "running" for anode in mine)


def mark_continuation(outputs: Sequence[Output], run_id: str, delta_id: str) -> OutputDelta:
    """The event that makes the execution ``run_id`` go on from these outputs.

    Raises CellError where there are none of a run.
    """
    written = [output for output in outputs if "run_id" in output.anode]
    if not written:
        raise CellError(
            "There is nothing to go on from: this cell's last run wrote nothing, or its outputs "
            "were cleared. Run the cell instead."
        )
    last = written[-1]
    return OutputDelta(
        id=delta_id,
        cell_id=last.cell_id,
        output_id=last.id,
        sequence_number=last.next_number,
        delta=DeltaBody(metadata={"anode": {"continued_by": run_id}}),
    )


def is_continuation(outputs: Sequence[Output], run_id: str) -> bool:
    return any(output.anode.get("continued_by") == run_id for output in outputs)
