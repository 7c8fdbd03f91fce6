"""What a function returned or raised, as the model and the reader see it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from runt_pyodide.ai.tool import ToolResult
from runt_pyodide.ai.tools.function import FunctionTool
from runt_pyodide.ai.tools.result import failure_of, result_of
from runt_pyodide.llm.messages import Image


class City(BaseModel):
    name: str
    country: str = "CH"


class Broken:
    def __repr__(self) -> str:
        raise ValueError("no repr")


class Shown:
    def __repr__(self) -> str:
        return "<shown>"

    def _repr_html_(self) -> str:
        return "<b>shown</b>"

    def _repr_png_(self) -> bytes:
        return b"png"

    def _repr_svg_(self) -> str:
        raise ValueError


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("text", "text"),
        (None, "null"),
        (1.5, "1.5"),
        ({"a": [1, "ü"]}, '{"a": [1, "ü"]}'),
        (City(name="Bern"), '{"name":"Bern","country":"CH"}'),
        ([City(name="Bern")], '[{"name": "Bern", "country": "CH"}]'),
        ({1, 2}, "{1, 2}"),
        ({(1, 2): 3}, "{(1, 2): 3}"),
        (Broken(), "<Broken: its repr raised ValueError: no repr>"),
        ("\ud800", "\\ud800"),
    ],
)
def test_results_as_text(value: Any, text: str) -> None:
    result = result_of(value)
    assert (result.text, result.failed) == (text, False)


def test_what_shows_itself_is_shown() -> None:
    result = result_of(Shown())
    shown = {mime: one.data for mime, one in result.bundle.items()}  # type: ignore[union-attr]
    assert shown == {"text/html": "<b>shown</b>", "image/png": "cG5n"}
    assert result.images == (Image("image/png", "cG5n"),)
    assert result.text == "<shown>"


@pytest.mark.parametrize("value", ["a" * 100_000_000, ["a" * 1000] * 100_000])
def test_a_huge_result_is_cut(value: Any) -> None:
    result = result_of(value)
    assert len(result.text) < 25_000
    assert "characters left out" in result.text


def failure(n: int) -> ToolResult:
    try:
        raise ValueError(f"no {n}")
    except ValueError as error:
        return failure_of(error)


def test_what_a_function_raises_goes_back_with_its_own_frames() -> None:
    result = failure(3)
    assert result.failed
    assert result.text.endswith("ValueError: no 3")
    assert "in failure" in result.text


async def test_frames_of_ours_are_left_out() -> None:
    async def fail(n: int) -> None:
        raise ValueError(f"no {n}")

    result = await FunctionTool(fail).bind({"n": 3})()
    assert "in fail" in result.text
    assert "runt_pyodide" not in result.text


def test_an_error_without_a_frame_is_told_by_its_last_line() -> None:
    assert failure_of(KeyError("x")).text == "KeyError: 'x'"


class Scalar:
    """Looks like a number of NumPy's."""

    shape = ()
    dtype = "int64"

    def __init__(self, value: Any) -> None:
        self._value = value

    def item(self) -> Any:
        return self._value

    def __repr__(self) -> str:
        return f"np.int64({self._value})"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Scalar(5), "5"),
        (Scalar(2.5), "2.5"),
        (Scalar(True), "true"),
        ({"mean": Scalar(2.5), "n": [Scalar(1), (Scalar(2),)]}, '{"mean": 2.5, "n": [1, [2]]}'),
        ({Scalar(3): "three"}, '{"3": "three"}'),
        ([Scalar("a day")], '["np.int64(a day)"]'),
    ],
)
def test_numbers_of_numpy_are_numbers(value: object, text: str) -> None:
    assert result_of(value).text == text
