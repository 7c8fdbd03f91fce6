"""What is of cells that are hidden from AI alone: for a model it does not exist."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from ...notebook.state import Cell, Notebook

# Lines of IPython's own, which are no Python.
_MAGIC = re.compile(r"^[ \t]*[%!?].*$|^.*\?[ \t]*$", re.MULTILINE)
# What a line binds, in a text that cannot be parsed.
_BINDING = re.compile(
    r"^[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+(\w+)|^[ \t]*(\w+)[ \t]*(?::[^=]*)?=", re.M
)


def hidden_names(notebook: Notebook) -> frozenset[str]:
    """Return the names that code cells bind which are hidden from AI, and no other cell does."""
    if not notebook.has_hidden_cells():
        return frozenset()
    cells = [cell for cell in notebook.cells_in_order() if cell.cell_type == "code"]
    hidden = _names_of(notebook, (cell for cell in cells if not cell.ai_context_visible))
    if not hidden:
        return frozenset()
    return frozenset(hidden - _names_of(notebook, (c for c in cells if c.ai_context_visible)))


def hidden_lines(notebook: Notebook) -> frozenset[str]:
    """Return the lines, without what surrounds them, of code cells which are hidden from AI, and of
    no other cell."""
    if not notebook.has_hidden_cells():
        return frozenset()
    cells = [cell for cell in notebook.cells_in_order() if cell.cell_type == "code"]
    hidden = _lines_of(notebook, (cell for cell in cells if not cell.ai_context_visible))
    if not hidden:
        return frozenset()
    return frozenset(hidden - _lines_of(notebook, (c for c in cells if c.ai_context_visible)))


def _lines_of(notebook: Notebook, cells: Iterable[Cell]) -> set[str]:
    sources = (source for cell in cells for source in _sources_of(notebook, cell))
    return {line.strip() for source in sources for line in source.split("\n")} - {""}


def _names_of(notebook: Notebook, cells: Iterable[Cell]) -> set[str]:
    sources = (source for cell in cells for source in _sources_of(notebook, cell))
    return {name for source in sources for name in bound_names(source)}


def _sources_of(notebook: Notebook, cell: Cell) -> set[str]:
    """Return the cell's source as it stands, and as it ran last."""
    entry = notebook.last_execution_of(cell.id)
    return {cell.source, (entry.source if entry else None) or ""}


def bound_names(source: str) -> set[str]:
    """Return the names that a cell's source binds, at any depth but within its functions' own."""
    try:
        tree = ast.parse(_MAGIC.sub("", source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {name for pair in _BINDING.findall(source) for name in pair if name}
    return {*_bound_in(tree)}


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
