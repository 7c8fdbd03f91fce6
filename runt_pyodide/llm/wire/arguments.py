"""The arguments of one call, which come in pieces, and now and then more than once.

Servers send ``{}`` or null before the pieces, and the whole once more after them. What could be
followed by something better is held back, and what may only be a repetition is passed on at the end
if it is none: then the text is no JSON, and the model is told. A tool never runs with arguments
that the model did not give.
"""

from __future__ import annotations

import json
from typing import Any

from ...json_text import read_json
from .json_scan import JSONScanner
from .records import SurrogateJoiner, mend_surrogates

_PLACEHOLDERS = frozenset(("{}", "null", '""'))


class Arguments:
    """Feed it the pieces in their order; it returns what of them can be passed on."""

    def __init__(self) -> None:
        self._scanner = JSONScanner()
        self._joiner = SurrogateJoiner()
        self._passed: list[str] = []
        self._held = ""
        self._more: list[str] = []
        self._has_ended = False
        self.is_empty = True
        """Whether nothing came yet, or what may stand for nothing."""

    @property
    def is_whole(self) -> bool:
        return self._has_ended or bool(self._held)

    def add(self, piece: str) -> str:
        """Return as much of the arguments as can be passed on now."""
        if self._has_ended:
            self._more.append(piece)
            return ""
        if not piece or (self._held and piece.isspace()):
            return ""
        if self._held and not may_begin(piece):
            piece = self._held + piece
        elif self.is_empty and _stands_for_none(piece):
            self._held = piece
            return ""
        return self._pass_on(piece)

    def settle(self, whole: str) -> str:
        """Return what is missing of the arguments, which the service now gives as a whole."""
        if self.is_empty:
            return self.add(whole)
        if self.repeats(whole):
            return ""
        passed = "".join(self._passed)
        if not self._has_ended and whole.startswith(passed):
            return self.add(whole[len(passed) :])
        self._more.append(whole)
        return ""

    def _pass_on(self, piece: str) -> str:
        self._held = ""
        self.is_empty = self.is_empty and piece.isspace()
        ends = self._scanner.feed(piece)
        if ends:
            self._has_ended = True
            self._more.append(piece[ends[0] :])
            piece = piece[: ends[0]]
        passed = self._joiner.feed(piece)
        self._passed.append(passed)
        return passed

    def repeats(self, text: str) -> bool:
        """Return whether a text says no more than what came: the same values, or none."""
        scanner, start = JSONScanner(), 0
        text, first = mend_surrogates(text), "".join(self._passed)
        for end in scanner.feed(text):
            value = text[start:end].strip()
            if not _stands_for_none(value) and not _are_equal(value, first):
                return False
            start = end
        return text[start:].strip() in ("", "null")

    def end(self) -> str:
        """Return what was held back when nothing more comes."""
        more = "".join(self._more)
        rest = self._held or ("" if self.repeats(more) else more)
        self._held, self._more = "", []
        return self._joiner.feed(rest) + self._joiner.end()


def _stands_for_none(text: str) -> bool:
    return "".join(text.split()) in _PLACEHOLDERS


def may_begin(text: str) -> bool:
    """Return whether arguments may begin with a text, rather than go on with it: with an object, or
    the text of one. An empty text says nothing."""
    begun = text.lstrip()
    return not begun or begun[0] == "{" or begun.startswith('"{') or begun in _PLACEHOLDERS


def write_arguments(value: Any) -> str:
    """Return arguments as text, whatever a service gives them as."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value)


def _are_equal(one: str, other: str) -> bool:
    try:
        return one == other or bool(read_json(one) == read_json(other))
    except ValueError:
        return False
