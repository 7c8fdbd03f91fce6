"""JSON as models write it: in a fence, after words, with real line ends in its strings.

What has one meaning only is read; what has none, or several, is not guessed at: the model is told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from ..json_text import read_json

_FENCE = re.compile(r"```[\w-]*[ \t]*\n(.*?)\n?[ \t]*```", re.DOTALL)
# On one line there may be no line end after the name of the language.
_FENCE_OF_ALL = re.compile(r"```(?:json)?\s*([\[{].*)```", re.DOTALL | re.IGNORECASE)
_THOUGHT = re.compile(r"\A.*</think(?:ing)?>", re.DOTALL)
# A string, or a comma with nothing but a closing bracket after it.
_STRING_OR_LAST_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[\]}])', re.DOTALL)
_NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
_SCALAR = re.compile(rf"(?<![\w.+-])(?<!\d,)(?:{_NUMBER}|true|false|null)(?![\w%-]|[.,]\d)")
# A string is one only after a bracket, a colon or a comma: elsewhere quotation marks are words'.
_TOKEN = re.compile(r'(?<=[\[{:,\s])"(?:[^"\\]|\\.)*"(?=\s*[\]},:])|[\[\]{}]', re.DOTALL)
_CLOSED_BY = {"[": "]", "{": "}"}
_LONGEST = 1 << 20  # characters at the end of an answer, among which a value is looked for


def read_arguments(text: str) -> dict[str, Any]:
    """Return the arguments of a call. No text, null and an empty list are no
    arguments.

    Raise ValueError, which says what is wrong and where, if they cannot be read.
    """
    value = _read(_unfence(text)) if text.strip() else {}
    if isinstance(value, str):
        # JSON within JSON: some services encode the arguments twice.
        value = _read(value) if value.strip() else {}
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        return value[0]
    if value in (None, []):
        return {}  # PHP writes an empty object as an empty list
    if not isinstance(value, dict):
        raise ValueError(f"they are {_KINDS[type(value)]}, not an object")
    return value


def mend_arguments(text: str) -> str:
    """Return the arguments of a call as JSON text of what ``read_arguments`` reads in them, since
    services take back nothing else. The text stays if it says that already, or cannot be read."""
    try:
        arguments = read_arguments(text)
    except ValueError:
        return text
    try:
        is_sound = read_json(text) == arguments
    except ValueError:
        is_sound = False
    return text if is_sound else json.dumps(arguments, ensure_ascii=False)


def find_values(text: str) -> Iterator[list[Any]]:
    """Yield the values in an answer, read in one way after the other: all of it, what its fences
    hold, the objects and lists among its words, the numbers and literals among them. The first way
    that finds any is right."""
    text = _THOUGHT.sub("", text, count=1)
    yield [*_values([text])]
    yield [*_values(_FENCE.findall(text))]
    text = text[-_LONGEST:]
    yield [*_values(_in_brackets(text))]
    yield [*_values(_SCALAR.findall(text))]


def _values(texts: Iterable[str]) -> Iterator[Any]:
    for text in texts:
        try:
            yield _read(text)
        except ValueError:
            continue


def _read(text: str) -> Any:
    """Return the value of JSON text in which strings may hold line ends and tabs, and a comma may
    stand before a closing bracket. Raise ValueError."""
    try:
        return read_json(text)
    except json.JSONDecodeError:
        mended = _STRING_OR_LAST_COMMA.sub(lambda found: found[1] or "", text)
        return json.loads(mended, strict=False)


def _in_brackets(text: str) -> list[str]:
    """Return the outermost spans of a text that stand in brackets, as JSON has them."""
    spans: list[tuple[int, int]] = []
    opened: list[re.Match[str]] = []
    for token in _TOKEN.finditer(text):
        if token[0] in ("[", "{"):
            opened.append(token)
        elif opened and token[0] in ("]", "}"):
            begin = opened.pop()
            if _CLOSED_BY[begin[0]] != token[0]:
                opened.clear()
                continue
            while spans and spans[-1][0] > begin.start():
                spans.pop()
            spans.append((begin.start(), token.end()))
    return [text[begin:end] for begin, end in spans]


def _unfence(text: str) -> str:
    fenced = _FENCE.fullmatch(text.strip()) or _FENCE_OF_ALL.fullmatch(text.strip())
    return fenced[1] if fenced else text


_KINDS = {list: "a list", str: "a text", int: "a number", float: "a number", bool: "a truth value"}
