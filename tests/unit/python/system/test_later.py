"""Modules that are changed when they are imported."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from runt_pyodide.python.system.later import when_imported


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    return tmp_path


def answer(module: ModuleType) -> None:
    module.value = module.value + 1  # type: ignore[attr-defined]


def test_a_module_is_changed_once_it_has_run(folder: Path) -> None:
    (folder / "changed_later.py").write_text("value = 1\nseen = value\n")
    when_imported("changed_later", answer)
    module = importlib.import_module("changed_later")
    assert (module.value, module.seen) == (2, 1)
    assert importlib.import_module("changed_later") is module
    assert type(module.__loader__).__name__ == type(module.__spec__.loader).__name__
    assert importlib.reload(module).value == 1  # it is what its file says


def test_a_module_that_is_there_is_changed_now(folder: Path) -> None:
    (folder / "changed_now.py").write_text("value = 1\n")
    module = importlib.import_module("changed_now")
    when_imported("changed_now", answer)
    assert module.value == 2


def test_a_module_in_a_package_may_have_several_changes(folder: Path) -> None:
    (folder / "package_later").mkdir()
    (folder / "package_later" / "__init__.py").write_text("")
    (folder / "package_later" / "inner.py").write_text("value = 1\n")
    for _ in range(2):
        when_imported("package_later.inner", answer)
    assert importlib.import_module("package_later.inner").value == 3


def test_a_module_that_fails_is_changed_when_it_works(folder: Path) -> None:
    file = folder / "fails_first.py"
    file.write_text("1 / 0\n")
    when_imported("fails_first", answer)
    with pytest.raises(ZeroDivisionError):
        importlib.import_module("fails_first")
    file.write_text("value = 10  # longer\n")
    importlib.invalidate_caches()
    assert importlib.import_module("fails_first").value == 11


def test_a_module_that_is_nowhere_is_not_found(folder: Path) -> None:
    when_imported("is_nowhere", answer)
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("is_nowhere")
