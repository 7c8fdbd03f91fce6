"""Files within Markdown, as data: URLs: a model is sent the pictures, and none of the base64."""

from __future__ import annotations

import re

from ...llm.images import read_image
from ...llm.messages import Image

# Shorter ones cost little, and may be what a text is about.
_FILE = re.compile(r"data:[\w.+-]+/[\w.+-]+(?:;[\w.=-]+)*;base64,([A-Za-z0-9+/]{100,}={0,2})", re.I)


def part_pictures(text: str) -> tuple[str, tuple[Image, ...]]:
    """Return the text with short names in place of the files within it, and those that are pictures
    that models take: the first is "picture-1"."""
    pictures: list[Image] = []

    def name(found: re.Match[str]) -> str:
        picture = read_image(found[1])
        if picture is None:
            return f"[a file: {len(found[1]):,} characters left out]"
        pictures.append(picture)
        return f"picture-{len(pictures)}"

    return _FILE.sub(name, text), tuple(pictures)
