"""Tools by name, and the check of a call's arguments."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from runt_pyodide.ai.tool import (
    BUILT_IN,
    Tool,
    Toolbox,
    ToolResult,
    check_arguments,
    check_distinct,
    check_own_name,
)
from runt_pyodide.ai.tools.notebook import _TOOLS, NotebookTool
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


def test_the_first_of_two_tools_of_one_name_counts() -> None:
    first, other, second = Named("a"), Named("b"), Named("a")
    toolbox = Toolbox([first, other, second])
    assert (toolbox.get("a"), toolbox.get("b"), toolbox.get("c")) == (first, other, None)
    assert toolbox.names() == ["a", "b"]
    assert [*toolbox] == [first, other]


def disguises(name: str) -> Iterator[str]:
    """Ways to write a name so that a person, or a model, takes it for the one that they know."""
    yield from (name, name.upper(), name.title(), name.replace("_", "-"), name.replace("_", ""))
    yield from (name.replace("_", "__"), f"{name}_", f"_{name}", f"-{name}")
    yield from (name.replace("l", "1"), name.replace("l", "I"), name.replace("i", "l"))
    yield from (name.replace("o", "0"), name.replace("m", "rn"))


@pytest.mark.parametrize("name", BUILT_IN)
def test_no_tool_takes_the_name_of_a_built_in_one(name: str) -> None:
    for disguise in disguises(name):
        with pytest.raises(TypeError, match=f"'{name}' is built in"):
            check_own_name(disguise)
    # Other letters that look the same, and what Unicode makes of them, are no names at all.
    for disguise in (f"{name}\u200b", f"\u0430{name}", f"\uff44{name[1:]}", f"{name} "):
        with pytest.raises(TypeError, match="services take ASCII"):
            check_own_name(disguise)
    assert check_own_name(f"my_{name}") == f"my_{name}"


def test_the_built_in_tools_are_those_that_there_are() -> None:
    """A NotebookTool refuses a name that is not among them; this finds one that is gone."""
    with pytest.raises(ValueError, match="not in BUILT_IN"):
        NotebookTool("another", "", Point, never, "auto")
    assert {*BUILT_IN} == {one.name for one in _TOOLS} | {"run_python", "list_files", "read_file"}


async def never(_: Any) -> ToolResult:
    raise AssertionError("it is not called")


def test_two_tools_that_are_given_together_have_names_of_their_own() -> None:
    tools = [Named("look"), Named("find")]
    assert check_distinct([*tools, tools[0]]) == [*tools, tools[0]]
    for name in ("look", "Look", "1ook", "l-ook"):
        with pytest.raises(TypeError, match=f"'look' and '{name}'"):
            check_distinct([*tools, Named(name)])
    with pytest.raises(TypeError, match="'read_cell' is built in"):
        check_distinct([Named("read-cell")])


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
