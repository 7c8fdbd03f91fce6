"""The notebook as it stands, folded from its events by the rules of ``docs/events.md``.

Knows the events and the order of cells. Does not know runtimes, models or pages.
``js/notebook/state/`` is its counterpart, module by module.
"""

from .approvals import Approval
from .cells import Cell
from .executions import Execution, ExecutionState
from .notebook import Notebook
from .sessions import RuntimeSession

__all__ = ["Approval", "Cell", "Execution", "ExecutionState", "Notebook", "RuntimeSession"]
