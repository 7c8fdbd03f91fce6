"""The notebook as it stands, folded from its events. Knows the events and their order, and nothing
of runtimes, models or pages. ``js/notebook/state/`` is its counterpart, module by module."""

from .notebook import Approval, Cell, Execution, ExecutionState, Notebook, RuntimeSession

__all__ = ["Approval", "Cell", "Execution", "ExecutionState", "Notebook", "RuntimeSession"]
