"""Fractional indices: strings of 0-9a-z that order cells, with room for more in between.

An index is read as the digits of a base-36 fraction, "a5" as 0.a5, and indices compare as strings.
``js/notebook/ordering.js`` has the same rules for the page; ``tests/data/ordering.json`` tests
both.
"""

from __future__ import annotations

from math import floor

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def index_between(lower: str | None, upper: str | None) -> str:
    """Return an index after ``lower`` and before ``upper``; None means no bound on that side.

    Raise ValueError if no string fits, as between equal bounds, or between "a" and "a0", which old
    notebooks can hold; or if a bound has other characters.
    """
    low = _digits_of(lower or "")
    high = None if upper is None else _digits_of(upper)
    if high is not None and low >= high:
        raise ValueError(f"no index fits between {lower!r} and {upper!r}")
    index = ""
    while high is None or len(index) < len(high):
        at = len(index)
        lowest = low[at] if at < len(low) else 0
        highest = len(DIGITS) if high is None else high[at]
        if highest - lowest >= 2:
            return index + DIGITS[(lowest + highest) // 2]
        index += DIGITS[lowest]
        if highest > lowest:
            high = None
    raise ValueError(f"no index fits between {lower!r} and {upper!r}")


def index_of_position(position: float) -> str:
    """Return the index for a numeric position in an old log: "a" and its floor in base 36."""
    whole = floor(position)
    digits = ""
    rest = abs(whole)
    while rest or not digits:
        rest, digit = divmod(rest, len(DIGITS))
        digits = DIGITS[digit] + digits
    return ("a-" if whole < 0 else "a") + digits


def _digits_of(index: str) -> list[int]:
    try:
        return [DIGITS.index(character) for character in index]
    except ValueError:
        raise ValueError(f"{index!r} is not an index: it may hold only 0-9 and a-z") from None
