"""The parts of a list's entry, whatever form they are in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def look_up(entry: Mapping[str, Any], path: str) -> Any:
    """Return what stands at "a.b"; None if nothing does."""
    value: Any = entry
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def says(entry: Mapping[str, Any], place: str) -> bool | None:
    """Return whether the flag at "a.b" is set, the list at "a.b" has the member c ("a.b:c"), or the
    text at "a.b" is c ("a.b=c"); None if there is no such thing."""
    path, is_list, member = place.partition(":")
    if is_list:
        value = look_up(entry, path)
        return member in value if isinstance(value, list) else None
    path, is_text, word = place.partition("=")
    value = look_up(entry, path)
    if is_text:
        return value.lower() == word if isinstance(value, str) else None
    return value if isinstance(value, bool) else None


def read_count(value: Any) -> int | None:
    """Return a count that may be written as text ("8192", "8,192"); None if it is none, or zero."""
    if isinstance(value, str):
        value = value.replace(",", "").replace("_", "").strip()
        value = int(value) if value.isdecimal() and len(value) < 16 else None
    if isinstance(value, float):
        value = int(value) if value.is_integer() else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
