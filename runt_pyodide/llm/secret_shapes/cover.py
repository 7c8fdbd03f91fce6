"""What the secrets of services look like: the list is in shapes.json, with its sources.

A shape is looked for only in texts that have one of its keywords, and compiled when that happens
first: most texts have none. Patterns take a time that is linear in the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

# What stands before a secret is not part of a longer word, unless the shape is "inside" of one. An
# escape is no part of it, though it ends in a letter: of JSON or Python ("\n"), of a terminal.
ALONE = (
    r"(?:(?<![\w-])"
    r"|(?<=\\[abfnrtv])|(?<=\\x[\da-f]{2})|(?<=\\u[\da-fA-F]{4})"
    r"|(?<=\[m)|(?<=[\[;]\dm)|(?<=[\[;]\d\dm)|(?<=[\[;]\d{3}m))"
)


@dataclass(slots=True)
class Shape:
    """How a service's secret looks. ``source`` is where the service says so. If the ``pattern`` has
    a group, that is the secret, and the rest is what it is known by."""

    name: str
    source: str
    keywords: Sequence[str]
    pattern: str
    _compiled: re.Pattern[str] | None = field(default=None, init=False)

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where the secrets of this shape begin and end."""
        if not any(keyword in text for keyword in self.keywords):
            return
        if self._compiled is None:
            self._compiled = re.compile(self.pattern, re.ASCII)
        group = 1 if self._compiled.groups else 0
        for found in self._compiled.finditer(text):
            yield found.span(group)


@cache
def shapes() -> Sequence[Shape]:
    """Return all shapes."""
    told = json.loads(files(__package__).joinpath("shapes.json").read_text("utf-8"))
    return tuple(
        Shape(
            one["name"],
            one["source"],
            one["keywords"],
            one["pattern"] if one.get("inside") else ALONE + one["pattern"],
        )
        for one in told["shapes"]
    )


def cover_secrets(text: str, mark: str) -> str:
    """Return the text with ``mark`` in place of whatever looks like a service's secret."""
    spans = sorted(span for shape in shapes() for span in shape.find(text))
    if not spans:
        return text
    parts, at = [], 0
    for start, end in spans:
        if start >= at:
            parts += [text[at:start], mark]
        at = max(at, end)
    return "".join([*parts, text[at:]])
