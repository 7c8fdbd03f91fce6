"""Files in Markdown, within it or attached: a model is sent the pictures, not the base64."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote

from ...llm.images import read_image
from ...llm.messages import Image
from ...notebook.state import Cell

# Shorter ones cost little, and may be what a text is about.
_DATA = r"(?i:data:[\w.+-]+/[\w.+-]+(?:;[\w.=-]+)*;base64,)(?P<data>[A-Za-z0-9+/]{100,}={0,2})"
_FILE = re.compile(f"(?P<attached>(?!))|{_DATA}")
# What JavaScript's encodeURI leaves in an address, besides letters and digits.
_UNQUOTED = ";,/?:@&=+$-_.!~*'()#"
_NAME = re.compile(r"\b(?:picture|file)-\d+\b")


def part_pictures(cell: Cell) -> tuple[str, tuple[Image, ...]]:
    """Return the cell's source with short names in place of the files within it and of those that
    are attached to it, and those that are pictures that models take: the first is "picture-1".
    Other files are "file-1" and so on."""
    pattern, named = _name_files(cell)
    if not named:
        return cell.source, ()
    pictures = tuple(file.picture for file in named.values() if file.picture is not None)
    return pattern.sub(lambda found: named[found[0]].name, cell.source), pictures


def restore_files(text: str, cell: Cell) -> str:
    """Return a text that a model wrote in place of the cell's source, with the files of that in
    place of the names that the model was told."""
    _, named = _name_files(cell)
    files = {file.name: found for found, file in named.items()}
    return _NAME.sub(lambda found: files.get(found[0], found[0]), text) if files else text


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    picture: Image | None


def _name_files(cell: Cell) -> tuple[re.Pattern[str], dict[str, _File]]:
    """Return what finds the files in the source, and the files, by how they stand there."""
    attached = _attached_to(cell)
    pattern = _pattern_of(attached)
    named: dict[str, _File] = {}
    counts = {"picture": 0, "file": 0}
    if not attached and ";base64," not in cell.source.casefold():
        return pattern, named  # the pattern is slow, and a source may be long
    for found in pattern.finditer(cell.source):
        if found[0] in named:
            continue
        picture = attached[found["attached"]] if found["attached"] else read_image(found["data"])
        kind = "file" if picture is None else "picture"
        counts[kind] += 1
        named[found[0]] = _File(f"{kind}-{counts[kind]}", picture)
    return pattern, named


def _pattern_of(attached: Collection[str]) -> re.Pattern[str]:
    if not attached:
        return _FILE
    # Longer names first: one may begin with another.
    names = sorted(attached, key=len, reverse=True)
    return re.compile(f"attachment:(?P<attached>{'|'.join(map(re.escape, names))})|{_DATA}")


def _attached_to(cell: Cell) -> dict[str, Image]:
    """Return the pictures that are attached to the cell, by the names that its source has for
    them."""
    if "attachment:" not in cell.source:
        return {}
    pictures: dict[str, Image] = {}
    for name, bundle in cell.attachments.items():
        for data in bundle.values() if isinstance(bundle, dict) else ():
            if isinstance(data, str) and (picture := read_image(data)) is not None:
                pictures |= {name: picture, quote(name, safe=_UNQUOTED): picture}
    return pictures
