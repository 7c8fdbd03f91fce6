"""What is allowed on the wire: JSON that JavaScript reads as it was meant.

``js/notebook/wire-event.js`` has the same rules for the page; docs/events.md states them.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import floor
from typing import Any, NamedTuple

from pydantic_core import ErrorDetails

MAX_NUMBER = 2**53 - 1
"""Beyond this a double cannot tell an integer from its neighbours."""

MAX_DEPTH = 200
"""How deep objects and lists may be nested within the args of an event."""


_OUT_OF_RANGE = "must be a finite number, not beyond 2^53 - 1"


class Fault(NamedTuple):
    """``path`` leads from the outside in to what is wrong; ``problem`` completes the sentence."""

    path: tuple[str, ...]
    problem: str


def find_fault(value: object, depth: int = 0) -> Fault | None:
    """Return the first fault in ``value`` that keeps it off the wire; None if there is none."""
    match value:
        case None | bool():
            return None
        case str():
            return None if is_well_formed(value) else Fault((), "holds half of a surrogate pair")
        case int() | float():
            return None if is_in_range(value) else Fault((), _OUT_OF_RANGE)
        case list() | dict() if depth > MAX_DEPTH:
            return Fault((), f"is nested more than {MAX_DEPTH} deep")
        case list():
            return _find_fault_within(enumerate(value), depth + 1)
        case dict():
            if not all(isinstance(key, str) and is_well_formed(key) for key in value):
                return Fault((), "has a key that is not well-formed text")
            return _find_fault_within(value.items(), depth + 1)
    return Fault((), f"must be JSON, not {type(value).__name__}")


def is_well_formed(text: str) -> bool:
    """Return whether ``text`` has no lone surrogate."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_in_range(number: float) -> bool:
    """Return whether ``number`` is finite, and small enough for a double to be exact."""
    return -MAX_NUMBER <= number <= MAX_NUMBER


def count_on(last: float) -> int:
    """Return the whole number after ``last``, or the greatest that is allowed on the wire.

    A log may hold numbers up to that: nothing may fail when there is no number left.
    """
    return min(floor(last) + 1, MAX_NUMBER)


def _find_fault_within(items: Iterable[tuple[object, object]], depth: int) -> Fault | None:
    for key, item in items:
        if fault := find_fault(item, depth):
            return Fault((str(key), *fault.path), fault.problem)
    return None


# What each kind of pydantic error says, in the same words as JavaScript's validator.
_PROBLEMS = {
    "missing": "is missing",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "number": "must be a number",
    "integer": "must be a whole number",
    "list_type": "must be a list",
    "string_pattern_mismatch": "must be a time, such as 2026-01-31T12:00:00.000Z",
    "union_tag_invalid": "must be of type inline or artifact",
    "union_tag_not_found": "must be of type inline or artifact",
}


def read_fault(error: ErrorDetails, args: object) -> Fault:
    """Return what pydantic found wrong with the args of an event."""
    path, kind = _path_of(error["loc"], args), error["type"]
    if kind == "literal_error":
        choices = str(error["ctx"]["expected"]).replace("'", "")
        return Fault(path, f"must be one of {choices}")
    return Fault(path, _PROBLEMS.get(kind, "must be an object"))


def _path_of(loc: tuple[int | str, ...], args: Any) -> tuple[str, ...]:
    """Return the path to what is wrong, without the types of representations that pydantic puts
    into it."""
    path: list[str] = []
    value = args
    for part in loc:
        if isinstance(value, dict):
            if value.get("type") == part:
                continue
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int):
            value = value[part]
        path.append(str(part))
    return tuple(path)
