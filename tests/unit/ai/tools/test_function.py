"""Python functions as tools."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from runt_pyodide import tool
from runt_pyodide.ai.tool import ToolResult
from runt_pyodide.ai.tools.function import FunctionTool, registered_tools, remove_tool
from runt_pyodide.errors import ToolArgumentsError


class City(BaseModel):
    name: str
    country: str = "CH"


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Point(TypedDict):
    x: int
    y: int


@dataclass
class Box:
    width: int
    height: int = 1


async def result_of(function: Callable[..., Any], **arguments: Any) -> ToolResult:
    return await FunctionTool(function).bind(arguments)()


def weather(
    city: City, days: Annotated[int, Field(ge=1)] = 1, unit: Literal["C", "F"] = "C"
) -> str:
    """The forecast for a city.

    More of it.

    Args:
        city: Where, with
            its country.
        days (int): How many days.
        unit: Of the temperature.

    Returns:
        A sentence.
    """
    return f"{city.name} {city.country} {days} {unit}"


def test_the_schema_comes_from_the_annotations_and_the_docstring() -> None:
    spec = FunctionTool(weather).spec
    assert (spec.name, spec.description) == ("weather", "The forecast for a city.\n\nMore of it.")
    properties = spec.parameters["properties"]
    assert properties["city"]["description"] == "Where, with its country."
    assert properties["days"] == {
        "default": 1,
        "description": "How many days.",
        "minimum": 1,
        "type": "integer",
    }
    assert properties["unit"]["enum"] == ["C", "F"]
    assert spec.parameters["required"] == ["city"]
    assert spec.parameters["additionalProperties"] is False
    assert "title" not in str(spec.parameters)


def annotated(a: Annotated[int, "The first"], b: Annotated[int, Field(description="Two")]) -> None:
    """Adds."""


def test_annotations_describe_what_the_docstring_does_not() -> None:
    properties = FunctionTool(annotated).spec.parameters["properties"]
    told = {name: one["description"] for name, one in properties.items()}
    assert told == {"a": "The first", "b": "Two"}


async def test_arguments_come_as_the_types_that_they_are_annotated_with() -> None:
    seen: list[Any] = []

    def take(city: City, colour: Colour, point: Point, box: Box, any_thing, n: float = 2) -> None:  # type: ignore[no-untyped-def]
        seen.extend((city, colour, point, box, any_thing, n))

    await result_of(
        take,
        city={"name": "Bern"},
        colour="blue",
        point={"x": 1, "y": 2},
        box={"width": 3},
        any_thing=[1, None],
    )
    assert seen == [City(name="Bern"), Colour.BLUE, {"x": 1, "y": 2}, Box(3), [1, None], 2]


def test_wrong_arguments_are_told_one_by_one() -> None:
    with pytest.raises(ToolArgumentsError) as caught:
        FunctionTool(weather).bind({"days": 0, "unit": "K", "colour": "red"})
    assert str(caught.value) == (
        "The arguments of weather are wrong. city: Field required; "
        "days: Input should be greater than or equal to 1; unit: Input should be 'C' or 'F'; "
        "colour: Extra inputs are not permitted."
    )


async def test_parameters_may_have_any_name_and_more_may_be_taken() -> None:
    def take(json: int, _hidden: int = 1, model_config: str = "m", **more: int) -> Any:
        return [json, _hidden, model_config, more]

    result = await result_of(take, json=3, _hidden=4, other=5)
    assert result.text == '[3, 4, "m", {"other": 5}]'


@pytest.mark.parametrize(
    "function",
    [lambda *args: None, eval("lambda a, /: a")],
)
def test_parameters_without_a_name_are_refused(function: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match="a model calls with named arguments"):
        FunctionTool(function)


def test_a_type_that_is_not_there_is_refused() -> None:
    def take(a: Nowhere) -> None:  # type: ignore[name-defined]  # noqa: F821
        pass

    with pytest.raises(TypeError, match="'Nowhere' is not defined"):
        FunctionTool(take)


async def leave() -> None:
    raise SystemExit(1)


async def await_what_was_cancelled() -> None:
    task = asyncio.ensure_future(asyncio.sleep(0))
    task.cancel()
    await task


@pytest.mark.parametrize("function", [leave, await_what_was_cancelled])
async def test_what_would_end_the_run_is_a_failure_of_the_call(function: Any) -> None:
    assert (await result_of(function)).failed


async def test_a_cancellation_goes_on() -> None:
    task = asyncio.ensure_future(result_of(asyncio.Event().wait))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.fixture
def clean() -> Iterator[None]:
    yield
    for one in registered_tools():
        remove_tool(one.spec.name)


@pytest.mark.usefixtures("clean")
async def test_decorated_functions_are_registered_and_stay_functions() -> None:
    @tool
    def double(n: int) -> int:
        """Doubles."""
        return n * 2

    @tool(name="half", policy="auto", reads_only=True, description="Halves.")
    def halve(n: int) -> float:
        return n / 2

    assert double(2) == 4
    assert halve(2) == 1
    first, second = registered_tools()
    assert (first.spec.name, first.policy, first.reads_only) == ("double", "ask", False)
    assert (second.spec.name, second.policy, second.reads_only) == ("half", "auto", True)
    assert second.spec.description == "Halves."

    with pytest.raises(KeyError):
        remove_tool("gone")


@pytest.mark.usefixtures("clean")
def test_a_function_that_is_defined_again_replaces_what_it_was_and_no_other() -> None:
    def define(told: str, name: str) -> None:
        @tool(name=name, description=told)
        def half(n: int) -> float:
            return n / 2

    define("First.", "half")
    define("Second.", "half")
    define("Third.", "Half")
    assert [(one.spec.name, one.spec.description) for one in registered_tools()] == [
        ("Half", "Third.")
    ]
    for name in ("Half", "half", "ha1f", "h-alf"):
        with pytest.raises(TypeError, match="half' is the tool 'Half' already"):
            tool(name=name)(print_nothing)
    assert [one.spec.description for one in registered_tools()] == ["Third."]


@pytest.mark.usefixtures("clean")
def test_a_function_does_not_take_the_place_of_a_tool_of_the_notebook() -> None:
    def delete_cell(cell_id: str) -> None:
        """Delete a cell."""

    for register in (tool, tool(policy="auto")):
        with pytest.raises(TypeError, match="'delete_cell' is built in"):
            register(delete_cell)
    with pytest.raises(TypeError, match="'delete_cell' is built in"):
        tool(name="Delete-Ce1l", policy="auto")(print_nothing)
    assert registered_tools() == []


@pytest.mark.parametrize("name", ["größe", "a.b", "my tool", "x" * 65])
def test_a_name_that_services_do_not_take_is_refused_at_once(name: str) -> None:
    with pytest.raises(TypeError, match="A tool cannot be named"):
        tool(name=name)(print_nothing)
    assert name not in [one.spec.name for one in registered_tools()]


def print_nothing() -> None:
    """Do nothing."""
