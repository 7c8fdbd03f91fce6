"""Newline-delimited JSON from bytes: one JSON text a line, lines end in LF.

Source: https://github.com/ndjson/ndjson-spec; Ollama's server writes it so.
"""

from __future__ import annotations

from .lines import NewlineSplitter


class NDJSONParser:
    """Feed it the bytes of a stream in any pieces; it gives the JSON texts that they complete.

    The texts are not parsed here, since what to do with a bad one is the reader's to say. Bytes
    that are no UTF-8 become U+FFFD. White space around a text, a CR before the LF among it, is
    dropped, and so are empty lines.
    """

    def __init__(self) -> None:
        self._lines = NewlineSplitter()

    def feed(self, data: bytes) -> list[str]:
        return [text for line in self._lines.feed(data) if (text := _decode(line))]

    def end(self) -> list[str]:
        """The last text, where the stream ended without a line end after it."""
        text = _decode(self._lines.end())
        return [text] if text else []


def _decode(line: bytes) -> str:
    return line.strip(b" \t\r").decode("utf-8", "replace")
