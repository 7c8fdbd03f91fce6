"""Figures of matplotlib in words: of each of the axes the title, labels, limits and series."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

MOST_AXES = 12
MOST_SERIES = 20
LONGEST_LABEL = 100


def describe_figure(figure: Any) -> str:
    """Return a line with the figure's size and title, and one for each of its axes."""
    axes = list(figure.axes)
    width, height = figure.bbox.size
    size = f"Figure of {round(width)} by {round(height)} pixels with {len(axes)} axes"
    title = getattr(figure, "get_suptitle", str)()
    lines = [f"{size}{_titled(title)}", *map(_describe_axes, axes[:MOST_AXES])]
    if len(axes) > MOST_AXES:
        lines.append(f"{len(axes) - MOST_AXES} more axes")
    return "\n".join(lines)


def _describe_axes(axes: Any) -> str:
    name = "axes in 3D" if axes.name == "3d" else "axes"
    parts = [f"{name}{_titled(axes.get_title())}"]
    for axis, label, limits in (
        ("x", axes.get_xlabel(), axes.get_xlim()),
        ("y", axes.get_ylabel(), axes.get_ylim()),
    ):
        start, end = limits
        parts.append(f"{axis}{_titled(label)} from {start:.4g} to {end:.4g}")
    series = list(_series_of(axes))
    parts += series[:MOST_SERIES]
    if len(series) > MOST_SERIES:
        parts.append(f"{len(series) - MOST_SERIES} more series")
    return "; ".join(parts)


def _series_of(axes: Any) -> Iterator[str]:
    for line in axes.lines:
        yield f"line{_titled(_label(line))} of {len(line.get_xdata())} points"
    in_containers: set[int] = set()
    for container in axes.containers:
        parts = [part for part in container if part is not None]
        in_containers.update(map(id, parts))
        kind = type(container).__name__.removesuffix("Container").lower()
        if kind == "bar":
            yield f"{len(parts)} bars{_titled(_label(container))}"
    patches = [patch for patch in axes.patches if id(patch) not in in_containers]
    if patches:
        yield f"{len(patches)} shapes ({', '.join(_kinds(patches))})"
    for collection in axes.collections:
        points = len(collection.get_offsets())
        yield f"{type(collection).__name__}{_titled(_label(collection))} of {points} points"
    for image in axes.images:
        yield f"image of shape {getattr(image.get_array(), 'shape', '')}"
    for text in axes.texts[:MOST_SERIES]:
        yield f"text{_titled(text.get_text())}"


def _kinds(patches: Sequence[Any]) -> list[str]:
    return sorted({type(patch).__name__ for patch in patches})


def _label(artist: Any) -> str:
    label = str(artist.get_label())
    return "" if label.startswith("_") else label


def _titled(title: object) -> str:
    text = str(title).strip()
    return f" “{text[:LONGEST_LABEL]}”" if text else ""
