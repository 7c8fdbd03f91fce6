"""How a request differs from a recorded one, for people to read."""

from __future__ import annotations

import difflib
import json
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ..redaction import equal_but_for_keys

_ABSENT = object()
_MOST_LINES = 30
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs at ``path``, such as "messages[2].content"."""

    path: str
    recorded: Any
    asked: Any

    def show(self) -> str:
        lines = difflib.unified_diff(_lines(self.recorded), _lines(self.asked), n=1, lineterm="")
        # The first two lines name files, of which there are none.
        shown = list(islice(lines, 2, _MOST_LINES + 3))
        if len(shown) > _MOST_LINES:
            shown[_MOST_LINES:] = ["..."]
        return "\n".join([f"{self.path}:", *(f"  {line}" for line in shown)])


def compare(recorded: Any, asked: Any, path: str = "") -> Iterator[Difference]:
    """Yield what differs between two requests as JSON; a key that was taken out differs from no
    word."""
    if isinstance(recorded, dict) and isinstance(asked, dict):
        for name in {**recorded, **asked}:
            there, here = recorded.get(name, _ABSENT), asked.get(name, _ABSENT)
            yield from compare(there, here, f"{path}.{name}" if path else name)
    elif isinstance(recorded, list) and isinstance(asked, list):
        for place in range(max(len(recorded), len(asked))):
            there, here = (
                items[place] if place < len(items) else _ABSENT for items in (recorded, asked)
            )
            yield from compare(there, here, f"{path}[{place}]")
    elif isinstance(recorded, str) and isinstance(asked, str):
        if not equal_but_for_keys(recorded, asked):
            yield Difference(path, recorded, asked)
    elif recorded != asked:
        yield Difference(path, recorded, asked)


def _lines(value: Any) -> list[str]:
    """Return a value in lines that are short enough to read; none if it is absent."""
    if value is _ABSENT:
        return []
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
    return [
        piece
        for line in text.split("\n")
        for piece in textwrap.wrap(
            line, _WIDTH, drop_whitespace=False, replace_whitespace=False, expand_tabs=False
        )
        or [""]
    ]
