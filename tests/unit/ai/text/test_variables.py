"""Which variables of a namespace a model is told about."""

from __future__ import annotations

import math

from runt_pyodide.ai.text.variables import describe_variables


def test_what_is_not_the_users_is_left_out() -> None:
    namespace = {"In": [], "_": 1, "__name__": "x", "math": math, "x": 1, "exit": 1}
    assert describe_variables(namespace) == "x: int = 1"
    assert describe_variables({"math": math}) == "There are no variables."


def test_variables_by_name() -> None:
    told = describe_variables({"a": 1, "b": 2, "_c": 3}, ["b", "_c", "d"])
    assert told == "b: int = 2\n_c: int = 3\nd: not defined"


def test_very_many_are_not_all_told() -> None:
    told = describe_variables({f"v{n}": n for n in range(1000)}).split("\n")
    assert len(told) == 201
    assert told[-1] == "800 more: ask for them by name."
