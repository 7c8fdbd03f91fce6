"""Text whose pieces may be cut inside a surrogate pair.

Servers that cut JSON strings by UTF-16 code unit send ``"\\ud83d"`` in one chunk and ``"\\ude42"``
in the next. Parsed apart they are lone surrogates, which no encoder takes.
"""

from __future__ import annotations


class SurrogateJoiner:
    """Joins a high surrogate at the end of one piece to the low one that starts the next."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """The text that is whole so far. A surrogate that found no partner becomes U+FFFD."""
        if text.isascii() and not self._held:
            return text
        text = self._held + text
        self._held = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
        return _mend(text.removesuffix(self._held))

    def end(self) -> str:
        """What is still held back when nothing more comes."""
        held, self._held = self._held, ""
        return _mend(held)


def _mend(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
