"""Keys taken out of what is written down."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

MARK = "[key]"
# How the keys of AI services look, as their documentation shows them: OpenAI and those that follow
# it (sk-), Groq, Hugging Face, xAI, Google, GitHub; and a header that was pasted. They hold digits,
# which tells them from words. What stands before one is no part of a longer word, such as base64.
_SHAPES = re.compile(
    r"(?<![\w-])(?:"
    r"(?=[\w-]*\d)(?:sk|gsk|hf|xai|gh[pousr]|github_pat)[-_][\w-]{16,}"
    r"|AIza[\w-]{35}"
    r"|(?<=[Bb]earer )(?=\S*\d)[\w.~+/-]{16,}=*"
    r")",
    re.ASCII,
)
_LONG = 8


class Redactor:
    """Replaces ``secrets``, and whatever has the shape of a service's key, by "[key]".

    A short secret, such as the stand-in that a local server is given, is replaced as a whole word
    alone.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        self._known = re.compile("|".join(map(_pattern, known))) if known else None

    def text(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(MARK, text)
        return _SHAPES.sub(MARK, text)

    def json(self, value: Any) -> Any:
        """The same value, every text in it redacted, names of fields included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(name): self.json(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self.json(item) for item in value]
        return value


def equal_but_for_keys(recorded: str, asked: str) -> bool:
    """Whether the texts are equal, where "[key]" in the recorded one stands for any word: who plays
    a recording does not know the key that was taken out of it."""
    if recorded == asked or MARK not in recorded:
        return recorded == asked
    return re.fullmatch(r"\S+".join(map(re.escape, recorded.split(MARK))), asked) is not None


def _pattern(secret: str) -> str:
    escaped = re.escape(secret)
    return escaped if len(secret) >= _LONG else rf"(?<!\w){escaped}(?!\w)"
