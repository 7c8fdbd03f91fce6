"""Files within Markdown, as data: URLs: a model is sent the pictures, and none of the base64."""

from __future__ import annotations

import re

from ...llm.images import read_image
from ...llm.messages import Image

# Shorter ones cost little, and may be what a text is about.
_FILE = re.compile(r"data:[\w.+-]+/[\w.+-]+(?:;[\w.=-]+)*;base64,([A-Za-z0-9+/]{100,}={0,2})", re.I)
_NAME = re.compile(r"\b(?:picture|file)-\d+\b")


def part_pictures(text: str) -> tuple[str, tuple[Image, ...]]:
    """Return the text with short names in place of the files within it, and those that are pictures
    that models take: the first is "picture-1". Other files are "file-1" and so on."""
    named = _name_files(text)
    pictures = tuple(picture for _, _, picture in named if picture is not None)
    names = iter([name for name, _, _ in named])
    return _FILE.sub(lambda _: next(names), text), pictures


def restore_files(text: str, original: str) -> str:
    """Return a text that a model wrote in place of ``original``, with the files of that in place of
    the names that the model was told."""
    files = {name: url for name, url, _ in _name_files(original)}
    return _NAME.sub(lambda found: files.get(found[0], found[0]), text) if files else text


def _name_files(text: str) -> list[tuple[str, str, Image | None]]:
    """Return the name of each file in the text, its URL, and the picture if it is one."""
    named: list[tuple[str, str, Image | None]] = []
    counts = {"picture": 0, "file": 0}
    for found in _FILE.finditer(text):
        picture = read_image(found[1])
        kind = "file" if picture is None else "picture"
        counts[kind] += 1
        named.append((f"{kind}-{counts[kind]}", found[0], picture))
    return named
