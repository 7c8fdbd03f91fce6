"""The Python of a cell: what its magics and shell commands were made into."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# IPython makes calls of `%pip ...` and `!pip ...`; here they are to be awaited, since to install
# takes requests.
_PIP_MAGIC = re.compile(r"(?<!await )get_ipython\(\)\.run_line_magic\('pip', ")
_PIP_COMMAND = re.compile(r"get_ipython\(\)\.system\((['\"])pip3? ")
_AWAITED_PIP = "await get_ipython().run_line_magic('pip', "


@dataclass(frozen=True, slots=True)
class Code:
    """A cell's source and its Python; with the ``failure``, as ``sys.exc_info`` gives it, where
    that could not be made."""

    source: str
    python: str
    failure: Any = None

    @property
    def installs(self) -> bool:
        """Whether there is a %pip in it."""
        return _AWAITED_PIP in self.python

    @classmethod
    def of(cls, source: str, transform: Callable[[str], str]) -> Code:
        """The code of a source; ``transform`` is IPython's, and may be anybody's."""
        try:
            python = transform(source)
        except Exception:  # noqa: BLE001 -- the shell reports it like all that the source raises
            return cls(source, source, sys.exc_info())
        python = _PIP_MAGIC.sub(_AWAITED_PIP, python)
        return cls(source, _PIP_COMMAND.sub(rf"{_AWAITED_PIP}\1", python))
