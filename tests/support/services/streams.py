"""Streams of chat completions, written as odd services write them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import Any

from runt_pyodide.llm.transport.scripted import Scripted

SSE = {"content-type": "text/event-stream"}
Call = tuple[str, dict[str, Any]]


def chunk(delta: dict[str, Any], finish: Any = None) -> dict[str, Any]:
    return {"id": "c1", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def events(records: Iterable[Any], done: bool = True) -> bytes:
    """Return the records as server-sent events."""
    lines = [f"data: {json.dumps(record, ensure_ascii=False)}\n\n" for record in records]
    return ("".join(lines) + "data: [DONE]\n\n" * done).encode()


def stream(*records: Any, done: bool = True) -> Scripted:
    return Scripted(200, SSE, [events(records, done)])


@dataclass(frozen=True, slots=True)
class Labels:
    """How a service labels the pieces of its calls, and how it cuts them.

    ``ids``: in the "first" piece, in "all", a "new" one in each, or "none". ``places``: the index
    is the call's ("right"), counts from "one", is always "zero", "null" or missing ("none").
    ``names``: in the "first" piece, in "all", or "" after the first ("blank"). ``cuts`` are the
    places at which arguments are cut. ``echo``: "{}" comes "before" the arguments, or all of them
    once "more" at the end. ``mixed`` sends the pieces of all calls by turns, ``at_once`` all pieces
    in one chunk. ``finish`` is the finish reason, in a chunk of its own or ``with_last`` piece.
    """

    ids: str = "first"
    places: str = "right"
    names: str = "first"
    cuts: tuple[int, ...] = ()
    echo: str = ""
    mixed: bool = False
    at_once: bool = False
    finish: Any = "tool_calls"
    with_last: bool = False

    @property
    def tells_apart(self) -> bool:
        """Whether each piece says by its id or its index which call it is of."""
        return self.ids == "all" or self.places in ("right", "one")

    def has_one_meaning(self, calls: Sequence[Call]) -> bool:
        """Whether these calls can be read from what comes: what belongs to no call for certain is
        in the order of the calls, and is not said twice; with a name and an id of its own that
        would be another call."""
        is_named = self.ids in ("first", "all") and self.tells_apart
        says_twice = self.echo or (self.ids == "new" and self.cuts)
        if self.names == "all" and says_twice and not is_named:
            return False
        if len(calls) == 1:
            return True
        if self.mixed and (self.echo or self.ids == "new") and self.places not in ("right", "one"):
            return False
        if self.mixed and self.echo and self.ids == "new":
            return False
        if self.ids == "none" and not self.tells_apart and 0 in self.cuts:
            return False  # a name alone may be a repetition
        return self.tells_apart or not (self.mixed or self.echo)

    def write(self, calls: Sequence[Call]) -> list[dict[str, Any]]:
        """Return the chunks of an answer with these calls."""
        written = [[*self._pieces(place, call)] for place, call in enumerate(calls)]
        rows = zip_longest(*written) if self.mixed else written
        pieces = [piece for row in rows for piece in row if piece is not None]
        deltas = [{"tool_calls": [piece]} for piece in pieces]
        if self.at_once:
            deltas = [{"tool_calls": pieces}]
        *most, last = deltas
        if self.with_last:
            return [*map(chunk, most), chunk(last, self.finish)]
        return [*map(chunk, deltas), chunk({}, self.finish)]

    def _pieces(self, place: int, call: Call) -> Iterator[dict[str, Any]]:
        name, arguments = call
        for number, text in enumerate(self._texts(json.dumps(arguments, ensure_ascii=False))):
            piece: dict[str, Any] = {"function": {"arguments": text}}
            if number == 0 or self.names == "all":
                piece |= {"type": "function"}
                piece["function"]["name"] = name
            elif self.names == "blank":
                piece["function"]["name"] = ""
            index = {"right": place, "one": place + 1, "zero": 0, "null": None}
            if self.places in index:
                piece["index"] = index[self.places]
            if self.ids == "new":
                piece["id"] = f"call_{place}_{number}"
            elif self.ids == "all" or (self.ids == "first" and number == 0):
                piece["id"] = f"call_{place}"
            yield piece

    def _texts(self, arguments: str) -> list[str]:
        ends = sorted({min(cut, len(arguments)) for cut in self.cuts} - {len(arguments)})
        bounds = [0, *ends, len(arguments)]
        texts = [arguments[a:b] for a, b in pairwise(bounds)]
        before = ["{}"] if self.echo == "before" else []
        return [*before, *texts, *([arguments] if self.echo == "more" else [])]
