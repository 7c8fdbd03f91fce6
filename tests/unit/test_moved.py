"""Modules by their earlier names."""

from __future__ import annotations

import importlib
import sys

import pytest

from runt_pyodide._moved import MOVED, keep_earlier_names


@pytest.mark.parametrize(("old", "place"), [(old, new) for old in MOVED for new in MOVED[old]])
def test_what_a_module_defines_is_found_by_its_earlier_name(old: str, place: str) -> None:
    moved, there = importlib.import_module(old), importlib.import_module(place)
    own = [name for name, value in vars(there).items() if is_public_of(place, name, value)]
    assert own
    for name in own:
        with pytest.warns(DeprecationWarning, match=rf"^{old}\.{name} is now runt_pyodide\."):
            assert getattr(moved, name) is getattr(there, name)


def is_public_of(place: str, name: str, value: object) -> bool:
    return not name.startswith("_") and getattr(value, "__module__", None) == place


def test_what_no_module_had_is_not_there() -> None:
    moved = importlib.import_module("runt_pyodide.messages")
    with pytest.raises(AttributeError, match=r"runt_pyodide\.messages.*'Nothing'"):
        _ = moved.Nothing
    with pytest.raises(AttributeError):
        _ = moved._private
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("runt_pyodide.gone")


def test_names_are_looked_for_in_one_place_however_often_it_is_asked_for() -> None:
    before = [*sys.meta_path]
    keep_earlier_names()
    assert sys.meta_path == before
