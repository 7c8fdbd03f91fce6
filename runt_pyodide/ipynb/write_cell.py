"""Writes a cell as a cell of a Jupyter notebook."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..ai.record.calls import call_of, result_of
from ..ai.record.fields import AIRecord
from ..notebook.state import Cell, Notebook
from ..notebook.state.output import Output
from .carried import CARRIED, put_back
from .magics import write_magic
from .outputs import write_output

_UNFIT_FOR_ID = re.compile(r"[^A-Za-z0-9_-]")


def write_cell(notebook: Notebook, cell: Cell, choice: str) -> dict[str, Any]:
    """Return the cell as we write it, with joined lines, without what its file held. ``choice`` is
    the notebook's model for cells that choose none."""
    outputs = notebook.outputs_of(cell.id)
    source, besides = write_magic(_with_prompt(notebook, cell), choice)
    is_code = cell.cell_type not in ("markdown", "raw")
    written: dict[str, Any] = {
        "cell_type": "code" if is_code else cell.cell_type,
        "id": _valid_id(cell.id),
        "metadata": _write_metadata(cell, outputs, besides),
        "source": source,
    }
    if is_code:
        written["execution_count"] = _count_of(notebook, cell.id, outputs)
        written["outputs"] = [write_output(output) for output in outputs]
    return written


def complete_cell(ours: dict[str, Any], cell: Cell) -> dict[str, Any]:
    """Return the cell with what its file held. A cell of another type than in the file gets its
    metadata alone, since its other fields are of that type."""
    carried = cell.metadata.get(CARRIED)
    if not isinstance(carried, dict):
        return ours
    whole = put_back(ours, carried)
    metadata = whole.get("metadata")
    if cell.output_visible and isinstance(metadata, dict) and metadata.get("collapsed") is True:
        # Before `jupyter.outputs_hidden` a collapsed cell had its outputs hidden; now they show.
        del metadata["collapsed"]
    return whole if carried.get("type") == ours["cell_type"] else {**ours, "metadata": metadata}


def held_texts(notebook: Notebook, kind: str) -> dict[str, str]:
    """Return what another file said to the model, which goes on with this one, used or not: the
    ``settings`` by key, or the ``prompts`` of cells by id. ``js/notebook/person/from-file.js``
    holds it back."""
    held = notebook.json.get("from_file")
    texts = held.get(kind) if isinstance(held, dict) else None
    items = texts.items() if isinstance(texts, dict) else ()
    return {key: text for key, text in items if isinstance(text, str)}


def _with_prompt(notebook: Notebook, cell: Cell) -> Cell:
    prompt = held_texts(notebook, "prompts").get(cell.id)
    if cell.ai is None or prompt is None or cell.ai.settings.system_prompt is not None:
        return cell
    settings = cell.ai.settings.model_copy(update={"system_prompt": prompt})
    return replace(cell, ai=cell.ai.model_copy(update={"settings": settings}))


def _valid_id(id: str) -> str:
    """Jupyter's schema allows fewer characters than our vocabulary."""
    utf16 = re.sub(r"[\U00010000-\U0010ffff]", "--", id)  # as JavaScript counts them
    return _UNFIT_FOR_ID.sub("-", utf16)[:64] or "cell"


def _count_of(notebook: Notebook, cell_id: str, outputs: Sequence[Output]) -> int | None:
    begun = [
        entry.execution_count
        for entry in notebook.executions.values()
        if entry.cell_id == cell_id and entry.started_at is not None
    ]
    if begun and begun[-1] is not None:
        return begun[-1]
    results = [output.execution_count for output in outputs if output.kind == "result"]
    return results[-1] if results else None


def _write_metadata(
    cell: Cell, outputs: Sequence[Output], besides: dict[str, Any]
) -> dict[str, Any]:
    hidden = {"source_hidden": not cell.source_visible, "outputs_hidden": not cell.output_visible}
    shown = {key: True for key, is_hidden in hidden.items() if is_hidden}
    runt = {**({} if cell.ai_context_visible else {"ai_context": False}), **besides}
    if cell.cell_type == "ai" and outputs:
        runt["run"] = run_of(cell, outputs)
    return {**({"jupyter": shown} if shown else {}), **({"runt": runt} if runt else {})}


def run_of(cell: Cell, outputs: Sequence[Output]) -> dict[str, Any]:
    """Return the cell's last run, for people who read the file."""
    records = [(output, AIRecord.of(output)) for output in outputs]
    run_ids = [record.run_id for _, record in records if record.run_id is not None]
    last = run_ids[-1] if run_ids else None
    its = [(output, record) for output, record in records if record.run_id == last]
    known = [record for _, record in its if last is not None]
    sources = [record for record in known if record.ai_provider]
    accounts = [record.run for record in known if record.run is not None]
    run: dict[str, Any] = {
        "prompt": next((one.prompt for _, one in its if one.prompt), cell.source),
        "answer": "\n\n".join(
            output.text
            for output, record in its
            if output.kind == "markdown" and not record.thinking
        ),
        "calls": _calls_of(its),
    }
    if sources:
        named = {"provider": sources[-1].ai_provider, "model": sources[-1].ai_model}
        run |= {key: value for key, value in named.items() if value is not None}
    return run | (accounts[-1].to_json() if accounts else {})


def _calls_of(its: Sequence[tuple[Output, AIRecord]]) -> list[dict[str, Any]]:
    results = {one.tool_call_id: one for output, _ in its if (one := result_of(output))}
    calls: list[dict[str, Any]] = []
    for output, record in its:
        if (call := call_of(output)) is None:
            continue
        result = results.get(call.tool_call_id)
        told = {
            "name": call.tool_name,
            "arguments": call.arguments,
            "state": record.state,
            "status": result.status if result else None,
            "result": result.result if result else None,
        }
        calls.append({key: value for key, value in told.items() if value is not None})
    return calls
