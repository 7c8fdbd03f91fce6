"""The tools with which a model reads, creates, changes and runs the cells of a notebook. Names and
arguments are those of the runt notebooks if these have them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from pydantic import BaseModel

from ...errors import CellError
from ...execution.run import Run
from ...json_schema import WithoutTitles
from ...llm.messages import ToolSpec
from ..rules import Policy
from ..text import sizes
from ..tool import BUILT_IN, Tool, ToolResult, check_arguments
from .actions import CellId, Create, Edit, Inspect, List, Modify, Move, NotebookActions

Check = Callable[[Any], None]
Seen = Callable[[Any], Mapping[str, str]]


class NotebookTool(Tool):
    """A tool whose arguments are checked by a pydantic model. If ``act`` raises CellError, the call
    fails, and the model is told why."""

    def __init__(
        self,
        name: str,
        description: str,
        arguments: type[BaseModel],
        act: Callable[[Any], Awaitable[ToolResult]],
        policy: Policy,
        *,
        reads_only: bool = False,
        check: Check | None = None,
        seen: Seen | None = None,
    ) -> None:
        if name not in BUILT_IN:
            raise ValueError(f"{name!r} is not in BUILT_IN, so any function could take its name.")
        self.spec = _spec_of(name, description, arguments)
        self.policy = policy
        self.reads_only = reads_only
        self._arguments = arguments
        self._act = act
        self._check = check
        self._seen = seen

    def bind(self, arguments: Mapping[str, Any]) -> Callable[[], Awaitable[ToolResult]]:
        checked = check_arguments(self._arguments, self.spec.name, arguments)

        async def call() -> ToolResult:
            try:
                return await self._act(checked)
            except CellError as error:
                return ToolResult(str(error), failed=True)

        return call

    def refuse(self, arguments: Mapping[str, Any]) -> ToolResult | None:
        try:
            if self._check is not None:
                self._check(check_arguments(self._arguments, self.spec.name, arguments))
        except CellError as error:
            return ToolResult(str(error), failed=True)
        return None

    def seen(self, arguments: Mapping[str, Any]) -> Mapping[str, str]:
        if self._seen is None:
            return {}
        return self._seen(check_arguments(self._arguments, self.spec.name, arguments))


@cache
def _spec_of(name: str, description: str, arguments: type[BaseModel]) -> ToolSpec:
    """Return the spec, cached: making its schema takes pydantic a millisecond in Pyodide, and all
    questions that are asked at once share it."""
    return ToolSpec(name, description, arguments.model_json_schema(schema_generator=WithoutTitles))


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    description: str
    arguments: type[BaseModel]
    act: Callable[[NotebookActions, Any], Awaitable[ToolResult]]
    policy: Policy
    reads_only: bool = False
    depends: bool = False
    """Whether a call depends on the text of the cell that it names."""


_TOOLS = (
    _Entry(
        "create_cell",
        "Create a cell. It is not run: call execute_cell with the id that this gives.",
        Create,
        NotebookActions.create,
        "auto",
    ),
    _Entry(
        "edit_cell",
        "Replace pieces of a cell's text; the rest stays.",
        Edit,
        NotebookActions.modify,
        "ask",
        depends=True,
    ),
    _Entry(
        "modify_cell",
        "Replace the whole text of a cell; edit_cell is better where most of it stays.",
        Modify,
        NotebookActions.modify,
        "ask",
        depends=True,
    ),
    _Entry(
        "execute_cell",
        "Run a cell and get its outputs. Python cells share one namespace.",
        CellId,
        NotebookActions.execute,
        "ask",
        depends=True,
    ),
    _Entry("move_cell", "Move a cell.", Move, NotebookActions.move, "ask"),
    _Entry("delete_cell", "Delete a cell.", CellId, NotebookActions.delete, "ask", depends=True),
    _Entry(
        "read_cell",
        "Read a cell: its text and its outputs.",
        CellId,
        NotebookActions.read,
        "auto",
        reads_only=True,
    ),
    _Entry(
        "list_cells",
        f"List the notebook's cells in order, at most {sizes.LISTED_CELLS} at a time.",
        List,
        NotebookActions.list,
        "auto",
        reads_only=True,
    ),
    _Entry(
        "inspect_variables",
        "Look into the variables of the Python cells: types, shapes, columns, signatures.",
        Inspect,
        NotebookActions.inspect,
        "auto",
        reads_only=True,
    ),
)


def notebook_tools(
    run: Run, variables: Callable[[], Mapping[str, object]] = dict
) -> list[NotebookTool]:
    """Return the tools of one run. ``variables`` returns the namespace of the Python cells."""
    actions = NotebookActions(run, variables)
    return [
        NotebookTool(
            one.name,
            one.description,
            one.arguments,
            partial(one.act, actions),
            one.policy,
            reads_only=one.reads_only,
            check=partial(actions.check, tool=one.name) if one.depends else None,
            seen=actions.seen if one.depends else None,
        )
        for one in _TOOLS
    ]


def reading_tools(
    run: Run, variables: Callable[[], Mapping[str, object]] = dict
) -> list[NotebookTool]:
    """Return those of ``notebook_tools`` that change nothing."""
    return [tool for tool in notebook_tools(run, variables) if tool.reads_only]
