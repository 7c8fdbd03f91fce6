"""Reads what a docstring says about a function and its parameters, in the style of Google, NumPy or
Sphinx, or in plain text."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field

_GOOGLE_HEAD = re.compile(r"^(Args|Arguments|Parameters):\s*$")
_GOOGLE_ITEM = re.compile(r"^(?P<name>\*{0,2}\w+)\s*(\([^)]*\))?:\s*(?P<text>.*)$")
_NUMPY_ITEM = re.compile(r"^(?P<names>\*{0,2}\w+(\s*,\s*\*{0,2}\w+)*)\s*(:.*)?$")
_SPHINX = re.compile(r"^:param\s+(?:[^:]*\s)?(?P<name>\w+):\s*(?P<text>.*)$")
_SECTION = re.compile(
    r"^(Args|Arguments|Parameters|Returns?|Yields?|Raises|Examples?|Notes?|Attributes|See Also|"
    r"Warnings?|References|Other Parameters|Todo):?\s*$"
)


@dataclass(frozen=True, slots=True)
class Docstring:
    """A parsed docstring: the ``text`` before its first section, and ``parameters`` by name."""

    text: str = ""
    parameters: dict[str, str] = field(default_factory=dict)


def read_docstring(document: str | None) -> Docstring:
    """Parse a docstring; an unknown style counts as plain text."""
    lines = inspect.cleandoc(document or "").split("\n")
    first = next((n for n, line in enumerate(lines) if _begins_section(lines, n, line)), len(lines))
    text = "\n".join(lines[:first]).strip()
    parameters = _read_sphinx(lines) or _read_sections(lines)
    return Docstring(text, parameters)


def _begins_section(lines: list[str], number: int, line: str) -> bool:
    if line.startswith(":") and re.match(r":(param|type|returns?|rtype|raises?)\b", line):
        return True
    underlined = number + 1 < len(lines) and re.fullmatch(r"-{3,}\s*", lines[number + 1])
    return bool(_SECTION.match(line)) and (line.rstrip().endswith(":") or bool(underlined))


def _read_sphinx(lines: list[str]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in lines:
        if match := _SPHINX.match(line):
            current = found[match["name"]] = [match["text"]]
        elif line.startswith(":") or not line.strip():
            current = None
        elif current is not None:
            current.append(line)
    return {name: _join(texts) for name, texts in found.items()}


def _read_sections(lines: list[str]) -> dict[str, str]:
    for number, line in enumerate(lines):
        if _GOOGLE_HEAD.match(line):
            return _read_items(lines[number + 1 :], _GOOGLE_ITEM)
        underlined = number + 1 < len(lines) and lines[number + 1].startswith("---")
        if line.strip() == "Parameters" and underlined:
            return _read_numpy(lines[number + 2 :])
    return {}


def _read_items(lines: list[str], item: re.Pattern[str]) -> dict[str, str]:
    """Return the items of one indented section."""
    found: dict[str, list[str]] = {}
    indent: int | None = None
    current: list[str] | None = None
    for line in lines:
        if not line.strip():
            continue
        depth = len(line) - len(line.lstrip())
        if depth == 0:
            break
        indent = depth if indent is None else indent
        match = item.match(line.strip()) if depth == indent else None
        if match:
            current = found[match["name"].lstrip("*")] = [match["text"]]
        elif current is not None:
            current.append(line)
    return {name: _join(texts) for name, texts in found.items()}


def _read_numpy(lines: list[str]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    current: list[list[str]] = []
    for number, line in enumerate(lines):
        if _begins_section(lines, number, line):
            break
        if line and not line[0].isspace():
            match = _NUMPY_ITEM.match(line)
            names = re.findall(r"\w+", match["names"]) if match else []
            current = [found.setdefault(name, []) for name in names]
        else:
            for texts in current:
                texts.append(line)
    return {name: _join(texts) for name, texts in found.items()}


def _join(texts: list[str]) -> str:
    return " ".join(text.strip() for text in texts if text.strip())
