"""Expressions in a prompt: ``{name}``, ``{rows[0]}``, ``{len(rows):,}``, ``{Out[3]}``.

A prompt is prose in Markdown, full of braces that mean something else: JSON, code, TeX, templates.
So braces hold an expression only if it begins right behind the brace with a name, stands on one
line, is Python, and knows a variable. Braces in code and in formulas stand for themselves; so do
all that hold nothing of the kind. ``{{name}}`` is sent as ``{name}``: only what would be an
expression has to be escaped.
"""

from __future__ import annotations

import ast
import builtins
import re
import warnings
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ...errors import CellError, is_stop
from ...execution.stack import run_users
from ..text.value import tell_value
from ..text.variables import is_shells

_FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})(?P<about>.*)")
_PARTS = re.compile(r"(?P<ticks>`+)|(?P<tex>\\[A-Za-z]+)|\\[(\[]|\\.|\$\{|\^\{|\$|(?P<open>\{+)")
_FORMULA_END = re.compile(r"(?<=\S)\$(?!\d)")
_BEGINS = re.compile(r"[^\W\d]")
_NAME = re.compile(r"[^\W\d]\w*(?=\})")
# A conversion and a format, of which one letter or number alone may be anything.
_FORMATTED = re.compile(
    r"(?P<source>.+?)(?:!(?P<conversion>[rsa]))?(?::(?P<format>[^{}\s:]*[-+<>=^.,%#_][^{}:]*|0?\d+[a-zA-Z]))?",
    re.DOTALL,
)
_LONGEST = 500
_MOST_ENDS = 16
_MOST_ATTEMPTS = 2_000
_MOST_STEPS = 200_000
_MOST_TOLD = 5
_CONVERSIONS: Mapping[str, Callable[[object], str]] = {"r": repr, "s": str, "a": ascii}


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression, what of a value it wants, and the names that it takes."""

    source: str
    code: ast.Expression
    names: frozenset[str]
    conversion: str = ""
    format: str = ""

    def missing(self, variables: Mapping[str, object]) -> list[str]:
        """Return the names without which it is none: of variables that are not there. A builtin
        alone is not enough: "{id}" is more likely a template."""
        unknown = [name for name in self.names if name not in variables or is_shells(name)]
        missing = [name for name in unknown if not hasattr(builtins, name)]
        return missing or (unknown if len(unknown) == len(self.names) else [])

    def tell(self, value: object) -> str:
        """Return what a model is told of its value."""
        if self.conversion:
            value = _CONVERSIONS[self.conversion](value)
        return format(value, self.format) if self.format else tell_value(value)


Evaluate = Callable[[Expression], Awaitable[str]]
"""Evaluates an expression among the user's variables, and returns what a model is told of it."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A prompt with values in place of its expressions. ``left`` are those that were left as they
    are, since a variable of theirs is missing."""

    text: str
    left: tuple[str, ...] = ()

    def notice(self) -> str:
        """Return a sentence about those that were left; "" if there are none."""
        if not self.left:
            return ""
        shown = ", ".join(f"{{{one}}}" for one in self.left[:_MOST_TOLD])
        more = f" and {len(self.left) - _MOST_TOLD} more" if len(self.left) > _MOST_TOLD else ""
        return f"Sent as written, since a variable in it is not defined: {shown}{more}."


async def fill(prompt: str, variables: Mapping[str, object], evaluate: Evaluate) -> Filled:
    """Return the prompt with the values of its expressions. Raise CellError if one raises."""
    parts: list[str] = []
    left: dict[str, None] = {}
    for part in split(prompt):
        if isinstance(part, str):
            parts.append(part)
        elif part.missing(variables):
            parts.append(f"{{{_written(part)}}}")
            left[_written(part)] = None
        else:
            parts.append(await _value_of(part, evaluate))
    return Filled("".join(parts), (*left,))


async def _value_of(expression: Expression, evaluate: Evaluate) -> str:
    try:
        return await evaluate(expression)
    except BaseException as error:
        if is_stop(error):
            raise
        written = _written(expression)
        raise CellError(
            f"{{{written}}} in the prompt raised {type(error).__name__}: {error}.",
            advice=f"Nothing was sent. Correct it; or write {{{{{written}}}}} to send it as it is, "
            "or turn off the expressions of this cell (--raw on the line of %%ai).",
        ) from None


def _written(expression: Expression) -> str:
    conversion = expression.conversion and f"!{expression.conversion}"
    return f"{expression.source}{conversion}{expression.format and f':{expression.format}'}"


async def evaluate(expression: Expression, variables: dict[str, Any], file: str) -> str:
    """Return what a model is told of the value of an expression in a namespace, with ``await``;
    ``file`` names it in tracebacks. All of it may be interrupted, as the user's code."""
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    value = run_users(eval, compile(expression.code, file, "eval", flags), variables)
    if any(isinstance(one, ast.Await) for one in ast.walk(expression.code)):
        value = await value
    return run_users(expression.tell, value)


def split(prompt: str) -> Iterator[str | Expression]:
    """Yield the texts and the expressions of a prompt, in order."""
    reader = _Reader()
    fence, formula = "", ""
    last_end = {end: prompt.rfind(end) for end in ("$$", "\\]")}
    place = 0
    for line in re.split(r"(?<=\n)", prompt):
        place += len(line)
        begun = _FENCE.match(line)
        if fence:
            is_end = begun is not None and begun["mark"].startswith(fence)
            fence = "" if is_end and begun and not begun["about"].strip() else fence
            yield from _alone(line, reader)
        elif formula:
            formula = "" if formula in line else formula
            yield line
        elif begun is not None and not (begun["mark"][0] == "`" and "`" in begun["about"]):
            fence = begun["mark"]
            yield line
        elif (end := _formula_end(line)) and last_end[end] >= place:
            formula = end
            yield line
        else:
            yield from _Line(line, reader).parts()


def _formula_end(line: str) -> str:
    """Return what ends a formula that this line begins and does not end; "" if it begins none."""
    text = line.lstrip()
    end = {"$$": "$$", "\\[": "\\]"}.get(text[:2], "")
    return end if end and end not in text[2:] else ""


def _alone(line: str, reader: _Reader) -> Iterator[str | Expression]:
    """Yield an expression that stands alone on a line of code: ``{In[3]}`` in a fence."""
    text = line.strip()
    found = reader.read(text, 0) if text.startswith("{") else None
    if found is None or found[1] != len(text):
        yield line
        return
    before, _, after = line.partition(text)
    yield before
    yield found[0]
    yield after


class _Line:
    """A line of prose, read once from left to right."""

    def __init__(self, line: str, reader: _Reader) -> None:
        self._line = line
        self._reader = reader
        self._ticks: dict[int, list[int]] = {}
        for run in re.finditer("`+", line):
            self._ticks.setdefault(len(run[0]), []).append(run.start())
        self._has_formulas = True

    def parts(self) -> Iterator[str | Expression]:
        """Yield texts and expressions."""
        line, at, done = self._line, 0, 0
        while found := _PARTS.search(line, at):
            begin, at = found.span()
            if not found["open"]:
                at = self._skip(found)
            elif (read := self._read_braces(begin, at)) is not None:
                yield line[done:begin]
                yield from read[0]
                at = done = read[1]
        yield line[done:]

    def _skip(self, found: re.Match[str]) -> int:
        """Return the end of what begins here and is neither prose nor an expression."""
        line, end = self._line, found.end()
        if found["ticks"]:
            places = self._ticks.get(len(found["ticks"]), [])
            after = bisect_right(places, found.start())
            return places[after] + len(found["ticks"]) if after < len(places) else end
        if found["tex"]:
            while line[end : end + 1] in ("{", "[") and (closed := self._reader.close(line, end)):
                end = closed
            return end
        if found[0] in ("\\(", "\\["):
            close = line.find("\\)" if found[0] == "\\(" else "\\]", end)
            return end if close < 0 else close + 2
        if found[0] in ("${", "^{"):
            return self._reader.close(line, end - 1) or end
        if found[0] == "$" and self._has_formulas and line[end : end + 1].strip():
            formula = _FORMULA_END.search(line, end + 1)
            self._has_formulas = formula is not None
            return formula.end() if formula else end
        return end

    def _read_braces(self, begin: int, end: int) -> tuple[list[str | Expression], int] | None:
        """Return what so many braces come to, and where they end: each pair is one brace, and what
        is left over holds an expression. None if they stand for themselves."""
        count = end - begin
        if (read := self._reader.read(self._line, end - 1)) is None:
            return None
        expression, after = read
        is_odd, pairs = count % 2 == 1, count // 2
        if self._line[after : after + count - 1] == "}" * (count - 1):
            inner = expression if is_odd else _written(expression)
            return ["{" * pairs, inner, "}" * pairs], after + count - 1
        return (["{" * (count - 1), expression], after) if is_odd else None


class _Reader:
    """Reads what stands in braces. What a prompt of many braces costs is bounded: then what is left
    of them stands for itself."""

    def __init__(self) -> None:
        self._attempts = _MOST_ATTEMPTS
        self._steps = _MOST_STEPS

    def close(self, line: str, begin: int) -> int:
        """Return the end of the group that begins here; 0 if it is open or too long."""
        depth = 0
        for at in range(begin, min(len(line), begin + min(_LONGEST, self._steps))):
            self._steps -= 1
            depth += (line[at] in "{[") - (line[at] in "}]")
            if depth == 0:
                return at + 1
        return 0

    def read(self, line: str, begin: int) -> tuple[Expression, int] | None:
        """Return the expression in the braces that open here, and where they close; None if they
        hold none."""
        inner = begin + 1
        if name := _NAME.match(line, inner):
            plain = _parse(name[0])
            return None if plain is None else (plain, name.end() + 1)
        end = inner if _BEGINS.match(line, inner) else len(line)
        for _ in range(min(_MOST_ENDS, self._attempts)):
            end = line.find("}", end, inner + _LONGEST)
            if end < 0:
                return None
            self._attempts -= 1
            if (found := _parse(line[inner:end])) is not None:
                return found, end + 1
            end += 1
        return None


@lru_cache(maxsize=256)
def _parse(text: str) -> Expression | None:
    """Return the expression; None if it is none, or more likely prose: a list of names."""
    found = _FORMATTED.fullmatch(text)
    conversion, form = (found["conversion"] or "", found["format"] or "") if found else ("", "")
    code, source = _compile(text), text
    if code is None and found and (conversion or form):
        code, source = _compile(found["source"]), found["source"]
    else:
        conversion = form = ""
    names = _names_of(code) if code else frozenset[str]()
    if code is None or not names or isinstance(code.body, ast.Tuple | ast.Lambda):
        return None
    return Expression(source, code, names, conversion, form)


def _compile(text: str) -> ast.Expression | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd literals, in what may be prose
            return ast.parse(text.rstrip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def _names_of(code: ast.Expression) -> frozenset[str]:
    """Return the names that an expression takes from around it."""
    names = [node for node in ast.walk(code) if isinstance(node, ast.Name)]
    bound = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    bound |= {node.arg for node in ast.walk(code) if isinstance(node, ast.arg)}
    return frozenset(node.id for node in names) - bound
