"""What a cell's code types for the person, as ``%load``, ``%recall`` and ``set_next_input`` do:
text in place of the cell's source, or in a new cell below.

https://jupyter-client.readthedocs.io/en/stable/messaging.html#payloads-deprecated
"""

from __future__ import annotations

from ...execution.run import Run
from ...notebook import events as ev
from ...notebook.bundle import clean_text

_CHANGED = (
    "This cell was changed while it ran, so it keeps what was written; what its code would have "
    "put in its place is in a new cell below.\n"
)


class NextInput:
    """The text that one execution types. Of several, the last one counts."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._source = run.cell.source
        self._typed: tuple[str, bool] | None = None

    def set(self, text: str, *, replace: bool) -> None:
        """Take a text, to ``replace`` the cell's source or for a new cell."""
        self._typed = clean_text(text), replace

    def write(self) -> None:
        """Change the notebook. What a person has written meanwhile is kept."""
        cell = self._run.notebook.cells.get(self._run.cell.id)
        typed, self._typed = self._typed, None
        if typed is None or cell is None:
            return
        text, replace = typed
        if replace and cell.source == self._source:
            by = self._run.session_id
            edit = ev.CellSourceChanged.edit(cell.id, cell.source, text, by)
            self._run.workspace.commit([edit])
            return
        if replace:
            self._run.writer.stream("stderr", _CHANGED)
        self._add_below(text)

    def _add_below(self, text: str) -> None:
        notebook, new_id = self._run.notebook, self._run.workspace.clock.new_id()
        try:
            index = notebook.index_below(notebook.cells[self._run.cell.id])
        except ValueError:  # old notebooks may leave no room: then at the end
            index = notebook.index_below(notebook.cells_in_order()[-1])
        created = ev.CellCreated(
            id=new_id,
            cell_type="code",
            fractional_index=index,
            created_by=self._run.session_id,
        )
        sourced = ev.CellSourceChanged(id=new_id, source=text, modified_by=self._run.session_id)
        self._run.workspace.commit([created, sourced])
