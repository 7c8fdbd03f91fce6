"""What a model is told about a value."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.ai.text.value import describe_value


class Frame:
    """Like a data frame of pandas, as far as is looked at."""

    columns = ("city", "n")
    dtypes = ("object", "int64")
    shape = (1000, 2)

    def head(self, rows: int) -> str:
        return f"the first {rows} rows"


class Array:
    shape = (3, 4)
    dtype = "float64"


class Hostile:
    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __len__(self) -> int:
        raise RuntimeError

    def __repr__(self) -> str:
        raise RuntimeError


def greet(name: str, times: int = 1) -> str:
    """Greets.

    At length.
    """
    return name * times


class Greeter:
    """One who greets."""

    def __init__(self, name: str) -> None:
        self.name = name


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (3, "int = 3"),
        (True, "bool = True"),
        (None, "NoneType = None"),
        ("text", "str = 'text'"),
        ("x" * 1000, f"str = {'x' * 200!r}, 1,000 long"),
        (b"\x00", "bytes = b'\\x00'"),
        (10**400, f"int = {str(10**400)[:200]}..."),
        ([1, "a", 2], "list of 3: int, str"),
        ([], "list of 0"),
        ((1.5,), "tuple of 1: float"),
        ({"a": 1, "b": 2}, "dict of 2, keys 'a', 'b'"),
        (range(5), "range of 5"),
        (Array(), "tests.Array of shape (3, 4), float64"),
        (
            Frame(),
            "tests.Frame of shape (1000, 2): city object, n int64\nthe first 3 rows",
        ),
        (greet, "function greet(name: 'str', times: 'int' = 1) -> 'str': Greets."),
        (Greeter, "type Greeter(name: 'str') -> 'None': One who greets."),
        (len, "builtin_function_or_method len(obj, /): Return the number of items in a container."),
        (Greeter("x"), "tests.Greeter"),
    ],
)
def test_a_value(value: Any, told: str) -> None:
    assert describe_value(value) == told


def test_an_object_that_cannot_be_looked_at_has_only_its_type() -> None:
    assert describe_value(Hostile()) == "tests.Hostile"
