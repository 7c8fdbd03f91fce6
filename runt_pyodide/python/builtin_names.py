"""The builtins of Python, which cells share with all that runs beside them."""

from __future__ import annotations

import builtins


class BuiltinNames:
    """The functions and types among the builtins, as they are when this is made."""

    def __init__(self) -> None:
        # Kept, since at ``mend`` nothing that stands among the builtins can be relied on.
        self._callable = callable
        self._now = vars(builtins)
        self._names = {name: value for name, value in self._now.items() if callable(value)}

    def mend(self) -> None:
        """Put back those that were deleted, or replaced by what cannot be called. A cell may
        replace one by another function; without it nothing would run any more."""
        for name, value in self._names.items():
            if name not in self._now or not self._callable(self._now[name]):
                self._now[name] = value
