"""What formatters return becomes a bundle that is valid JSON."""

import datetime
import json
import math
from collections import OrderedDict
from types import MappingProxyType
from typing import Any

import pytest

from runt_pyodide.notebook.bundle import (
    HEAD,
    TAIL,
    build_bundle,
    clean_json,
    clean_text,
    shorten,
)


def wire(data: dict[str, Any], metadata: dict[str, Any] | None = None) -> Any:
    """The bundle as JSON has it, through text, so that what is no JSON fails here."""
    bundle = build_bundle(data, metadata)
    dumped = {mime: one.model_dump(exclude_none=True) for mime, one in bundle.items()}
    return json.loads(json.dumps(dumped, allow_nan=False))


def test_text_goes_as_it_is() -> None:
    data = {
        "text/plain": "<Table>",
        "text/html": "<table>é</table>",
        "text/latex": r"$\frac{1}{2}$",
        "image/png": "iVBORw0KGgo=",
        "image/svg+xml": "<svg/>",
    }
    assert wire(data) == {mime: {"type": "inline", "data": text} for mime, text in data.items()}


def test_bytes_become_base64_but_text_where_the_type_is_text() -> None:
    assert wire(
        {
            "image/png": b"\x89PNG",
            "application/pdf": bytearray(b"%PDF"),
            "image/svg+xml": "<svg>é</svg>".encode(),
            "text/html": memoryview(b"<b>"),
            "text/csv;charset=utf-8": b"a\xff",
        }
    ) == {
        "image/png": {"type": "inline", "data": "iVBORw=="},
        "application/pdf": {"type": "inline", "data": "JVBERg=="},
        "image/svg+xml": {"type": "inline", "data": "<svg>é</svg>"},
        "text/html": {"type": "inline", "data": "<b>"},
        "text/csv;charset=utf-8": {"type": "inline", "data": "a\ufffd"},
    }


def test_vendors_json_passes_through() -> None:
    plotly = {"data": [{"type": "bar", "y": [1, math.nan, 2.5]}], "layout": {"title": "x"}}
    vega = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "mark": "bar"}
    assert wire(
        {"application/vnd.plotly.v1+json": plotly, "application/vnd.vegalite.v5+json": vega}
    ) == {
        "application/vnd.plotly.v1+json": {
            "type": "inline",
            "data": {"data": [{"type": "bar", "y": [1, None, 2.5]}], "layout": {"title": "x"}},
        },
        "application/vnd.vegalite.v5+json": {"type": "inline", "data": vega},
    }


def test_the_background_that_is_needed_is_said_of_pictures() -> None:
    data = {"image/png": "aa==", "image/svg+xml": "<svg/>", "text/plain": "p"}
    shown = wire(data, {"needs_background": "dark", "image/png": {"width": 3}})
    assert shown["image/png"]["metadata"] == {"needs_background": "dark", "width": 3}
    assert shown["image/svg+xml"]["metadata"] == {"needs_background": "dark"}
    assert "metadata" not in shown["text/plain"]
    assert "metadata" not in wire(data, {"needs_background": "pink"})["image/png"]


def test_metadata_goes_with_its_type() -> None:
    metadata = {
        "image/png": {"width": 20, "scale": math.inf},
        "isolated": True,
        "text/plain": "no object",
        "text/html": {"of": "what is not there"},
    }
    assert wire({"image/png": "aa==", "text/plain": "p"}, metadata) == {
        "image/png": {"type": "inline", "data": "aa==", "metadata": {"width": 20, "scale": None}},
        "text/plain": {"type": "inline", "data": "p"},
    }


def test_a_type_without_data_is_left_out() -> None:
    assert wire({"text/plain": "x", "text/html": None}) == {
        "text/plain": {"type": "inline", "data": "x"}
    }


def test_data_of_another_kind_than_its_type_is_shown_as_text() -> None:
    class Mute:
        def __str__(self) -> str:
            raise ValueError("nothing to say")

    assert wire({"text/plain": 5, "text/html": Mute()}) == {
        "text/plain": {"type": "inline", "data": "5"},
        "text/html": {"type": "inline", "data": "<Mute: its text raised>"},
    }


class Array:
    """What NumPy's arrays and scalars have in common."""

    def __init__(self, values: Any) -> None:
        self.values = values

    def tolist(self) -> Any:
        return self.values


class Number(float):
    """As numpy.float64: a float, and not quite."""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (10**30, f"1{'0' * 30}"),
        (1.5, 1.5),
        (math.nan, None),
        (-math.inf, None),
        (2**53 - 1, 2**53 - 1),
        (2**53, "9007199254740992"),
        (-6.02e23, "-6.02e+23"),
        (Number(2.5), 2.5),
        (Number("nan"), None),
        ((1, [2, {3}]), [1, [2, [3]]]),
        (range(3), [0, 1, 2]),
        (OrderedDict(a=1), {"a": 1}),
        (MappingProxyType({"a": b"\x00"}), {"a": "AA=="}),
        ({1: "a", None: "b", 2.5: "c"}, {"1": "a", "null": "b", "2.5": "c"}),
        (Array([[1.0, math.nan]]), [[1.0, None]]),
        (Array(3), 3),
        (datetime.date(2026, 1, 2), "2026-01-02"),
        (1 + 2j, "(1+2j)"),
        ("\ud83d", "\\ud83d"),
        ({"\ud83d": 1}, {"\\ud83d": 1}),
    ],
)
def test_json_is_cleaned(value: object, expected: object) -> None:
    cleaned = clean_json(value)
    assert cleaned == expected
    assert json.loads(json.dumps(cleaned, allow_nan=False)) == cleaned


def test_an_integer_of_any_length_is_text() -> None:
    assert clean_json([16**4000]) == [f"0x1{'0' * 4000}"]


def test_boolean_keys_are_named_as_json_names_them() -> None:
    assert clean_json({True: 1, False: 0}) == {"true": 1, "false": 0}


def test_a_container_within_itself_ends() -> None:
    inner: list[Any] = [1]
    inner.append(inner)
    assert clean_json({"a": inner, "b": inner}) == {
        "a": [1, "[1, [...]]"],
        "b": [1, "[1, [...]]"],
    }


def test_very_deep_data_ends_in_text() -> None:
    for levels, text in ((300, "[" * 200 + "]" * 200), (5000, "<list: it is nested too deep>")):
        deep: list[Any] = []
        for _ in range(levels):
            deep = [deep]
        cleaned, depth = clean_json(deep), 0
        while isinstance(cleaned, list):
            cleaned, depth = cleaned[0], depth + 1
        assert (depth, cleaned) == (101, text)


def test_text_that_is_too_long_loses_its_middle() -> None:
    text = "a" * HEAD + "b" * 1234 + "c" * TAIL
    assert shorten(text) == ("a" * HEAD + "\n[1,234 characters were left out here]\n" + "c" * TAIL)
    assert shorten(text[1234:]) == text[1234:]
    assert wire({"text/plain": text})["text/plain"]["data"] == shorten(text)
    assert wire({"text/html": text})["text/html"]["data"] == text, "half a page is no page"


def test_what_is_cleaned_is_text_and_nothing_else() -> None:
    class Markup(str):
        def __str__(self) -> str:
            return "another text"

    assert type(clean_text(Markup("<b>"))) is str
    assert clean_text(Markup("<b>")) == "<b>"
