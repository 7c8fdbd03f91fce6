"""Lines of a shell, read: commands one after another, with their words, quotes and targets.

What takes a real shell (pipes, substitutions, commands in the background) is refused before
anything runs.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_TOKEN = re.compile(
    r"""[ \t]*(?:
        (?P<comment>\#.*)
      | (?P<operator>&&|\|\||>>|[;|&<>()`\n])
      | (?P<word>(?: \\. | "(?:\\.|[^"\\])*" | '[^']*' | [^\s;|&<>()`"'\\] )+)
      | (?P<rest>\S)
    )""",
    re.VERBOSE | re.DOTALL,
)
_PART = re.compile(r"""\\(?s:.)|"(?:\\.|[^"\\])*"|'[^']*'|[^"'\\]+""", re.DOTALL)
_ESCAPE = re.compile(r'\\([$`"\\\n])')


class ShellSyntaxError(ValueError):
    """A line that only a real shell can run; the text names what stands in the way."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its words as they were written, the file that its output goes to, and whether it
    runs only if the command before it succeeded."""

    name: str
    words: tuple[str, ...]
    target: str | None = None
    mode: Literal["w", "a"] = "w"
    is_conditional: bool = False

    def arguments(self) -> list[str]:
        """Return the words without their quotes; ``~``, ``$NAME``, ``*``, ``?`` and ``[]`` stand
        for what there is now, as in a shell."""
        return [argument for word in self.words for argument in _expand(word)]


def parse(text: str) -> list[Command]:
    """Return the commands of one or more lines. Raise ShellSyntaxError."""
    commands: list[Command] = []
    words: list[str] = []
    target: str | None = None
    mode: Literal["w", "a"] = "w"
    is_conditional = redirects = False
    for kind, token in [*_tokens(text), ("operator", "\n")]:
        if kind == "word":
            if redirects:
                (target,), redirects = _expand(token)[:1], False
            else:
                words.append(token)
        elif redirects:
            raise ShellSyntaxError(f"the file after {(mode == 'a' and '>>') or '>'} is missing")
        elif token in (">", ">>"):
            redirects, mode = True, "a" if token == ">>" else "w"
        elif token in ("\n", ";", "&&"):
            if words:
                name = _expand(words[0])[0]
                commands.append(Command(name, (*words[1:],), target, mode, is_conditional))
            is_conditional = token == "&&"
            words, target, mode = [], None, "w"
        else:
            raise ShellSyntaxError(f"{token} takes a real shell")
    return commands


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "rest":
            raise ShellSyntaxError(f"the quote {match[kind]} is not closed")
        if kind in ("word", "operator"):
            yield kind, match[kind]


def _expand(word: str) -> list[str]:
    """Return what a word stands for: the names that match its pattern, or the word itself."""
    literal, pattern = "", ""
    for number, part in enumerate(_PART.findall(word)):
        quoted = part[0] in "\"'\\"
        text = _unquote(part)
        if part[0] not in "'\\":
            text = os.path.expandvars(text)
        if number == 0 and not quoted:
            text = os.path.expanduser(text)
        literal += text
        pattern += glob.escape(text) if quoted else text
    if not glob.has_magic(pattern):
        return [literal]
    return sorted(glob.glob(pattern)) or [literal]


def _unquote(part: str) -> str:
    match part[0]:
        case "'":
            return part[1:-1]
        case '"':
            return _ESCAPE.sub(r"\1", part[1:-1])
        case "\\":
            return "" if part[1] == "\n" else part[1]
    return part
