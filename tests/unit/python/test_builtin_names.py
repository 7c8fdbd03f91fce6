"""Builtins that a cell has broken, put back."""

from __future__ import annotations

import builtins
from collections.abc import Iterator

import pytest

from runt_pyodide.python.builtin_names import BuiltinNames


@pytest.fixture
def names() -> Iterator[BuiltinNames]:
    before = dict(vars(builtins))
    yield BuiltinNames()
    vars(builtins).update(before)


def test_what_was_deleted_or_cannot_be_called_is_put_back(names: BuiltinNames) -> None:
    real = vars(builtins)
    length, kind, own = len, type, callable
    del builtins.len  # type: ignore[attr-defined]
    builtins.type = 3  # type: ignore[misc,assignment]
    builtins.callable = None  # type: ignore[assignment]
    names.mend()
    assert (real["len"], real["type"], real["callable"]) == (length, kind, own)


def test_another_function_stays_and_so_does_what_was_added(names: BuiltinNames) -> None:
    def louder(*_args: object) -> None: ...

    builtins.print = louder  # type: ignore[assignment]
    builtins.mine = 1  # type: ignore[attr-defined]
    names.mend()
    assert vars(builtins)["print"] is louder
    assert vars(builtins).pop("mine") == 1
