"""Where values end in JSON text that comes in pieces: found without parsing, so that text is looked
at once, however many pieces it comes in."""

from __future__ import annotations

import re

# Everything that matters for it: quotation marks, brackets, and what a backslash makes harmless.
_MARK = re.compile(r'\\.?|["{}\[\]]', re.DOTALL)


class JSONScanner:
    """Feed it JSON text in any pieces. Objects, lists and strings count as values: of a number
    nobody knows whether it goes on."""

    def __init__(self) -> None:
        self._depth = 0
        self._in_string = False
        self._escaped = False

    @property
    def within(self) -> bool:
        """Whether a value has begun and not ended."""
        return self._in_string or self._depth > 0

    def feed(self, text: str) -> list[int]:
        """Return the places in ``text`` right after which a value ends that is in no other."""
        ends: list[int] = []
        if not text:
            return ends
        # A backslash at the end of the piece before makes the first character harmless.
        start, self._escaped = int(self._escaped), False
        for mark in _MARK.finditer(text, start):
            one = mark[0]
            if one[0] == "\\":
                self._escaped = len(one) == 1
            elif one == '"':
                self._in_string = not self._in_string
            elif not self._in_string:
                self._depth = max(0, self._depth + (1 if one in "{[" else -1))
            else:
                continue
            if one[0] in '"}]' and not self.within:
                ends.append(mark.end())
        return ends


def is_unfinished(text: str) -> bool:
    """Return whether a JSON text breaks off before its end."""
    scanner = JSONScanner()
    scanner.feed(text)
    return scanner.within
