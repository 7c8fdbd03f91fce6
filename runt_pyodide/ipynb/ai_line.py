"""The first line of a cell that asks a model or queries in Jupyter:
``%%ai [provider/model] [options] [-> name: type]``, ``%%sql [-> name]``.

``asking/magic_line.py`` reads the same line where the cell is run. What cannot be followed here
stays a Python cell, and says so when it is run.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from ..asking.magic_line import YES_OR_NO, MagicLine, parse_line
from ..errors import CellError
from ..notebook.wire import is_in_range
from ..sql.source import read_magic_line

_LONGEST_LINE = 20_000
_PLAIN = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")
# What argparse takes for a number, though it begins as an option does.
_NEGATIVE = re.compile(r"-(?:\d+|\d*\.\d+)")
_ENDS_OPTIONS = re.compile(r"(?:^|\s)--(?:\s|$)")
_UNFIT = re.compile(r"[\r\n]|(?:^|\s)--(?:\s|$)|(?s:.{5001})")


def read_line(line: str) -> MagicLine | None:
    """Return what the line says, without the magic; None if it cannot be followed where no
    variables are, as with ``--image``."""
    if len(line) > _LONGEST_LINE or _ENDS_OPTIONS.search(line):
        return None
    try:
        read = parse_line(line)
    except CellError:
        return None
    numbers = (read.temperature, read.max_tokens, read.top_p, read.seed)
    are_fine = all(number is None or is_in_range(number) for number in numbers)
    is_plain = not read.images and not (read.model or "").startswith("-")
    return read if are_fine and is_plain and read == _known(read) else None


def _known(read: MagicLine) -> MagicLine:
    """Return the line with the options alone that a cell has settings for."""
    return replace(
        MagicLine(),
        model=read.model,
        system=read.system,
        temperature=read.temperature,
        max_tokens=read.max_tokens,
        top_p=read.top_p,
        seed=read.seed,
        stop=read.stop,
        reasoning_effort=read.reasoning_effort,
        web_search=read.web_search,
        images=read.images,
        format=read.format,
        raw=read.raw,
        tools=read.tools,
        context=read.context,
        target=read.target,
        type=read.type,
    )


def write_line(line: MagicLine) -> str:
    """Return the line, with the magic. What does not fit on it is left out: ``read_line`` tells
    what stands on it."""
    words = ["%%ai"]
    if line.model and not line.model.startswith("-") and _fits(line.model):
        words.append(_quote(line.model))
    options = {
        "--system": [line.system],
        "--temperature": [_spell(line.temperature)],
        "--max-tokens": [_spell(line.max_tokens)],
        "--top-p": [_spell(line.top_p)],
        "--seed": [_spell(line.seed)],
        "--stop": line.stop,
        "--reasoning-effort": [line.reasoning_effort],
        "--web-search": [
            next((word for word, is_so in YES_OR_NO.items() if is_so is line.web_search), None)
        ],
        "-f": [line.format],
    }
    words += [
        _write_option(option, value)
        for option, values in options.items()
        if all(value is None or _fits(value) for value in values)  # a part would be read as all
        for value in values
        if value is not None
    ]
    flags = {"--raw": line.raw, "--no-tools": not line.tools, "--no-context": not line.context}
    words += [flag for flag, is_set in flags.items() if is_set]
    if line.target:
        words.append(f"-> {line.target}: {line.type}" if line.type else f"-> {line.target}")
    return " ".join(words)


def _spell(number: float | None) -> str | None:
    """Return a number as JavaScript writes it."""
    if number is None:
        return None
    if float(number).is_integer():
        return str(int(number))
    digits, _, power = repr(number).partition("e")
    if power and int(power) < -6:
        return f"{digits}e{int(power):+}"
    return format(Decimal(repr(number)), "f")


def _write_option(option: str, value: str) -> str:
    is_dashed = len(value) > 1 and value.startswith("-") and not _NEGATIVE.fullmatch(value)
    joint = "=" if is_dashed else " "
    return f"{option}{joint}{_quote(value)}"


def _fits(value: str) -> bool:
    """Return whether the value can stand on a line, which has at most 20,000 characters."""
    return not _UNFIT.search(value)


def _quote(word: str) -> str:
    if _PLAIN.fullmatch(word):
        return word
    inner = word.replace("'", "'\"'\"'")
    return f"'{inner}'"


def read_sql_line(line: str) -> tuple[str | None, str] | None:
    """Return the variable that the line of ``%%sql`` names, and the SQL that stands on it; None if
    it is meant for another database."""
    try:
        return read_magic_line(line)
    except CellError:
        return None
