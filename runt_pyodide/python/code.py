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
from IPython.core.inputtransformer2 import TokenTransformBase

from .kernel.awaiting import await_magics

# IPython turns `%pip ...` and `!pip ...` into calls; here these must be awaited, since installing
# sends requests.
_PIP_MAGIC = re.compile(r"(?<!await )get_ipython\(\)\.run_line_magic\('pip', ")
_PIP_COMMAND = re.compile(r"get_ipython\(\)\.system\((['\"])pip3? ")
_PLOTTING_MAGIC = re.compile(r"get_ipython\(\)\.run_line_magic\('(matplotlib|pylab)', ")
_LINE_END = re.compile(r"\r\n|\r|\n")
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

    @property
    def imports(self) -> str:
        """Return Python that imports all that this code does, by its magics too."""
        plots = _PLOTTING_MAGIC.search(self.python) is not None
        return f"{self.python}\nimport matplotlib" if plots else self.python

    @classmethod
    def of(cls, source: str, transform: Callable[[str], str]) -> Code:
        """Return the code for a source; ``transform`` is IPython's transformation, to which a cell
        may add its own."""
        try:
            python = transform(source)
        except Exception:  # noqa: BLE001 -- the shell reports it like anything the source raises
            return cls(source, source, sys.exc_info())
        # IPython strips empty lines above the code; without them, every line number would be wrong.
        python = _empty_lines_above(source) + python
        python = _PIP_MAGIC.sub(_AWAITED_PIP, python)
        python = _PIP_COMMAND.sub(rf"{_AWAITED_PIP}\1", python)
        return cls(source, await_magics(python, lambda inner: cls.of(inner, transform).python))


def _empty_lines_above(source: str) -> str:
    code = source.lstrip()
    return "\n" * len(_LINE_END.findall(source[: len(source) - len(code)])) if code else ""


def keeping_lines(transformer: type[TokenTransformBase]) -> type[TokenTransformBase]:
    """Return the transformer of a magic or a shell command, so made that a command of several lines
    stays as long as it is: IPython makes one line of it, and would number all below it wrongly."""

    class KeepingLines(transformer):  # type: ignore[valid-type,misc]
        def transform(self, lines: list[str]) -> list[str]:
            new: list[str] = super().transform(lines)
            below = self.start_line + 1
            return [*new[:below], *["\n"] * (len(lines) - len(new)), *new[below:]]

    return KeepingLines


class CellCompiler(CachingCompiler):
    """Names a cell's code after the number that the reader sees at the cell.

    Code that a cell runs by ``get_ipython().run_cell`` has the same number. So the name, by which
    tracebacks find the lines, is made unique.
    """

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:  # noqa: ARG002
        name = first = f"Cell In[{number}]"
        again = 1
        while name in linecache.cache:
            again += 1
            name = f"{first} ({again})"
        return name
