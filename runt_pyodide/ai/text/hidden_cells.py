"""What is of cells that are hidden from AI alone, also once they are deleted: for a model it does
not exist.

What cannot be told for certain is hidden. A source that is no Python, or too long to be parsed, may
bind each word that it has if its cell is hidden, and does not count if it is shown.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from ...notebook.state import Cell, Notebook
from .sizes import PARSED

# Lines of IPython's own, which are no Python.
_MAGIC = re.compile(r"^[ \t]*[%!?].*$|^.*\?[ \t]*$", re.MULTILINE)
_WORD = re.compile(r"\w+")


def hidden_names(notebook: Notebook, names: Collection[str]) -> frozenset[str]:
    """Return which of these names cells bind that are hidden from AI, and no other cell does."""
    hidden, shown = notebook.hidden_cells(), [*_shown_in(notebook)]
    ours = _assigned(hidden).union(*(_may_bind(one, names) for one in _sources(notebook, hidden)))
    if ours:
        theirs = (bound_names(source) or () for source in _sources(notebook, shown))
        ours -= _assigned(shown).union(*theirs)
    return frozenset(ours).intersection(names)


def hidden_lines(notebook: Notebook) -> Collection[str]:
    """Return the lines, without what surrounds them, of code cells which are hidden from AI, and of
    no other cell."""
    lines = HiddenLines(_sources(notebook, notebook.hidden_cells()))
    return lines.without(_sources(notebook, _shown_in(notebook))) if lines else frozenset()


class HiddenLines(Collection[str]):
    """The lines of sources. A line that stands anywhere in a long source counts as one of it."""

    def __init__(self, sources: Iterable[str]) -> None:
        self._long: list[str] = []
        self._lines = set[str]()
        for source in sources:
            if len(source) > PARSED:
                self._long.append(source)
            else:
                self._lines |= _lines_of(source)

    def without(self, sources: Iterable[str]) -> HiddenLines:
        """Return this without the lines of the sources that are not long."""
        for source in sources:
            if len(source) <= PARSED:
                self._lines -= _lines_of(source)
        return self

    def __contains__(self, line: object) -> bool:
        if not isinstance(line, str) or not line:
            return False
        return line in self._lines or any(line in source for source in self._long)

    def __len__(self) -> int:
        return len(self._lines) + len(self._long)

    def __iter__(self) -> Iterator[str]:
        yield from self._lines
        for source in self._long:
            yield from source.split("\n")


def _shown_in(notebook: Notebook) -> Iterator[Cell]:
    return (cell for cell in notebook.cells_in_order() if cell.ai_context_visible)


def _assigned(cells: Iterable[Cell]) -> set[str]:
    return {cell.assigned_name for cell in cells if cell.assigned_name}


def _sources(notebook: Notebook, cells: Iterable[Cell]) -> Iterator[str]:
    """Yield the sources of code cells as they stand, and as they ran last."""
    for cell in cells:
        if cell.cell_type == "code":
            entry = notebook.last_execution_of(cell.id)
            yield from {cell.source, (entry.source if entry else None) or ""}


def _lines_of(source: str) -> set[str]:
    return {line.strip() for line in source.split("\n")} - {""}


def _may_bind(source: str, names: Collection[str]) -> frozenset[str]:
    bound = bound_names(source)
    if bound is None:
        return frozenset(_words_of(source, names))
    # A magic may run Python, as %time does.
    return bound.union(*(_words_of(line, names) for line in _MAGIC.findall(source)))


def _words_of(text: str, names: Collection[str]) -> set[str]:
    return {word[0] for word in _WORD.finditer(text) if word[0] in names}


def bound_names(source: str) -> frozenset[str] | None:
    """Return the names that a cell's source binds, at any depth but within its functions' own; None
    if that cannot be told."""
    return _parse_names(source) if len(source) <= PARSED else None


@lru_cache(maxsize=200)
def _parse_names(source: str) -> frozenset[str] | None:
    try:
        tree = ast.parse(_MAGIC.sub("", source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return frozenset(_bound_in(tree))


def _bound_in(node: ast.AST) -> Iterator[str]:
    waiting: list[ast.AST] = [node]
    while waiting:
        one = waiting.pop()
        match one:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield one.name
                yield from _globals_of(one)
                continue
            case ast.Lambda():
                continue
            case ast.Name(ctx=ast.Store()):
                yield one.id
            case ast.Import() | ast.ImportFrom():
                yield from (name.asname or name.name.partition(".")[0] for name in one.names)
            case ast.ExceptHandler() | ast.MatchAs() | ast.MatchStar():
                yield from (one.name,) if one.name else ()
        waiting += ast.iter_child_nodes(one)


def _globals_of(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Global):
            yield from one.names
