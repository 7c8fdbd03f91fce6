"""What the records of an answer have in common: all but the text, and fields that say nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from ...json_text import read_json

Path = tuple[str | int, ...]
"""The keys and indexes that lead to a value in a record, the last of them a key."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the records of a service may hold a piece of text, and which fields no reader looks
    at: strings and counts that change from record to record, and are lost. If ``names`` are given,
    a record has text only if it has one of these fields, which says what the text is part of."""

    texts: tuple[Path, ...] = ()
    noise: tuple[Path, ...] = ()
    names: tuple[str, ...] = ()


# Longer records, and those with more fields of the names looked for, are not learnt from, so that
# learning takes little time whatever is sent.
_LONGEST = 1 << 13  # bytes
_MOST = 16
# The inside of a JSON string (RFC 8259, section 7), and a count.
_PLAIN = rb'[^"\\\x00-\x1f]*+'
_TEXT = rb'%b(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})%b)*+' % (_PLAIN, _PLAIN)
_COUNT = rb"(?:0|[1-9][0-9]*+)"
_FIELD = rb'(?:%%b)\s*+:\s*+(?:"(%b)"|(%b)(?=\s*+[,}]))' % (_TEXT, _COUNT)


@dataclass(frozen=True, slots=True, order=True)
class Hole:
    """A place in a record, the pattern of what may be there, and whether it is the text."""

    start: int
    stop: int
    pattern: bytes
    is_text: bool = False


class Template:
    """A record with holes. ``end`` is what ends records."""

    def __init__(self, record: bytes, holes: Sequence[Hole], end: bytes) -> None:
        stops = [0, *(hole.stop for hole in holes)]
        starts = [*(hole.start for hole in holes), len(record)]
        self._end = end
        self._literals = [record[a:b] for a, b in zip(stops, starts, strict=True)]
        at = next(number for number, hole in enumerate(holes) if hole.is_text)
        self._column = 2 * at + 1
        self._before, self._after = record[: holes[at].start], record[holes[at].stop :]
        self._patterns = [hole.pattern for hole in holes]
        self._shape: re.Pattern[bytes] | None = None

    def fill(self, text: bytes) -> bytes:
        """Return the record with this text."""
        return self._before + text + self._after

    def fits(self, record: bytes) -> bool:
        literals = self._literals
        if not (record.startswith(literals[0]) and record.endswith(literals[-1])):
            return False
        runs, _ = self.split(record + self._end)
        return bool(runs)

    def split(self, records: bytes) -> tuple[list[tuple[bytes, list[bytes]]], bytes]:
        """Return in turn the records that do not fit and the texts of those that follow on them and
        do, as far as the last that does; and the records after it."""
        parts = self._compiled().split(self._end + records)
        width = len(self._literals) + len(self._patterns) + 1
        between, *columns = (parts[number::width] for number in range(width))
        texts, last = columns[self._column], between.pop()[len(self._end) :]
        literals = zip(columns[::2], self._literals, strict=True)
        alike = not any(between) and all(
            column.count(one) == len(texts) for column, one in literals
        )
        if alike and _is_whole(texts):
            return ([(b"", texts)] if texts else []), last
        return self._sort(between, columns, last)

    def _sort(
        self, between: list[bytes], columns: list[list[bytes]], last: bytes
    ) -> tuple[list[tuple[bytes, list[bytes]]], bytes]:
        runs: list[tuple[bytes, list[bytes]]] = []
        others: list[bytes] = []
        for gap, *fields in zip(between, *columns, strict=True):
            if gap:
                others += (gap[len(self._end) :], self._end)
            text = fields[self._column]
            if fields[::2] != self._literals or not _is_whole([text]):
                others += (*fields, self._end)
            elif runs and not others:
                runs[-1][1].append(text)
            else:
                runs.append((b"".join(others), [text]))
                others = []
        return runs, b"".join([*others, last])

    def _compiled(self) -> re.Pattern[bytes]:
        """Return the expression that cuts records into literals and what is in the holes.

        Of the literals it knows the lengths of their lines, and they are compared later: compiling
        them takes longer than reading with them, while these expressions are those of the answer
        before. No match goes over the end of a record, so that splitting takes linear time.
        """
        if self._shape is None:
            fields = [b""] * (len(self._literals) + len(self._patterns))
            fields[::2] = [
                b"\n".join(b"[^\n]{%d}" % len(line) for line in literal.split(b"\n"))
                for literal in self._literals
            ]
            fields[1::2] = self._patterns
            self._shape = re.compile(b"%b(%b)(?=%b)" % (self._end, b")(".join(fields), self._end))
        return self._shape


def learn(
    layout: Layout, record: bytes, piece: str, following: bytes, end: bytes
) -> Template | None:
    """Return the template of a record that brought this piece of text, if the record that follows
    fits it, too."""
    start, stop = record.find(b"{"), record.rfind(b"}") + 1
    if not layout.texts or stop <= start or len(record) > _LONGEST:
        return None
    try:
        value = read_json(record[start:stop])
    except ValueError:
        return None
    path = next((path for path in layout.texts if _look_up(value, path) == piece), None)
    if path is None or (
        layout.names and not any(value.get(name) is not None for name in layout.names)
    ):
        return None
    holes = sorted(_find_holes(record, start, stop, path, layout.noise))
    if not any(hole.is_text for hole in holes):
        return None
    template = Template(record, holes, end)
    return template if template.fits(following) else None


def _find_holes(
    record: bytes, start: int, stop: int, path: Path, noise: Sequence[Path]
) -> Iterator[Hole]:
    """Yield where the text and the noise stand in a record whose JSON text is at these places.
    Fields of their names are filled with marks, each with its own, which are looked for at the
    paths."""
    names = dict.fromkeys(re.escape(json.dumps(one[-1]).encode()) for one in (path, *noise))
    fields = re.compile(_FIELD % b"|".join(names)).finditer(record, start, stop)
    found: dict[str | int, Hole] = {}
    filled, at = b"", start
    for number, field in enumerate(islice(fields, _MOST)):
        kind = field.lastindex or 1
        hole = Hole(*field.span(kind), (_TEXT, _COUNT)[kind - 1])
        mark = (f"~{number}~", 10**15 + number)[kind - 1]
        found[mark] = hole
        filled += record[at : hole.start] + str(mark).encode()
        at = hole.stop
    try:
        old, new = read_json(record[start:stop]), read_json(filled + record[at:stop])
    except ValueError:
        return
    for one in (path, *noise):
        mark = _look_up(new, one)
        if mark != _look_up(old, one) and isinstance(mark, str | int) and mark in found:
            yield replace(found[mark], is_text=one is path)


def _look_up(value: Any, path: Path) -> Any:
    try:
        for key in path:
            value = value[key]
    except (KeyError, IndexError, TypeError):
        return None
    return value


def _is_whole(texts: list[bytes]) -> bool:
    """Return whether each text is UTF-8: joining must not mend a character that is cut by the end
    of its record."""
    try:
        b"\0".join(texts).decode()
    except UnicodeDecodeError:
        return False
    return True
