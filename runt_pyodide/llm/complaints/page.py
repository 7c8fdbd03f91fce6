"""The words of a web page that a gateway sent in place of an answer, in linear time."""

from __future__ import annotations

import re
from html import unescape

# A tag ends before the next one begins, so that no text is looked at twice: a page of nothing but
# "<" is read as fast as any other.
_TAG = re.compile(r"<[^<>]*+>")
_TITLE = re.compile(r"<title\b[^<>]*+>([^<]*+)", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style)\b[^<>]*+>.*?(?:</\1[^<>]*+>?|\Z)", re.IGNORECASE | re.DOTALL)
_PAGE = re.compile(r"<(?:!doctype|html|head|body|title|h1|center|p)\b", re.IGNORECASE)


def is_page(text: str) -> bool:
    """Return whether a text is a page of HTML, by its first tag."""
    return _PAGE.match(text) is not None


def read_page(text: str) -> str:
    """Return a page's title, which says more than the markup; without one, the words that it
    shows."""
    title = _TITLE.search(text)
    said = _words_of(title[1]) if title else ""
    return said or _words_of(_TAG.sub(" ", _UNSEEN.sub(" ", text)))


def _words_of(text: str) -> str:
    return " ".join(unescape(text).split())
