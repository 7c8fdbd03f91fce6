"""What a model can do to a notebook: each action and its arguments.

Arguments may be named in camelCase or in snake_case. For an action, a cell that is hidden from AI
does not exist. What depends on a cell's text is done only if that is as the model last saw it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import count, islice
from typing import Any, ClassVar, Literal, Self
from uuid import UUID, uuid5

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, model_validator

from ...errors import CellError
from ...execution.run import Run
from ...execution.user_code import read_values
from ...notebook import events as ev
from ...notebook.state import Cell
from ..record.changes import Change, Snapshot, create_cell
from ..text import cell as cell_report
from ..text import sizes
from ..text.hidden_cells import hidden_lines, hidden_names
from ..text.inline import part_pictures, restore_files
from ..text.last_run import describe_last_run
from ..text.output import clip
from ..text.variables import describe_variables
from ..tool import ToolResult
from .pieces import Piece, replace_pieces
from .source import mend_source

# The UUID namespace for the ids of created cells.
_CREATED = UUID("5e0c6c9a-6f5b-4c0e-9f0e-2f3f9a9f7c11")


class Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _named(camel: str, snake: str, description: str, **kwargs: Any) -> Any:
    return Field(validation_alias=AliasChoices(camel, snake), description=description, **kwargs)


class CellId(Arguments):
    cell_id: str = _named("cellId", "cell_id", "The id of the cell")


class Create(Arguments):
    cell_type: Literal["code", "markdown", "sql", "ai"] = _named(
        "cellType", "cell_type", "What the cell holds; code, the default, is Python", default="code"
    )
    source: str = Field(description="The cell's text")
    after_id: str | None = _named(
        "after_id", "afterId", "The cell to put it below; by default below your own", default=None
    )


class Modify(CellId):
    tool: ClassVar = "modify_cell"
    source: str = Field(description="The cell's whole new text")

    def write(self, _text: str) -> str:
        return self.source


class Edit(CellId):
    tool: ClassVar = "edit_cell"
    old: str = Field(default="", description="A piece of the text, exact, that occurs once")
    new: str = Field(default="", description="What is to stand there")
    edits: list[Piece] = Field(default=[], description="Several at once, in place of old and new")

    @model_validator(mode="after")
    def _has_pieces_in_one_way(self) -> Self:
        if bool(self.edits) == bool(self.old or self.new):
            raise ValueError("give either old and new, or edits")
        return self

    def write(self, text: str) -> str:
        """Return the text that the edits make of this one. Raise CellError."""
        return replace_pieces(text, self.edits or [Piece(old=self.old, new=self.new)])


class Move(CellId):
    after_id: str | None = _named(
        "after_id", "afterId", "The cell to move it below; by default to the top", default=None
    )


class List(Arguments):
    start: int = Field(default=0, ge=0, description="How many cells to skip")


class Inspect(Arguments):
    names: list[str] | None = Field(default=None, description="The variables; by default all")


class NotebookActions:
    """Acts on the notebook for one run, and tells the model what it did. ``variables`` returns the
    namespace of the Python cells."""

    def __init__(self, run: Run, variables: Callable[[], Mapping[str, object]]) -> None:
        self._run = run
        self._notebook = run.notebook
        self._variables = variables
        self._by = f"ai:{run.id}"

    async def create(self, arguments: Create) -> ToolResult:
        after = self._find(arguments.after_id) if arguments.after_id else self._own_last()
        cell_id, index = self._free_id(), self._index_below(after)
        source, note = mend_source(arguments.cell_type, arguments.source)
        events = create_cell(cell_id, arguments.cell_type, source, index, self._by)
        self._run.workspace.commit(events)
        self._run.seen[cell_id] = source
        created = Snapshot.of(self._notebook.cells[cell_id])
        return _done(Change("created", cell_id, None, created), note)

    async def modify(self, arguments: Modify | Edit) -> ToolResult:
        cell = self._find_other(arguments.cell_id)
        self._require_as_seen(cell, arguments.tool)
        before = Snapshot.of(cell)
        mended, note = mend_source(cell.cell_type, _write(arguments, cell))
        source = restore_files(mended, cell)
        changed = ev.CellSourceChanged.edit(cell.id, cell.source, source, self._by)
        await self._propose(cell, changed, arguments.tool)
        self._run.seen[cell.id] = source
        return _done(Change("modified", cell.id, before, replace(before, source=source)), note)

    async def move(self, arguments: Move) -> ToolResult:
        cell = self._find_other(arguments.cell_id)
        after = self._find(arguments.after_id) if arguments.after_id else None
        if after is cell:
            raise CellError("A cell cannot be moved below itself.")
        if cell.id in self._run.seen:
            self._require_as_seen(cell, "move_cell")
        before = Snapshot.of(cell)
        moved = ev.CellMoved(id=cell.id, fractional_index=self._index_below(after, cell))
        self._run.workspace.commit([moved])
        return _done(Change("moved", cell.id, before, Snapshot.of(cell)))

    async def delete(self, arguments: CellId) -> ToolResult:
        cell = self._find_other(arguments.cell_id)
        before = Snapshot.of(cell, whole=True)
        await self._propose(cell, ev.CellDeleted(id=cell.id), "delete_cell")
        return _done(Change("deleted", cell.id, before, None))

    async def execute(self, arguments: CellId) -> ToolResult:
        cell = self._find(arguments.cell_id)
        self._require_as_seen(cell, "execute_cell")
        entry = await self._run.workspace.run_cell(cell.id, self._by)
        return cell_report.report_execution(
            entry, self._notebook.outputs_of(cell.id), hidden_lines(self._notebook)
        )

    async def read(self, arguments: CellId) -> ToolResult:
        cell = self._find(arguments.cell_id)
        self._run.seen[cell.id] = cell.source
        outputs = self._notebook.outputs_of(cell.id)
        told = describe_last_run(self._notebook, cell, outputs)
        return cell_report.report_cell(cell, outputs, told, hidden_lines(self._notebook))

    async def list(self, arguments: List) -> ToolResult:
        cells = [cell for cell in self._notebook.cells_in_order() if cell.ai_context_visible]
        return ToolResult(cell_report.list_cells(cells, arguments.start, self._run.cell.id))

    async def inspect(self, arguments: Inspect) -> ToolResult:
        variables = self._variables()
        hidden = hidden_names(self._notebook, variables)
        shown = {name: one for name, one in variables.items() if name not in hidden}
        return ToolResult(read_values(describe_variables, shown, arguments.names))

    def seen(self, arguments: CellId) -> Mapping[str, str]:
        """Return the source of the cell that a call is about, by its id, as the model last saw it;
        nothing if it has not."""
        seen = self._run.seen
        return {id: seen[id] for id in (arguments.cell_id,) if id in seen}

    def check(self, arguments: CellId, tool: str) -> None:
        """Raise CellError if the call cannot be made, since its cell is gone, or not as the model
        last saw it, or has no such text: nobody need be asked for it."""
        cell = self._find(arguments.cell_id)
        self._require_as_seen(cell, tool)
        if isinstance(arguments, Edit):
            _write(arguments, cell)

    def _require_as_seen(self, cell: Cell, tool: str) -> None:
        if cell is not self._run.cell and self._run.seen.get(cell.id) != cell.source:
            raise self._show_present(cell, tool)

    async def _propose(self, cell: Cell, event: ev.Event, tool: str) -> None:
        """Commit an event that depends on the cell's source. Raise CellError if that is another."""
        self._require_as_seen(cell, tool)
        refusal = await self._run.workspace.propose([event], {cell.id: cell.source})
        if refusal is None:
            return
        if refusal.error:
            raise CellError(f"The notebook's store refused it: {refusal.error}")
        source = refusal.present[cell.id]
        if source is None:
            raise _absent(cell.id, "was deleted")
        raise self._show_present(replace(cell, source=source), tool)

    def _show_present(self, cell: Cell, tool: str) -> CellError:
        """Return the error for a cell that is not as the model knows it, which tells its text."""
        was_seen = cell.id in self._run.seen
        self._run.seen[cell.id] = cell.source
        why = "was changed since you read it" if was_seen else "is one that you have not read"
        return CellError(
            f"The cell {cell.id!r} {why}, so nothing was done. Somebody may be working on it: keep "
            f"their changes. If the call still makes sense, call {tool} again, based on the cell's "
            f"present text:\n{_shown(cell)}"
        )

    def _free_id(self) -> str:
        """Return an id that is the same whenever this AI cell runs in the same notebook, so that a
        recorded run, which names the cells that it made, can be replayed."""
        notebook = self._notebook
        names = (f"{self._run.cell.id}/{number}" for number in count(1))
        ids = (str(uuid5(_CREATED, name)) for name in names)
        return next(
            one for one in ids if one not in notebook.cells and not notebook.is_deleted(one)
        )

    def _find(self, cell_id: str) -> Cell:
        cell = self._notebook.cells.get(cell_id)
        if cell is None or not cell.ai_context_visible:
            gone = "was deleted" if self._notebook.is_deleted(cell_id) else "is not there"
            raise _absent(cell_id, gone)
        return cell

    def _find_other(self, cell_id: str) -> Cell:
        if cell_id == self._run.cell.id:
            raise CellError("That is the cell that you answer: it stays as it is.")
        return self._find(cell_id)

    def _own_last(self) -> Cell:
        """Return the AI cell, or the last of the cells right below it that models made."""
        last = self._run.cell
        for cell in self._below(last):
            if not cell.created_by.startswith("ai:"):
                break
            last = cell
        return last

    def _below(self, cell: Cell) -> Iterator[Cell]:
        place = self._notebook.place_of(cell.id)
        return islice(self._notebook.cells_in_order(), place + 1, None)

    def _index_below(self, after: Cell | None, moved: Cell | None = None) -> str:
        try:
            return self._notebook.index_below(after, moved)
        except ValueError:
            raise CellError("There is no room at that place; choose another.") from None


def _done(change: Change, note: str = "") -> ToolResult:
    told = {"cell_id": change.cell_id, "done": change.kind} | ({"note": note} if note else {})
    return ToolResult(json.dumps(told), change=change)


def _write(arguments: Modify | Edit, cell: Cell) -> str:
    """Return the cell's new text as the model knows it: with names in place of files."""
    try:
        return arguments.write(part_pictures(cell)[0])
    except CellError as error:
        raise CellError(
            f"{error} Nothing was done. Call {arguments.tool} again, based on the present text of "
            f"the cell {cell.id!r}:\n{_shown(cell)}"
        ) from None


def _shown(cell: Cell) -> str:
    return clip(part_pictures(cell)[0], sizes.READ_SOURCE)[0]


def _absent(cell_id: str, why: str) -> CellError:
    return CellError(f"The cell {cell_id!r} {why}. list_cells gives those that are.")
