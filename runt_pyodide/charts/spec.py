"""Charts of Plotly, Vega-Lite and Vega in words: titles, marks, encodings and axes, but no data.

The data of a chart may come from a file, so anything may be in any place of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

MOST_PARTS = 20
LONGEST_LABEL = 100
_DEEPEST = 6
PLOTLY = "application/vnd.plotly.v1+json"
VEGA_LITE = "application/vnd.vegalite.v6+json"
_VEGA = re.compile(r"application/vnd\.vega(?P<lite>lite)?\.v\d+(\+json|\.json)")
_VIEWS = ("layer", "hconcat", "vconcat", "concat")
# How many bytes a number takes, in the arrays that Plotly writes as base64.
_BYTES = {"i1": 1, "u1": 1, "u1c": 1, "i2": 2, "u2": 2, "i4": 4, "u4": 4, "f4": 4, "f8": 8}


def describe_chart(mime: str, spec: object) -> str:
    """Return a chart as text; an empty one if it is no chart that is known here."""
    if not isinstance(spec, Mapping):
        return ""
    if mime == PLOTLY:
        return "; ".join(_plotly(spec))
    if (vega := _VEGA.fullmatch(mime)) is None:
        return ""
    return "; ".join(_vega_lite(spec) if vega["lite"] else _vega(spec))


def _plotly(figure: Mapping[str, Any]) -> Iterator[str]:
    layout = _object(figure.get("layout"))
    yield f"Plotly chart{_titled(_text_of(layout.get('title')))}"
    traces = [one for one in _list(figure.get("data")) if isinstance(one, Mapping)]
    for trace in traces[:MOST_PARTS]:
        kind, count = trace.get("type") or "scatter", _count(trace)
        points = f" of {count:,} points" if count else ""
        yield f"{_short(kind)}{_titled(trace.get('name'))}{points}"
    if len(traces) > MOST_PARTS:
        yield f"{len(traces) - MOST_PARTS} more traces"
    for name, axis in layout.items():
        title = _titled(_text_of(_object(axis).get("title")))
        if title and re.fullmatch(r"[xyz]axis\d*", str(name)):
            yield f"{name.replace('axis', '')}{title}"


def _count(trace: Mapping[str, Any]) -> int:
    """Return how many points a trace has."""
    for name in ("x", "y", "z", "values", "r", "lat", "locations"):
        values = trace.get(name)
        if isinstance(values, list):
            return len(values)
        if isinstance(values, Mapping) and isinstance(values.get("bdata"), str):
            size = _BYTES.get(str(values.get("dtype")), 8)
            return len(values["bdata"].rstrip("=")) * 3 // 4 // size
    return 0


def _vega_lite(spec: Mapping[str, Any]) -> Iterator[str]:
    yield f"Vega-Lite chart{_titled(_text_of(spec.get('title')))}"
    yield from [*_views(spec, 0)][:MOST_PARTS]
    if count := _count_values(spec):
        yield f"{count:,} rows of data"


def _views(spec: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Describe a view, and those within it."""
    if depth > _DEEPEST:
        return
    mark = spec.get("mark")
    kind = _object(mark).get("type") if isinstance(mark, Mapping) else mark
    channels = [*_channels(_object(spec.get("encoding")))]
    if kind or channels:
        yield f"{_short(kind or 'shared')}: {', '.join(channels)}" if channels else _short(kind)
    for name in _VIEWS:
        for view in _list(spec.get(name)):
            yield from _views(_object(view), depth + 1)
    if isinstance(spec.get("spec"), Mapping):
        yield from _views(spec["spec"], depth + 1)


def _channels(encoding: Mapping[str, Any]) -> Iterator[str]:
    for channel, given in encoding.items():
        one = _object(given)
        what = one.get("field") if isinstance(one.get("field"), str) else one.get("value")
        by = one.get("aggregate") or one.get("timeUnit") or ("bin" if one.get("bin") else None)
        if what is None and by is None:
            continue
        named = _short(what) if what is not None else ""
        named = f"{_short(by)}({named})" if by else named
        yield f"{_short(channel)} = {named}" + (f" ({one['type']})" if one.get("type") else "")


def _count_values(spec: Mapping[str, Any]) -> int:
    held = [_object(spec.get("data")).get("values"), *_object(spec.get("datasets")).values()]
    return sum(len(values) for values in held if isinstance(values, list))


def _vega(spec: Mapping[str, Any]) -> Iterator[str]:
    yield f"Vega chart{_titled(_text_of(spec.get('title')))}"
    kinds = [_short(_object(mark).get("type")) for mark in _list(spec.get("marks"))]
    if kinds:
        yield f"marks: {', '.join(kinds[:MOST_PARTS])}"
    for axis in map(_object, _list(spec.get("axes"))):
        if title := _titled(_text_of(axis.get("title"))):
            yield f"axis{title}"


def _text_of(title: Any) -> Any:
    if isinstance(title, Mapping):
        title = title.get("text")
    return " ".join(map(str, title)) if isinstance(title, list) else title


def _titled(title: Any) -> str:
    text = title.strip() if isinstance(title, str) else ""
    return f" “{_short(text)}”" if text else ""


def _short(text: Any) -> str:
    return str(text)[:LONGEST_LABEL]


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
