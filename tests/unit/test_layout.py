"""The layout of sources and tests, on which readers rely to find their way."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from scripts.paths import ROOT

PACKAGE = ROOT / "runt_pyodide"
TESTS = ROOT / "tests"
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.name != "__init__.py"]
SOURCES = [
    path
    for top in ("runt_pyodide", "js", "web")
    for path in (ROOT / top).rglob("*")
    if path.is_file() and path.parent.name != "__pycache__"
]
IS_A_TEST = re.compile(r"\b(test_\w+|conftest)\b|\.test\.js$")
IMPORTED = re.compile(r"""\b(?:from|import)\s*\(?\s*["']([^"']+)["']""")
# What only a browser can run, the parts of a vocabulary that is read as one, those of a mapping
# that cases describe, and the contract's own tests, which run the contract.
ELSEWHERE = {
    **dict.fromkeys(
        (f"notebook/events/{name}" for name in ("cells", "model")),
        "tests/unit/notebook/test_events.py",
    ),
    **dict.fromkeys(
        (
            f"ipynb/{path.stem}"
            for path in (PACKAGE / "ipynb").glob("*.py")
            if path.stem not in ("__init__", "ai_line", "exact_json", "file")
        ),
        "tests/unit/ipynb/test_cases.py",
    ),
    "bridge": "tests/pyodide/test_bridge.py",
    "llm/transport/pyfetch": "tests/pyodide/test_pyfetch.py",
    "python/pyodide_packages": "tests/pyodide/test_bridge.py",
    "python/pyodide_mends": "tests/browser/test_interrupt.py",
    **dict.fromkeys(
        (f"testing/{name}" for name in ("answers", "case", "failures", "rig")),
        "tests/contract/test_suite.py",
    ),
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions_of(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, Function):
            yield node


def does_something(function: Function) -> bool:
    """Whether it has more of a body than a docstring or an ellipsis."""
    return any(
        not (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
        for line in function.body
    )


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_each_module_has_a_test_file_by_its_name() -> None:
    """Save those that only say what things look like, and those of ELSEWHERE."""
    names = {
        module.relative_to(PACKAGE).with_suffix("").as_posix(): any(
            map(does_something, functions_of(module))
        )
        for module in MODULES
    }
    assert set(ELSEWHERE) <= set(names)
    expected = [ELSEWHERE.get(name) or file_of_tests(name) for name in names if names[name]]
    assert [name for name in expected if not (ROOT / name).exists()] == []


def file_of_tests(name: str) -> str:
    folder, _, module = name.rpartition("/")
    return f"tests/unit/{folder}/test_{module.lstrip('_')}.py".replace("//", "/")


def test_each_file_of_tests_in_javascript_has_the_name_of_a_module() -> None:
    """Or of a folder, whose modules are one table; save those of the whole package, at the top."""
    places = {place for path in SOURCES for place in (path.with_suffix(""), path.parent)}
    modules = {name_of(place).partition("/")[2] for place in places}
    tested = {
        path.relative_to(TESTS / "js").as_posix().removesuffix(".test.js")
        for path in (TESTS / "js").glob("*/**/*.test.js")
    }
    assert tested
    assert tested - modules == set()


def test_no_test_imports_a_test() -> None:
    importing = {
        name_of(path): imported
        for path in (*TESTS.rglob("*.py"), *TESTS.rglob("*.js"))
        if (imported := [name for name in imports_of(path) if IS_A_TEST.search(name)])
    }
    assert importing == {}


def imports_of(path: Path) -> Iterator[str]:
    if path.suffix == ".js":
        yield from IMPORTED.findall(path.read_text("utf-8"))
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{one.name}" for one in node.names)


def test_a_file_of_tests_can_be_read_at_a_sitting() -> None:
    lines = {
        name_of(path): len(path.read_text("utf-8").splitlines())
        for pattern in ("test_*.py", "*.test.js")
        for path in TESTS.rglob(pattern)
    }
    assert {name: count for name, count in lines.items() if count > 320} == {}


def test_no_test_sleeps() -> None:
    """A test waits for what happens. Zero seconds only let other tasks go on."""
    sleeping = [
        f"{name_of(path)}: {ast.unparse(node)}"
        for path in TESTS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and is_sleep(node)
    ]
    assert sleeping == []


def is_sleep(call: ast.Call) -> bool:
    name = ast.unparse(call.func).rpartition(".")[2]
    lasting = any(isinstance(one, ast.Constant) and one.value for one in call.args)
    return name in ("sleep", "wait_for_timeout") and lasting


def test_a_folder_has_few_files() -> None:
    counts = Counter(name_of(path.parent) for path in SOURCES)
    assert {name: count for name, count in counts.items() if count > 14} == {}


def test_a_file_of_the_page_and_the_package_has_one_subject() -> None:
    """Save those that `make schema` writes, which nobody reads from top to bottom."""
    texts = {
        name_of(path): path.read_text("utf-8") for path in SOURCES if PACKAGE not in path.parents
    }
    lines = {
        name: len(text.splitlines())
        for name, text in texts.items()
        if not text.startswith("// Written by `make schema`")
    }
    assert {name: count for name, count in lines.items() if count > 300} == {}


def test_a_function_fits_on_a_screen() -> None:
    """Those of JavaScript are held to it by eslint."""
    lines = {
        f"{name_of(module)}: {function.name}": (function.end_lineno or 0) - function.lineno + 1
        for module in MODULES
        for function in functions_of(module)
    }
    assert {name: count for name, count in lines.items() if count > 45} == {}
