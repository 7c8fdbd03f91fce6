"""AI cells whose answer a variable of the Python cells gets, as text or as a value of a type."""

from __future__ import annotations

import keyword
from collections.abc import Awaitable, Callable

from ..errors import CellError
from ..execution.run import Run
from ..notebook.state import Execution, Notebook
from .cell import AICell
from .prompt.answer_type import AnswerType
from .prompt.cell_settings import asking_of


def require_variable(name: str, advice: str) -> None:
    """Raise CellError if no variable can have this name."""
    if not name.isidentifier() or keyword.iskeyword(name):
        raise CellError(f"{name!r} cannot be the name of a variable.", advice=advice)


class AnsweringCell:
    """Runs AI cells, and assigns the answers of those that name a variable. ``namespace`` returns
    that of the Python cells, and creates it if there is none yet."""

    def __init__(self, cell: AICell, namespace: Callable[[], Awaitable[dict[str, object]]]) -> None:
        self._cell = cell
        self._namespace = namespace

    async def execute(self, run: Run) -> None:
        """Run the cell. Raise what ``AICell.execute`` raises, CellError if the variable or its type
        cannot be used, and AnswerError if the answer is not of the type."""
        asking = asking_of(run.cell)
        if asking.name is None:
            await self._cell.execute(run)
            return
        require_variable(asking.name, advice="Correct it in the settings of this cell.")
        namespace = await self._namespace()
        answer = AnswerType.named(asking.type, namespace) if asking.type else None
        response = await self._cell.execute(run, answer)
        if response is not None:
            text = response.text
            namespace[asking.name] = answer.parse(text) if answer else text

    def can_resume(self, notebook: Notebook, entry: Execution) -> bool:
        return self._cell.can_resume(notebook, entry)
