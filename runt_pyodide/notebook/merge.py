"""Merges two sources that were made from one, line by line. No line that either of them adds is
lost; a line of the base stays if both keep it.

``js/notebook/merge/`` is the counterpart, with the same results: ``schema/merge-cases/`` binds
the two.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

_MOST_PAIRS = 1_000_000
"""Two ranges of lines are compared only if they have at most so many pairs, since that takes as
many steps."""


class Merged(NamedTuple):
    """A merged source. It is a conflict if both changed the same lines: then both versions are in
    it, the first one's before the second one's."""

    source: str
    is_conflict: bool = False


def merge_source(base: str, mine: str, theirs: str) -> Merged:
    """Return what becomes of ``base``, the last source that both knew, by both of its changes."""
    if theirs in (base, mine):
        return Merged(mine)
    if mine == base:
        return Merged(theirs)
    lines = base.split("\n")
    weaver = _Weaver(lines, _Side.of(lines, mine), _Side.of(lines, theirs))
    weaver.weave()
    return Merged("\n".join(weaver.woven), weaver.is_conflict)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """The lines of the base from ``start`` up to ``end`` have become ``lines``."""

    start: int
    end: int
    lines: Sequence[str]

    @property
    def inserts(self) -> bool:
        """Whether it takes nothing out."""
        return self.start == self.end


def _chunks_between(before: Sequence[str], after: Sequence[str]) -> list[_Chunk]:
    """Return the chunks, in order, with at least one line between two of them. Lines are the same
    if they differ in their ends alone."""
    a = [line.removesuffix("\r") for line in before]
    b = [line.removesuffix("\r") for line in after]
    head = _count_same(a, b)
    tail = _count_same(a[head:][::-1], b[head:][::-1])
    end_a, end_b = len(a) - tail, len(b) - tail
    if (end_a - head) * (end_b - head) > _MOST_PAIRS:
        return [_Chunk(head, end_a, after[head:end_b])]
    chunks = []
    at_a, at_b = head, head
    common = [(head + i, head + j) for i, j in _common(a[head:end_a], b[head:end_b])]
    for i, j in [*common, (end_a, end_b)]:
        if i > at_a or j > at_b:
            chunks.append(_Chunk(at_a, i, after[at_b:j]))
        at_a, at_b = i + 1, j + 1
    return chunks


class _Link(NamedTuple):
    """A pair of equal lines, and the pairs before it."""

    i: int
    j: int
    before: _Link | None


def _common(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Return the places of a longest common subsequence, by the algorithm of Hunt and McIlroy
    (Bell Laboratories, Computing Science Technical Report 41, 1976), which node-diff3 uses, too.

    ``ends[n]`` is where the best subsequence of n lines ends in ``b``: the higher up, the better.
    """
    places: dict[str, list[int]] = {}
    for j, line in enumerate(b):
        places.setdefault(line, []).append(j)
    links: list[_Link] = [_Link(-1, -1, None)]
    ends = [-1]
    for i, line in enumerate(a):
        # A pair is put in only after the next one was looked at: that may not build on it.
        place, waiting = 0, links[0]
        for j in places.get(line, ()):
            length = bisect_left(ends, j) - 1
            if length < place or (length + 1 < len(ends) and ends[length + 1] == j):
                continue
            link = _Link(i, j, links[length])
            links[place], ends[place] = waiting, waiting.j
            place, waiting = length + 1, link
            if place == len(links):
                break
        if place == len(links):
            links.append(waiting)
            ends.append(waiting.j)
        else:
            links[place], ends[place] = waiting, waiting.j
    return [*_unlink(links[-1])][::-1]


def _unlink(link: _Link) -> Iterator[tuple[int, int]]:
    while link.before is not None:
        yield link.i, link.j
        link = link.before


@dataclass(slots=True)
class _Side:
    """One of the two, and how far it is followed.

    ``gone`` is the first line of the base after those that it has taken out so far, ``latest`` what
    its last chunk brought, and ``shift`` how much further down than in the base a line stands.
    """

    lines: Sequence[str]
    chunks: list[_Chunk]
    gone: int = 0
    latest: Sequence[str] = ()
    shift: int = 0

    @classmethod
    def of(cls, base: Sequence[str], source: str) -> _Side:
        lines = source.split("\n")
        return cls(lines, _chunks_between(base, lines)[::-1])

    @property
    def start(self) -> float:
        return self.chunks[-1].start if self.chunks else inf

    def line_at(self, at: int) -> str:
        """Return a line of the base that the side has, too, with the side's own end."""
        return self.lines[at + self.shift]

    def take(self) -> _Chunk:
        """Go on to the next chunk, and return this one."""
        chunk = self.chunks.pop()
        self.shift += len(chunk.lines) - (chunk.end - chunk.start)
        self.gone, self.latest = chunk.end, chunk.lines
        return chunk


class _Weaver:
    """Goes through the base once, with both sides' changes beside it."""

    def __init__(self, base: Sequence[str], mine: _Side, theirs: _Side) -> None:
        self._base = base
        self._mine = mine
        self._theirs = theirs
        self.woven: list[str] = []
        self.is_conflict = False

    def weave(self) -> None:
        mine, theirs = self._mine, self._theirs
        at = 0
        while True:
            start = int(min(mine.start, theirs.start, len(self._base)))
            for line in range(at, start):
                self._keep(line)
            at = start
            ours = mine.chunks[-1] if mine.start == start else None
            others = theirs.chunks[-1] if theirs.start == start else None
            if ours and others and ours.inserts == others.inserts:
                self._take_both()
            elif ours and (others is None or ours.inserts):
                self._take(mine, theirs)
            elif others:
                self._take(theirs, mine)
            else:
                return

    def _keep(self, at: int) -> None:
        """Keep a line of the base, unless a side has taken it out."""
        if at >= self._mine.gone and at >= self._theirs.gone:
            own = self._mine.line_at(at)
            self.woven.append(self._theirs.line_at(at) if own == self._base[at] else own)

    def _take(self, side: _Side, other: _Side) -> None:
        chunk = side.take()
        if chunk.start < other.gone and (chunk.lines or other.latest):
            self.is_conflict = True
        self.woven += chunk.lines

    def _take_both(self) -> None:
        """Both change the same place: what they have in common at its start and end comes once."""
        ours, others = self._mine.take(), self._theirs.take()
        head = _count_same(ours.lines, others.lines)
        mine, theirs = ours.lines[head:], others.lines[head:]
        tail = _count_same(mine[::-1], theirs[::-1]) if ours.end == others.end else 0
        rest, other_rest = mine[: len(mine) - tail], theirs[: len(theirs) - tail]
        is_one_gone = not ours.inserts and (not ours.lines) != (not others.lines)
        if (rest and other_rest) or is_one_gone:
            self.is_conflict = True
        self.woven += [*ours.lines[:head], *rest, *other_rest, *mine[len(mine) - tail :]]


def _count_same(a: Sequence[str], b: Sequence[str]) -> int:
    """Return how many items two lists have in common at their start."""
    count = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        count += 1
    return count
