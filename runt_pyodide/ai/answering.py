"""AI cells whose answer a variable of the Python cells gets, as text or as a value of a type, or
that become the next cell, if they are code."""

from __future__ import annotations

import keyword
from collections.abc import Awaitable, Callable, Mapping

from ..errors import CellError
from ..execution.run import Run
from ..notebook.state import Execution, Notebook
from .cell import AICell
from .prompt.answer_format import find_code
from .prompt.answer_type import AnswerType
from .prompt.cell_settings import Asking, asking_of
from .record.write import note_change
from .tools.actions import Create, NotebookActions


def require_variable(name: str, advice: str) -> None:
    """Raise CellError if no variable can have this name."""
    if not name.isidentifier() or keyword.iskeyword(name):
        raise CellError(f"{name!r} cannot be the name of a variable.", advice=advice)


def find_type(asking: Asking, namespace: Mapping[str, object]) -> AnswerType | None:
    """Return the type of the answer; None for text. Raise CellError if it is none."""
    if asking.type is not None:
        return AnswerType.named(asking.type, namespace)
    return AnswerType.any_json() if asking.format == "json" else None


class AnsweringCell:
    """Runs AI cells, assigns the answers of those that name a variable, and puts code that was
    asked for into a cell below. ``namespace`` returns that of the Python cells, and creates it if
    there is none yet."""

    def __init__(self, cell: AICell, namespace: Callable[[], Awaitable[dict[str, object]]]) -> None:
        self._cell = cell
        self._namespace = namespace

    async def execute(self, run: Run) -> None:
        """Run the cell. Raise what ``AICell.execute`` raises, CellError if the variable or its type
        cannot be used, and AnswerError if the answer is not of the type."""
        asking = asking_of(run.cell)
        if asking.name is not None:
            require_variable(asking.name, advice="Correct it in the settings of this cell.")
        takes_names = asking.name is not None or asking.type is not None
        namespace = await self._namespace() if takes_names else {}
        answer = find_type(asking, namespace)
        response = await self._cell.execute(run, answer)
        if response is None:
            return
        is_code = asking.format == "code" and answer is None
        text = find_code(response.text) if is_code else response.text
        if asking.name is not None:
            namespace[asking.name] = answer.parse(text) if answer else text
        if is_code and text:
            created = await NotebookActions(run, dict).create(Create(source=text))
            if created.change is not None:
                note_change(run, created.change)

    def can_resume(self, notebook: Notebook, entry: Execution) -> bool:
        return self._cell.can_resume(notebook, entry)
