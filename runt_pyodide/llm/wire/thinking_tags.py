"""Thinking that a server leaves in the text: ``<think>...</think>`` at its beginning.

Servers that do not part a model's thinking from its answer send both as text (llama.cpp with
``--reasoning-format none``, LM Studio, vLLM without a reasoning parser; Gemini's compatible API
writes ``<thought>``). Only tags at the very beginning count: later ones are what the answer is
about.
"""

from __future__ import annotations

import re

from ..messages import Delta, TextDelta, ThinkingDelta

_TAGS = ("<think>", "<thinking>", "<thought>")
_LONGEST = max(map(len, _TAGS))
_TAG = re.compile("|".join(_TAGS), re.IGNORECASE | re.ASCII)
_LONGEST_BLANK = 1 << 12  # characters that are held back to see whether a tag follows them


class ThinkingTags:
    """Feed it the text of an answer in any pieces; it returns what of it is thinking and text.

    White space around the thinking is dropped, and so is a text of nothing else.
    """

    def __init__(self) -> None:
        self._held = ""
        self._closing = ""
        self._parted = False
        self._thought = False
        self.over = False
        """Whether all that follows is text."""

    def feed(self, text: str) -> list[Delta]:
        text = self._held + text
        self._held = ""
        if self.over:
            return [TextDelta(text)] if text else []
        if self._closing:
            return self._read_thinking(text)
        return self._read_beginning(text)

    def end(self) -> list[Delta]:
        """Return what is still held back when nothing more comes."""
        held, self._held = self._held, ""
        if self._closing:
            return self._think(held)
        return [TextDelta(held)] if held.strip() else []

    def _read_beginning(self, text: str) -> list[Delta]:
        begun = text.lstrip()
        undecided = not begun or (not self._parted and _may_be_tag(begun))
        if undecided and len(text) < _LONGEST_BLANK:
            self._held = text
            return []
        tag = None if self._parted else _TAG.match(begun)
        if tag is None:
            self.over = True
            return [TextDelta(begun if self._parted else text)]
        self._closing = f"</{tag[0][1:].lower()}"
        return self._read_thinking(begun[tag.end() :])

    def _read_thinking(self, text: str) -> list[Delta]:
        """Read thinking up to the tag that ends it, which may be cut anywhere."""
        tag = re.search(self._closing, text, re.IGNORECASE | re.ASCII)
        if tag is not None:
            self._closing, self._parted = "", True
            return [*self._think(text[: tag.start()]), *self._read_beginning(text[tag.end() :])]
        kept = _begun_at_end(text, self._closing)
        self._held = text[len(text) - kept :]
        return self._think(text[: len(text) - kept])

    def _think(self, text: str) -> list[Delta]:
        text = text if self._thought else text.lstrip()
        self._thought = self._thought or bool(text)
        return [ThinkingDelta(text)] if text else []


def _may_be_tag(begun: str) -> bool:
    """Return whether a text is the beginning of a tag, and no more."""
    small = begun[:_LONGEST].lower()
    return any(len(begun) < len(tag) and tag.startswith(small) for tag in _TAGS)


def _begun_at_end(text: str, tag: str) -> int:
    """Return how many characters at the end of a text are the beginning of the tag."""
    longest = min(len(text), len(tag) - 1)
    return next((n for n in range(longest, 0, -1) if text[-n:].lower() == tag[:n]), 0)
