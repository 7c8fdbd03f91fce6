"""Fractional indices: strings of 0-9a-z that order cells, with room for more in between.

An index is read as the digits of a base-36 fraction, "a5" as 0.a5, and indices compare as strings.
``js/ordering.js`` holds the same rules for the page; ``tests/data/ordering.json`` holds both to
them.
"""

from __future__ import annotations

from math import floor

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def index_between(lower: str | None, upper: str | None) -> str:
    """An index after ``lower`` and before ``upper``; None is no bound on that side.

    Raises ValueError where no string fits: between equal bounds, or "a" and "a0", which old
    notebooks can hold.
    """
    low, high = lower or "", upper
    if high is not None and low >= high:
        raise ValueError(f"no index fits between {lower!r} and {upper!r}")
    digits: list[str] = []
    while True:
        at = len(digits)
        lowest = DIGITS.index(low[at]) if at < len(low) else 0
        if high is not None and at >= len(high):
            raise ValueError(f"no index fits between {lower!r} and {upper!r}")
        highest = len(DIGITS) if high is None else DIGITS.index(high[at])
        if highest - lowest >= 2:
            return "".join(digits) + DIGITS[(lowest + highest) // 2]
        digits.append(DIGITS[lowest])
        if highest > lowest:
            high = None


def index_of_position(position: float) -> str:
    """What a cell's numeric position of old logs stands for: "a" and base 36 of its floor."""
    whole = floor(position)
    digits = ""
    rest = abs(whole)
    while rest or not digits:
        rest, digit = divmod(rest, len(DIGITS))
        digits = DIGITS[digit] + digits
    return ("a-" if whole < 0 else "a") + digits
