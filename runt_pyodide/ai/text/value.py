"""What a model is told about a value: its type, size and schema, never the whole of it."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Mapping
from typing import Any

from ...charts.figure import describe_figure
from ...charts.spec import PLOTLY, VEGA_LITE, describe_chart
from ...errors import is_stop
from ...tables.frame import read_frame
from . import sizes
from .output import clip
from .table import describe_frame

_SCALARS = (bool, int, float, complex, str, bytes, type(None))


def describe_value(value: object) -> str:
    """Return a line with the type of a value and a summary of it; for a table the first rows follow
    below. Never raises, whatever the object does when it is looked at."""
    kind = _name_of(type(value))
    for describe in (_scalar, _callable, _chart, _table, _array, _collection):
        try:
            told = describe(value)
        except BaseException as error:  # it may raise anything, and has its type
            if is_stop(error):
                raise
            told = None
        if told is not None:
            return f"{kind}{told}"
    return kind


def tell_value(value: object) -> str:
    """Return a value as it stands in a prompt: a text as it is, numbers and small collections as
    Python writes them, and of anything big what `describe_value` says. Raises what its ``repr``
    does."""
    if isinstance(value, str):
        return value
    is_big = isinstance(value, Collection) and len(value) > sizes.LISTED
    is_told = is_big or _is_table(value) or inspect.isroutine(value) or inspect.isclass(value)
    if is_told or type(value).__repr__ is object.__repr__:
        return describe_value(value)
    return clip(repr(value) if isinstance(value, Collection) else str(value), sizes.INSERTED)[0]


def _is_table(value: object) -> bool:
    return _has_columns(value) or (hasattr(value, "shape") and read_frame(value) is not None)


def _has_columns(value: object) -> bool:
    return not inspect.isclass(value) and hasattr(value, "columns") and hasattr(value, "head")


def _scalar(value: object) -> str | None:
    if type(value) not in _SCALARS:
        return None
    if isinstance(value, str | bytes):
        more = f", {len(value):,} long" if len(value) > sizes.VALUE else ""
        return f" = {value[: sizes.VALUE]!r}{more}"
    return f" = {_cut(repr(value))}"


def _callable(value: object) -> str | None:
    if not (inspect.isroutine(value) or inspect.isclass(value)):
        return None
    try:
        signature = str(inspect.signature(value))
    except (TypeError, ValueError):
        signature = "(...)"
    document = inspect.getdoc(value) or ""
    first = document.partition("\n")[0]
    return f" {getattr(value, '__name__', '')}{_cut(signature)}" + (
        f": {_cut(first)}" if first else ""
    )


def _chart(value: Any) -> str | None:
    """Return what a figure of matplotlib, Plotly or Altair shows."""
    library = type(value).__module__.partition(".")[0]
    if library == "matplotlib" and hasattr(value, "axes") and hasattr(value, "bbox"):
        axes = value.axes
        return f": {_cut(describe_figure(value), sizes.CHART)}" if isinstance(axes, list) else None
    if library == "plotly" and callable(write := getattr(value, "to_plotly_json", None)):
        return f": {_cut(describe_chart(PLOTLY, write()), sizes.CHART)}"
    if library == "altair" and callable(write := getattr(value, "to_dict", None)):
        return f": {_cut(describe_chart(VEGA_LITE, write()), sizes.CHART)}"
    return None


def _table(value: Any) -> str | None:
    """Return the columns and first rows of a table of any library, or of what is like one."""
    if (frame := read_frame(value)) is not None:
        return f" of {describe_frame(frame)}"
    if not _has_columns(value):
        return None
    shape = getattr(value, "shape", None)
    types_ = [str(one) for one in value.dtypes]
    columns = [str(one) for one in value.columns]
    typed = [f"{column} {type_}" for column, type_ in zip(columns, types_, strict=False)]
    left_out = len(typed) - sizes.TABLE_COLUMNS
    more = f", and {left_out} more" if left_out > 0 else ""
    rows = _cut(str(value.head(sizes.TABLE_ROWS)), sizes.TABLE)
    return f" of shape {shape}: {', '.join(typed[: sizes.TABLE_COLUMNS])}{more}\n{rows}"


def _array(value: Any) -> str | None:
    shape = getattr(value, "shape", None)
    if not isinstance(shape, tuple):
        return None
    dtype = getattr(value, "dtype", None)
    return f" of shape {shape}" + (f", {dtype}" if dtype is not None else "")


def _collection(value: Any) -> str | None:
    if isinstance(value, Mapping):
        keys = [_short(key) for key, _ in zip(value, range(sizes.KEYS), strict=False)]
        return f" of {len(value):,}" + (f", keys {', '.join(keys)}" if keys else "")
    if not hasattr(value, "__len__"):
        return None
    told = f" of {len(value):,}"
    if isinstance(value, list | tuple | set | frozenset) and value:
        kinds = {_name_of(type(one)) for one, _ in zip(value, range(sizes.ITEMS), strict=False)}
        told += f": {', '.join(sorted(kinds))}"
    return told


def _short(value: object) -> str:
    return _cut(repr(value), sizes.KEY) if type(value) in _SCALARS else _name_of(type(value))


def _name_of(kind: type) -> str:
    module = kind.__module__
    plain = module in ("builtins", "__main__")
    return kind.__qualname__ if plain else f"{module.partition('.')[0]}.{kind.__qualname__}"


def _cut(text: str, longest: int = sizes.VALUE) -> str:
    return text if len(text) <= longest else f"{text[:longest]}..."
