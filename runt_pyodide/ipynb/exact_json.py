"""JSON as files have it, and as events may: an event holds no NaN, no great number, no half of a
surrogate pair. What it may not hold is packed as its JSON text, {"$json": text}, and comes back
exact; or it is cleaned, to be shown."""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from typing import Any

from ..notebook.bundle import clean_text
from ..notebook.wire import is_in_range, is_well_formed

_TEXT = "$json"
# Less than an event may be deep, since its own objects are around the value.
_MAX_DEPTH = 150
_HALF = re.compile("[\ud800-\udfff]")


def pack(value: Any, depth: int = 0) -> Any:
    """Return the value with what an event may not hold as its JSON text."""
    if not isinstance(value, dict | list):
        return value if _fits(value) else _as_text(value)
    if depth >= _MAX_DEPTH:
        return _as_text(value)
    if isinstance(value, list):
        return [pack(item, depth + 1) for item in value]
    if any(key == _TEXT or not is_well_formed(key) for key in value):
        return _as_text(value)
    return {key: pack(item, depth + 1) for key, item in value.items()}


def unpack(value: Any) -> Any:
    """Return what ``pack`` packed."""
    if isinstance(value, list):
        return [unpack(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {_TEXT}:
        return _read_packed(value[_TEXT])
    return {key: unpack(item) for key, item in value.items()}


def _read_packed(text: object) -> Any:
    try:
        return json.loads(str(text))
    except (ValueError, RecursionError):  # a log may hold anything
        return None


def _as_text(value: Any) -> dict[str, str]:
    return {_TEXT: escape_halves(to_text(value))}


def _fits(value: Any) -> bool:
    if isinstance(value, str):
        return is_well_formed(value)
    return isinstance(value, bool | None) or is_in_range(value)


def clean(value: Any, depth: int = 0) -> Any:
    """Return the value as an event may hold it, and as it is shown.

    NaN and the infinities become null, numbers beyond 2^53 - 1 become text, halves of surrogate
    pairs become their escapes, and what is nested too deep becomes its JSON text.
    """
    match value:
        case str():
            return clean_text(value)
        case None | bool():
            return value
        case int() | float():
            return value if is_in_range(value) else _spell(value)
    if depth >= _MAX_DEPTH:
        return clean_text(to_text(value))
    if isinstance(value, list):
        return [clean(item, depth + 1) for item in value]
    return {clean_text(key): clean(item, depth + 1) for key, item in value.items()}


def _spell(number: float) -> str | None:
    """Return a great number in digits, as JavaScript does."""
    if isinstance(number, int):
        return format(Decimal(number), "f")
    if not math.isfinite(number):
        return None
    return format(Decimal(repr(number)), "f") if abs(number) < 1e21 else repr(number)


def to_text(value: Any) -> str:
    """Return the JSON text of a value, as JavaScript writes it."""
    return json.dumps(_whole(value), ensure_ascii=False, separators=(",", ":"))


def escape_halves(text: str) -> str:
    """Return JSON text with halves of surrogate pairs as escapes, which UTF-8 needs."""
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def _whole(value: Any) -> Any:
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    is_whole = isinstance(value, float) and is_in_range(value) and value.is_integer()
    return int(value) if is_whole else value


def is_whole(value: object) -> bool:
    """Return whether a value of a file is a whole number that an event may hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return is_in_range(value) and value == int(value)


def is_equal(one: Any, other: Any) -> bool:
    """Return whether two values are the same JSON: 1.0 is 1, NaN is NaN, and true is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_equal, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    is_one_kind = type(one) is type(other) or (_is_number(one) and _is_number(other))
    return is_one_kind and bool(one == other)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)
