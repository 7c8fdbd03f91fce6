"""Figures in words. Those of matplotlib itself are tested in tests/data_packages."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from runt_pyodide.charts.figure import MOST_AXES, describe_figure


def axes() -> Any:
    empty: Any = {"lines": [], "containers": [], "patches": [], "collections": []}
    return SimpleNamespace(
        name="rectilinear",
        get_title=lambda: "x" * 1000,
        get_xlabel=lambda: "day",
        get_ylabel=lambda: "",
        get_xlim=lambda: (0.0, 2.5),
        get_ylim=lambda: (1.0, 0.0),
        images=[],
        texts=[],
        **empty,
    )


def test_long_texts_and_many_axes_are_cut() -> None:
    figure = SimpleNamespace(
        axes=[axes() for _ in range(MOST_AXES + 3)], bbox=SimpleNamespace(size=(640.0, 480.0))
    )
    first, *lines, last = describe_figure(figure).split("\n")
    assert first == "Figure of 640 by 480 pixels with 15 axes"
    assert lines == [f"axes “{'x' * 100}”; x “day” from 0 to 2.5; y from 1 to 0"] * MOST_AXES
    assert last == "3 more axes"
