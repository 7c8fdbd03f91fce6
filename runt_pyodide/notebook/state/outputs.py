"""All outputs of a notebook, by cell.

Identity is by id: what was cleared stays gone, and a delta may come before its output. Only clears
and updates of displays have no identity, and what a new place of a display updates has none: they
act on what is there when they come.
"""

from __future__ import annotations

from .. import events as ev
from .output import Delta, Output, OutputAdded


class Outputs:
    def __init__(self) -> None:
        self._by_id: dict[str, Output] = {}
        self._by_cell: dict[str, dict[str, Output]] = {}
        # Several outputs may show one display.
        self._displays: dict[str, dict[str, Output]] = {}
        self._gone: set[str] = set()
        self._deleted_cells: set[str] = set()
        self._clear_on_next: set[str] = set()
        # Deltas whose output is not there yet.
        self._early: dict[str, list[Delta]] = {}

    def get(self, output_id: str) -> Output | None:
        return self._by_id.get(output_id)

    def of(self, cell_id: str) -> list[Output]:
        """Return the cell's outputs, sorted by position, then by id."""
        outputs = self._by_cell.get(cell_id, {})
        return sorted(outputs.values(), key=lambda output: (output.position, output.id))

    def cell_ids(self) -> list[str]:
        """Return the ids of cells that have outputs; such a cell may not exist yet."""
        return [cell_id for cell_id, outputs in self._by_cell.items() if outputs]

    def add(self, event: OutputAdded) -> None:
        if event.id in self._by_id or event.id in self._gone:
            return
        early = self._early.pop(event.id, ())
        if event.cell_id in self._deleted_cells:
            self._gone.add(event.id)
            return
        if event.cell_id in self._clear_on_next:
            self._clear(event.cell_id)
        output = self._by_id[event.id] = Output(event)
        self._by_cell.setdefault(event.cell_id, {})[event.id] = output
        if output.display_id is not None:
            shown = self._displays.setdefault(output.display_id, {})
            if isinstance(event, ev.MultimediaDisplayOutputAdded):
                for other in shown.values():
                    other.update(event.representations)
            shown[event.id] = output
        for delta in early:
            output.add_delta(delta)

    def add_delta(self, event: ev.OutputDelta) -> None:
        self._add(event.output_id, Delta(event.sequence_number, event.id, event.delta))

    def add_text(self, event: ev.MarkdownOutputAppended | ev.TerminalOutputAppended) -> None:
        body = ev.DeltaBody(text=event.delta)
        self._add(event.output_id, Delta(event.sequence_number, event.id, body))

    def _add(self, output_id: str, delta: Delta) -> None:
        if output := self._by_id.get(output_id):
            output.add_delta(delta)
        elif output_id not in self._gone:
            self._early.setdefault(output_id, []).append(delta)

    def update_display(self, event: ev.MultimediaDisplayOutputUpdated) -> None:
        for output in self._displays.get(event.display_id, {}).values():
            output.update(event.representations)

    def clear(self, event: ev.CellOutputsCleared) -> None:
        if event.wait:
            self._clear_on_next.add(event.cell_id)
        else:
            self._clear(event.cell_id)

    def clear_all(self, _event: ev.AllOutputsCleared) -> None:
        for cell_id in list(self._by_cell):
            self._clear(cell_id)

    def delete_cell(self, event: ev.CellDeleted) -> None:
        """Drop the cell's outputs, and any that come later."""
        self._deleted_cells.add(event.id)
        self._clear(event.id)

    def _clear(self, cell_id: str) -> None:
        self._clear_on_next.discard(cell_id)
        for output_id, output in self._by_cell.pop(cell_id, {}).items():
            del self._by_id[output_id]
            self._gone.add(output_id)
            if output.display_id is not None:
                del self._displays[output.display_id][output_id]
