"""What a model is told about cells: their outputs after a run, their text, the list of all."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from ...notebook.state import Cell, Execution
from ...notebook.state.output import Output
from ..tool import ToolResult
from . import sizes
from .inline import part_pictures
from .output import clip, describe, images_of

_STATUS = {"completed": "success", "failed": "error", "cancelled": "cancelled"}


def report_execution(
    entry: Execution, outputs: Sequence[Output], hidden: Collection[str] = ()
) -> ToolResult:
    """Return how an execution ended and what it wrote.

    The text is a JSON object {status, duration_ms?, stdout?, stderr?, result?, displays?, error?,
    left_out?}; ``left_out`` counts the characters that were left out. In tracebacks the lines
    ``hidden`` are.
    """
    status = entry.outcome or _STATUS[entry.state]
    report: dict[str, Any] = {"status": status}
    if entry.duration_ms is not None:
        report["duration_ms"] = round(entry.duration_ms)
    report |= _describe(outputs, hidden)
    if status == "cancelled":
        report["note"] = "A person stopped the cell."
    elif status == "error" and "error" not in report:
        report["error"] = {"message": entry.error}
    text = json.dumps(report, ensure_ascii=False)
    return ToolResult(text, failed=status != "success", images=images_of(outputs))


def report_cell(
    cell: Cell, outputs: Sequence[Output], last_run: str = "", hidden: Collection[str] = ()
) -> ToolResult:
    """Return a cell, what there is to say of its ``last_run``, and what it shows, as JSON."""
    text, inline = part_pictures(cell)
    source, cut = clip(text, sizes.READ_SOURCE)
    report: dict[str, Any] = {"id": cell.id, "type": cell.cell_type, "source": source}
    if last_run:
        report["last_run"] = last_run
    described = _describe(outputs, hidden)
    if cut:
        described["left_out"] = described.get("left_out", 0) + cut
    images = (*inline, *images_of(outputs))
    return ToolResult(json.dumps(report | described, ensure_ascii=False), images=images)


def list_cells(cells: Sequence[Cell], start: int, own_id: str) -> str:
    """Return some of the cells, one per line: place, id, type and first line of each."""
    lines, limit = [], sizes.LISTED_CELLS
    for place, cell in enumerate(cells[start : start + limit], start):
        first = next((line for line in cell.source[:2_000].splitlines() if line.strip()), "(empty)")
        told = first.strip()[: sizes.LISTED_LINE]
        mine = " (the cell that you answer)" if cell.id == own_id else ""
        lines.append(f"{place}. {cell.id} {cell.cell_type}{mine}: {told}")
    if start + limit < len(cells):
        lines.append(f"{len(cells) - start - limit} more: call again with start={start + limit}.")
    return "\n".join(lines) or f"There are {len(cells)} cells, none from {start} on."


def _describe(outputs: Sequence[Output], hidden: Collection[str]) -> dict[str, Any]:
    texts: dict[str, list[str]] = {"stdout": [], "stderr": [], "result": [], "displays": []}
    told: dict[str, Any] = {}
    left_out = 0
    for output in outputs:
        text, cut = describe(output, sizes.READ_OUTPUT, hidden)
        if output.kind == "error":
            told["error"] = {
                "name": output.error.get("ename"),
                "message": clip(str(output.error.get("evalue")), sizes.READ_OUTPUT)[0],
                "traceback": text,
            }
        elif text:
            texts[_place_of(output)].append(text)
        left_out += cut
    for name in ("stdout", "stderr", "result"):
        if texts[name]:
            told[name] = "\n".join(texts[name])
    if texts["displays"]:
        told["displays"] = texts["displays"]
    if left_out:
        told["left_out"] = left_out
    return told


def _place_of(output: Output) -> str:
    if output.kind == "terminal":
        return output.stream_name or "stdout"
    return "result" if output.kind == "result" else "displays"
