"""Characters that a header cannot hold, and what to call them in an error."""

from __future__ import annotations

import re
import unicodedata

# What RFC 9110 (5.5) lets a header's value hold of ASCII: visible characters, blanks and tabs.
# Browsers send the rest of Latin-1 too, but services read it in different ways.
_SENDABLE = re.compile(r"[\t\x20-\x7e]*")
# Spaces, line ends, controls, and what shows nothing, such as a zero-width space.
_INVISIBLE = ("Zs", "Zl", "Zp", "Cc", "Cf")


def strip_invisible(text: str) -> str:
    """Return the text without the invisible characters at its ends."""
    start, end = 0, len(text)
    while start < end and _is_invisible(text[start]):
        start += 1
    while end > start and _is_invisible(text[end - 1]):
        end -= 1
    return text[start:end]


def find_unsendable(text: str, *, blanks: bool = False) -> str:
    """Return what the first character is called that a header cannot hold, or "" if there is none.
    With ``blanks``, spaces and tabs count too. What stands around it is not repeated."""
    for place, character in enumerate(text, 1):
        if not _SENDABLE.fullmatch(character) or (blanks and character in "\t "):
            return f"{describe(character)} at position {place}"
    return ""


def find_invisible(text: str) -> str:
    """Return what the first character is called that shows nothing, or "" if there is none."""
    found = next((one for one in text if _is_invisible(one)), "")
    return found and describe(found)


def describe(character: str) -> str:
    """Return a character's name and its code."""
    code = f"U+{ord(character):04X}"
    common = {"\n": "a line end", "\r": "a line end", "\t": "a tab", " ": "a blank"}
    name = common.get(character) or unicodedata.name(character, "a control character")
    return f"{name} ({code})"


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE
