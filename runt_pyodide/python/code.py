"""The code of a Python cell: what its magics and shell commands become, and the name that
tracebacks have for it. Importing this imports IPython."""

from __future__ import annotations

import linecache
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from IPython.core.compilerop import CachingCompiler

# IPython makes calls of `%pip ...` and `!pip ...`; here they have to be awaited, since installing
# takes requests.
_PIP_MAGIC = re.compile(r"(?<!await )get_ipython\(\)\.run_line_magic\('pip', ")
_PIP_COMMAND = re.compile(r"get_ipython\(\)\.system\((['\"])pip3? ")
_AWAITED_PIP = "await get_ipython().run_line_magic('pip', "


@dataclass(frozen=True, slots=True)
class Code:
    """A cell's source and its Python. If the source could not be made into Python, ``failure`` is
    what ``sys.exc_info`` gave."""

    source: str
    python: str
    failure: Any = None

    @property
    def installs(self) -> bool:
        """Whether it calls %pip."""
        return _AWAITED_PIP in self.python

    @classmethod
    def of(cls, source: str, transform: Callable[[str], str]) -> Code:
        """Return the code of a source; ``transform`` is IPython's, to which a cell may add its
        own."""
        try:
            python = transform(source)
        except Exception:  # noqa: BLE001 -- the shell reports it like all that the source raises
            return cls(source, source, sys.exc_info())
        python = _PIP_MAGIC.sub(_AWAITED_PIP, python)
        return cls(source, _PIP_COMMAND.sub(rf"{_AWAITED_PIP}\1", python))


class CellCompiler(CachingCompiler):
    """Names a cell's code by the number that the reader sees at the cell.

    Different cells may run under one number, since each counts its own executions: the name, by
    which tracebacks find the lines, is made unique.
    """

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:  # noqa: ARG002
        name = first = f"Cell In[{number}]"
        again = 1
        while name in linecache.cache:
            again += 1
            name = f"{first} ({again})"
        return name
