"""Tools by name, and the check of a call's arguments."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from runt_pyodide.ai.tool import Tool, Toolbox, ToolResult, check_arguments
from runt_pyodide.errors import ToolArgumentsError
from runt_pyodide.llm.messages import ToolSpec


class Named(Tool):
    def __init__(self, name: str) -> None:
        self.spec = ToolSpec(name, "", {})

    def bind(self, arguments: Mapping[str, Any]) -> Callable[[], Awaitable[ToolResult]]:
        raise AssertionError("it is not called")


class Point(BaseModel):
    model_config = ConfigDict(extra="forbid")
    x: int
    y: int = 0


def test_the_later_of_two_tools_of_one_name_counts() -> None:
    first, other, second = Named("a"), Named("b"), Named("a")
    toolbox = Toolbox([first, other, second])
    assert (toolbox.get("a"), toolbox.get("b"), toolbox.get("c")) == (second, other, None)
    assert toolbox.names() == ["a", "b"]
    assert [*toolbox] == [second, other]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("create_cell", "create_cell"),
        ("functions.create_cell", "create_cell"),
        ("default_api:create_cell", "create_cell"),
        (" Create-Cell\n", "create_cell"),
        ("functions.create_cell:0", "create_cell"),
        ("create_cell()", "create_cell"),
        ("create_cell.look", "create_cell_look"),
        ("Look", "Look"),
        ("tools/look", "tools_look"),
        ("LOOK", "LOOK"),
        ("fly to Rome!", "fly_to_Rome_"),
        ("x" * 99, "x" * 64),
        ("", "unnamed"),
    ],
)
def test_the_tool_that_a_model_means(said: str, name: str) -> None:
    toolbox = Toolbox(map(Named, ("create_cell", "look", "Look")))
    assert toolbox.resolve(said) == name


def test_a_tool_asks_and_runs_alone_unless_it_says_otherwise() -> None:
    assert (Named("a").policy, Named("a").reads_only) == ("ask", False)


def test_arguments_are_a_value_of_the_model() -> None:
    assert check_arguments(Point, "move", {"x": "3"}) == Point(x=3)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "x: Field required"),
        ({"x": "a"}, "x: Input should be a valid integer, unable to parse string as an integer"),
        ({"x": 1, "z": 2}, "z: Extra inputs are not permitted"),
        ({"y": None, "z": 2}, "x: Field required; y: Input should be a valid integer; z: Extra"),
    ],
)
def test_each_argument_at_fault_is_named(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ToolArgumentsError) as caught:
        check_arguments(Point, "move", arguments)
    assert str(caught.value).startswith(f"The arguments of move are wrong. {said}")
