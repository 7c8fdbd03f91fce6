"""What a model is told about the variables of a namespace, and which of them it is told about."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping

from . import sizes
from .value import describe_value

# Names that IPython keeps in a namespace, besides those that begin with an underscore.
_SHELLS = frozenset(("In", "Out", "exit", "quit", "get_ipython", "open"))


def describe_variables(namespace: Mapping[str, object], names: Iterable[str] | None = None) -> str:
    """Return a description of each variable, in the order of the namespace.

    With ``names``, only these are described; a name that is not there is "not defined".
    """
    if names is None:
        shown = [name for name, value in namespace.items() if _is_users(name, value)]
    else:
        shown = [*names]
    lines = [
        f"{name}: {describe_value(namespace[name]) if name in namespace else 'not defined'}"
        for name in shown[: sizes.VARIABLES]
    ]
    if len(shown) > sizes.VARIABLES:
        lines.append(f"{len(shown) - sizes.VARIABLES} more: ask for them by name.")
    return "\n".join(lines) or "There are no variables."


def is_shells(name: str) -> bool:
    """Return whether a name in a namespace is the shell's own, and no variable of the user's. Its
    inputs and outputs are of use, and so is a function that the user calls by such a name."""
    return name in _SHELLS and name not in ("In", "Out")


def _is_users(name: str, value: object) -> bool:
    hidden = name.startswith("_") or name in _SHELLS
    return not hidden and not isinstance(value, types.ModuleType)
