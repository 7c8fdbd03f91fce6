"""The sources as the wheels have them: for a browser every byte is fetched, by every visitor.

The contract suite, which no browser needs, has a wheel of its own. In the other the comments, and
the docstrings of all that is not public, are taken out; the lines stay, empty, so that a
traceback's numbers are those of the source. What `runt_pyodide.__all__` names keeps its
docstrings, its public methods too, for `help()` in a notebook.
"""

import ast
import io
import shutil
import tokenize
from collections.abc import Iterator

from scripts.paths import BUILD, ROOT

PACKAGE = "runt_pyodide"
METADATA = ("pyproject.toml", "README.md", "LICENSE")
STAGE = BUILD / "wheel-source"
TESTING = f"{PACKAGE}/testing"
TESTING_STAGE = BUILD / "testing-source"

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def public_names(init: str) -> set[str]:
    """What a package's `__init__.py` lists in `__all__`."""
    for node in ast.parse(init).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    raise ValueError("__init__.py has no __all__")


def slim(source: str, public: set[str]) -> str:
    """The source without its comments and without the docstrings that are not of `public`."""
    lines = source.split("\n")
    for node in _private(ast.parse(source), public):
        docstring = node.body[0]
        assert docstring.end_lineno is not None
        first, last = docstring.lineno - 1, docstring.end_lineno - 1
        lines[first : last + 1] = [""] * (last + 1 - first)
        if len(node.body) == 1 and not isinstance(node, ast.Module):
            lines[first] = " " * docstring.col_offset + "..."  # a body needs a statement
    return _without_comments("\n".join(lines))


def _private(node: ast.AST, public: set[str], is_public: bool = False) -> Iterator[Documented]:
    """The modules, classes and functions within whose docstring is to go."""
    if isinstance(node, Documented) and not is_public and ast.get_docstring(node) is not None:
        yield node
    for child in ast.iter_child_nodes(node):
        name = getattr(child, "name", "_")
        # `ask` is the one object of the class `Ask`, and is called.
        listed = isinstance(node, ast.Module) and (name in public or name.lower() in public)
        yield from _private(child, public, listed or (is_public and _is_shown(name)))


def _is_shown(name: str) -> bool:
    return not name.startswith("_") or name == "__call__"


def _without_comments(source: str) -> str:
    lines = source.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column].rstrip()
    return "\n".join(lines)


def stage_package(public: set[str]) -> None:
    shutil.rmtree(STAGE, ignore_errors=True)
    for path in sorted((ROOT / PACKAGE).rglob("*")):
        relative = path.relative_to(ROOT)
        is_needed = path.suffix in (".py", ".json") or path.name == "py.typed"
        if not is_needed or relative.as_posix().startswith(TESTING):
            continue
        target = STAGE / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text("utf-8")
        target.write_text(slim(text, public) if path.suffix == ".py" else text, "utf-8")
    for name in METADATA:
        shutil.copy(ROOT / name, STAGE / name)


def stage_testing() -> None:
    shutil.rmtree(TESTING_STAGE, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / TESTING, TESTING_STAGE / TESTING, ignore=ignored)
    shutil.copy(ROOT / "packaging" / "testing" / "pyproject.toml", TESTING_STAGE)
    shutil.copy(ROOT / PACKAGE / "__init__.py", TESTING_STAGE / "version.py")
    shutil.copy(ROOT / "LICENSE", TESTING_STAGE)


def main() -> None:
    stage_package(public_names((ROOT / PACKAGE / "__init__.py").read_text("utf-8")))
    stage_testing()


if __name__ == "__main__":
    main()
