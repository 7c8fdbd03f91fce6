"""The tools by which a model acts on the notebook: it reads, creates, changes and runs cells.

Names and arguments are those of the runt notebooks where these have them; each argument is taken in
camelCase and in snake_case. A cell that its writer keeps from models is not there for a tool.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import cache
from itertools import count, islice
from typing import Any, Literal
from uuid import UUID, uuid5

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from ...errors import CellError
from ...execution.run import Run
from ...llm.messages import ToolSpec
from ...notebook import events as ev
from ...notebook.ordering import index_between
from ...notebook.state import Cell
from ..record.changes import Change, ChangeKind, Snapshot, create_cell
from ..rules import Policy
from ..text import cell as cell_report
from ..text import sizes
from ..text.variables import describe_variables
from ..tool import Tool, ToolResult, check_arguments

# The namespace of the ids of created cells.
_CREATED = UUID("5e0c6c9a-6f5b-4c0e-9f0e-2f3f9a9f7c11")


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _named(camel: str, snake: str, description: str, **kwargs: Any) -> Any:
    return Field(validation_alias=AliasChoices(camel, snake), description=description, **kwargs)


class _CellId(_Arguments):
    cell_id: str = _named("cellId", "cell_id", "The id of the cell")


class _Create(_Arguments):
    cell_type: Literal["code", "markdown", "sql", "ai"] = _named(
        "cellType", "cell_type", "What the cell holds; code is Python"
    )
    source: str = Field(description="The cell's text")
    after_id: str | None = _named(
        "after_id", "afterId", "The cell to put it below; by default below your own", default=None
    )


class _Modify(_CellId):
    source: str = Field(description="The cell's whole new text")


class _Move(_CellId):
    after_id: str | None = _named(
        "after_id", "afterId", "The cell to move it below; by default to the top", default=None
    )


class _List(_Arguments):
    start: int = Field(default=0, ge=0, description="How many cells to skip")


class _Inspect(_Arguments):
    names: list[str] | None = Field(default=None, description="The variables; by default all")


class NotebookTool(Tool):
    """A tool whose arguments a model of pydantic checks. What ``act`` raises as CellError goes back
    as a failed result."""

    def __init__(
        self,
        name: str,
        description: str,
        arguments: type[BaseModel],
        act: Callable[[Any], Awaitable[ToolResult]],
        policy: Policy,
        *,
        reads_only: bool = False,
    ) -> None:
        self.spec = ToolSpec(name, description, _schema_of(arguments))
        self.policy = policy
        self.reads_only = reads_only
        self._arguments = arguments
        self._act = act

    def bind(self, arguments: Mapping[str, Any]) -> Callable[[], Awaitable[ToolResult]]:
        checked = check_arguments(self._arguments, self.spec.name, arguments)

        async def call() -> ToolResult:
            try:
                return await self._act(checked)
            except CellError as error:
                return ToolResult(str(error), failed=True)

        return call


@cache
def _schema_of(arguments: type[BaseModel]) -> Mapping[str, Any]:
    """Pydantic makes it anew each time, which takes about a millisecond in Pyodide."""
    return arguments.model_json_schema()


def reading_tools(
    run: Run, variables: Callable[[], Mapping[str, object]] = dict
) -> list[NotebookTool]:
    """Return those of ``notebook_tools`` that change nothing."""
    return _tools_that_read(_Hand(run, variables))


def notebook_tools(
    run: Run, variables: Callable[[], Mapping[str, object]] = dict
) -> list[NotebookTool]:
    """Return the tools of one run. ``variables`` gives the namespace of the Python cells."""
    hand = _Hand(run, variables)
    return [*_tools_that_act(hand), *_tools_that_read(hand)]


def _tools_that_act(hand: _Hand) -> list[NotebookTool]:
    return [
        NotebookTool(
            "create_cell",
            "Create a cell. It is not run: call execute_cell with the id that this gives.",
            _Create,
            hand.create,
            "auto",
        ),
        NotebookTool("modify_cell", "Replace the text of a cell.", _Modify, hand.modify, "ask"),
        NotebookTool(
            "execute_cell",
            "Run a cell and get its outputs. Python cells share one namespace.",
            _CellId,
            hand.execute,
            "ask",
        ),
        NotebookTool("move_cell", "Move a cell.", _Move, hand.move, "ask"),
        NotebookTool("delete_cell", "Delete a cell.", _CellId, hand.delete, "ask"),
    ]


def _tools_that_read(hand: _Hand) -> list[NotebookTool]:
    return [
        NotebookTool(
            "read_cell",
            "Read a cell: its text and its outputs.",
            _CellId,
            hand.read,
            "auto",
            reads_only=True,
        ),
        NotebookTool(
            "list_cells",
            f"List the notebook's cells in order, at most {sizes.LISTED_CELLS} at a time.",
            _List,
            hand.list,
            "auto",
            reads_only=True,
        ),
        NotebookTool(
            "inspect_variables",
            "Look into the variables of the Python cells: types, shapes, columns, signatures.",
            _Inspect,
            hand.inspect,
            "auto",
            reads_only=True,
        ),
    ]


class _Hand:
    """Acts on the notebook for one run, and says what it did."""

    def __init__(self, run: Run, variables: Callable[[], Mapping[str, object]]) -> None:
        self._run = run
        self._notebook = run.notebook
        self._variables = variables
        self._by = f"ai:{run.id}"

    async def create(self, arguments: _Create) -> ToolResult:
        after = self._find(arguments.after_id) if arguments.after_id else self._own_last()
        cell_id, index = self._free_id(), self._index_below(after)
        events = create_cell(cell_id, arguments.cell_type, arguments.source, index, self._by)
        self._run.workspace.commit(events)
        return self._done("created", cell_id, None)

    async def modify(self, arguments: _Modify) -> ToolResult:
        cell = self._find_other(arguments.cell_id)
        before = Snapshot.of(cell)
        changed = ev.CellSourceChanged(id=cell.id, source=arguments.source, modified_by=self._by)
        self._run.workspace.commit([changed])
        return self._done("modified", cell.id, before)

    async def move(self, arguments: _Move) -> ToolResult:
        cell = self._find_other(arguments.cell_id)
        after = self._find(arguments.after_id) if arguments.after_id else None
        if after is cell:
            raise CellError("A cell cannot be moved below itself.")
        before = Snapshot.of(cell)
        moved = ev.CellMoved(id=cell.id, fractional_index=self._index_below(after, cell))
        self._run.workspace.commit([moved])
        return self._done("moved", cell.id, before)

    async def delete(self, arguments: _CellId) -> ToolResult:
        cell = self._find_other(arguments.cell_id)
        before = Snapshot.of(cell)
        self._run.workspace.commit([ev.CellDeleted(id=cell.id)])
        return self._done("deleted", cell.id, before)

    async def execute(self, arguments: _CellId) -> ToolResult:
        cell = self._find(arguments.cell_id)
        entry = await self._run.workspace.run_cell(cell.id, self._by)
        return cell_report.report_execution(entry, self._notebook.outputs_of(cell.id))

    async def read(self, arguments: _CellId) -> ToolResult:
        cell = self._find(arguments.cell_id)
        return cell_report.report_cell(cell, self._notebook.outputs_of(cell.id))

    async def list(self, arguments: _List) -> ToolResult:
        cells = [cell for cell in self._notebook.cells_in_order() if cell.ai_context_visible]
        return ToolResult(cell_report.list_cells(cells, arguments.start, self._run.cell.id))

    async def inspect(self, arguments: _Inspect) -> ToolResult:
        return ToolResult(describe_variables(self._variables(), arguments.names))

    def _done(self, kind: ChangeKind, cell_id: str, before: Snapshot | None) -> ToolResult:
        cell = self._notebook.cells.get(cell_id)
        change = Change(kind, cell_id, before, Snapshot.of(cell) if cell else None)
        return ToolResult(json.dumps({"cell_id": cell_id, "done": kind}), change=change)

    def _free_id(self) -> str:
        """An id that the same cell gives each time in the same notebook, so that a recorded run,
        which names the cells that it made, can be played again."""
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
            raise CellError(f"The cell {cell_id!r} {gone}. list_cells gives those that are.")
        return cell

    def _find_other(self, cell_id: str) -> Cell:
        if cell_id == self._run.cell.id:
            raise CellError("That is the cell that you answer: it stays as it is.")
        return self._find(cell_id)

    def _own_last(self) -> Cell:
        """The AI cell, or the last of those below it that models made."""
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
        """An index below a cell, or above all where that is None; ``moved`` does not count."""
        lower = after.fractional_index if after else None
        following = self._below(after) if after else iter(self._notebook.cells_in_order())
        upper = next(
            (
                cell.fractional_index
                for cell in following
                if cell is not moved and (lower is None or cell.fractional_index > lower)
            ),
            None,
        )
        try:
            return index_between(lower, upper)
        except ValueError:
            raise CellError("There is no room at that place; choose another.") from None
