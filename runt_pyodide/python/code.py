"""The code of a Python cell: what its magics and shell commands become, and its name in
tracebacks. Importing this imports IPython."""

from __future__ import annotations

import linecache
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from IPython.core.compilerop import CachingCompiler

# IPython turns `%pip ...` and `!pip ...` into calls; here these must be awaited, since installing
# sends requests.
_PIP_MAGIC = re.compile(r"(?<!await )get_ipython\(\)\.run_line_magic\('pip', ")
_PIP_COMMAND = re.compile(r"get_ipython\(\)\.system\((['\"])pip3? ")
_AWAITED_PIP = "await get_ipython().run_line_magic('pip', "


@dataclass(frozen=True, slots=True)
class Code:
    """A cell's source, and the Python that it becomes. If it cannot be made into Python,
    ``failure`` is what ``sys.exc_info`` returned."""

    source: str
    python: str
    failure: Any = None

    @property
    def installs(self) -> bool:
        """Whether the code calls %pip."""
        return _AWAITED_PIP in self.python

    @classmethod
    def of(cls, source: str, transform: Callable[[str], str]) -> Code:
        """Return the code for a source; ``transform`` is IPython's transformation, to which a cell
        may add its own."""
        try:
            python = transform(source)
        except Exception:  # noqa: BLE001 -- the shell reports it like anything the source raises
            return cls(source, source, sys.exc_info())
        python = _PIP_MAGIC.sub(_AWAITED_PIP, python)
        return cls(source, _PIP_COMMAND.sub(rf"{_AWAITED_PIP}\1", python))


class CellCompiler(CachingCompiler):
    """Names a cell's code after the number that the reader sees at the cell.

    Different cells may run under the same number, since each counts its own executions. So the
    name, by which tracebacks find the lines, is made unique.
    """

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:  # noqa: ARG002
        name = first = f"Cell In[{number}]"
        again = 1
        while name in linecache.cache:
            again += 1
            name = f"{first} ({again})"
        return name
