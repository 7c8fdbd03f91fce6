"""The modules that a page brings along."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from runt_pyodide.errors import ConfigError
from runt_pyodide.python.modules import import_modules


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The modules of a test go with it."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]
    importlib.invalidate_caches()


def test_modules_are_imported_in_order_and_know_each_other(tmp_path: Path) -> None:
    folder = tmp_path / "modules"
    import_modules(
        {"first_one": "seen = []", "second_one": "import first_one\nfirst_one.seen += [__name__]"},
        folder,
    )
    assert importlib.import_module("first_one").seen == ["second_one"]
    assert sys.path[-1] == str(folder)


def test_no_modules_leave_everything_as_it_is(tmp_path: Path) -> None:
    before = [*sys.path]
    import_modules({}, tmp_path / "modules")
    assert sys.path == before
    assert not (tmp_path / "modules").exists()


@pytest.mark.parametrize(
    ("name", "source", "message"),
    [
        ("json", "", "There already is a module 'json'. Give it another name in `modules`"),
        ("runt_pyodide", "", "There already is a module 'runt_pyodide'"),
        *(
            (name, "", f"{name!r} is not the name of a module")
            for name in ("a-b", "a.b", "def", "")
        ),
        ("mine", "x = 1\n1 / 0", "(ZeroDivisionError: division by zero, in line 2)."),
        ("mine", "x = (", "The module 'mine' could not be imported (SyntaxError: '(' was never"),
        ("mine", "import none_such", "Name the package that has 'none_such' in `packages`."),
        ("mine", 'raise ValueError("one\\ntwo")', "(ValueError: one two, in line 1)."),
    ],
)
def test_what_keeps_a_module_from_being_imported_is_one_sentence(
    name: str, source: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as raised:
        import_modules({name: source}, tmp_path)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)
