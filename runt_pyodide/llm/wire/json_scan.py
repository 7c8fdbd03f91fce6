"""Where values end in JSON text that comes in pieces: found without parsing, so that text is looked
at once, however many pieces it comes in."""

from __future__ import annotations

import re


def _up_to(marks: str) -> re.Pattern[str]:
    """Return what matches as far as one of these marks, its group, if there is one. A backslash
    makes the next character harmless; one at the end of a text is a mark, too."""
    return re.compile(rf"[^\\{marks}]*+(?:\\.[^\\{marks}]*+)*+([\\{marks}]?)", re.DOTALL)


# Within a string only its end matters: text of a thousand escapes and brackets is one match.
_WITHIN_STRING, _OUTSIDE = _up_to('"'), _up_to(r'"{}\[\]')


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
        at, self._escaped = int(self._escaped), False
        while at < len(text) and (mark := self._next_mark(text, at)):
            one, at = mark[1], mark.end()
            if one == "\\":
                self._escaped = True
            elif one == '"':
                self._in_string = not self._in_string
            elif one:
                self._depth = max(0, self._depth + (1 if one in "{[" else -1))
            if one in ('"', "}", "]") and not self.within:
                ends.append(at)
        return ends

    def _next_mark(self, text: str, at: int) -> re.Match[str] | None:
        return (_WITHIN_STRING if self._in_string else _OUTSIDE).match(text, at)


def is_unfinished(text: str) -> bool:
    """Return whether a JSON text breaks off before its end."""
    scanner = JSONScanner()
    scanner.feed(text)
    return scanner.within
