"""Finds the recorded turn that answers a request, or says how the request differs."""

from __future__ import annotations

import difflib
import json
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ...errors import BadRequestError
from ..messages import ChatRequest
from ..redaction import Redactor, equal_but_for_keys
from .cassette import Cassette, RecordedTurn, describe_request

_ABSENT = object()
_MOST_DIFFERENCES = 5
_MOST_LINES = 30
_WIDTH = 100


class Replay:
    """Finds turns by what was asked, in the order in which they were recorded.

    Turns with equal requests are given one after the other, the last of them again and again. So
    the same sequence of requests gives the same sequence of turns.
    """

    def __init__(self, cassette: Cassette) -> None:
        # A recording holds no keys, nor may what is compared with it.
        self._redactor = Redactor()
        self._turns = cassette.turns
        self._requests = [describe_request(turn.request, self._redactor) for turn in self._turns]
        self._played: set[int] = set()

    @property
    def models(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(turn.request.model for turn in self._turns))

    def find(self, request: ChatRequest) -> RecordedTurn:
        """Return the turn. Raise BadRequestError, which shows how the nearest recorded request
        differs, if there is none."""
        asked = describe_request(request, self._redactor)
        differences = [list(_compare(recorded, asked)) for recorded in self._requests]
        same = [place for place, found in enumerate(differences) if not found]
        if not same:
            raise self._explain(differences)
        place = next((place for place in same if place not in self._played), same[-1])
        self._played.add(place)
        return self._turns[place]

    def _explain(self, differences: list[list[_Difference]]) -> BadRequestError:
        advice = "Undo the change, or record the notebook anew."
        if not differences:
            return BadRequestError("The cassette holds no turns.", advice=advice)
        nearest = min(
            range(len(differences)),
            key=lambda place: (len(differences[place]), place in self._played, place),
        )
        found = differences[nearest]
        shown = "\n".join(difference.show() for difference in found[:_MOST_DIFFERENCES])
        more = f"\n... and {len(found) - _MOST_DIFFERENCES} more"
        return BadRequestError(
            "The cassette holds no turn for this request. "
            f"The nearest, turn {nearest + 1} of {len(differences)}, differs from it in\n\n"
            f"{shown}{more if len(found) > _MOST_DIFFERENCES else ''}\n\n"
            "Lines with - were recorded, lines with + were asked.",
            advice=advice,
        )


@dataclass(frozen=True, slots=True)
class _Difference:
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


def _compare(recorded: Any, asked: Any, path: str = "") -> Iterator[_Difference]:
    if isinstance(recorded, dict) and isinstance(asked, dict):
        for name in {**recorded, **asked}:
            there, here = recorded.get(name, _ABSENT), asked.get(name, _ABSENT)
            yield from _compare(there, here, f"{path}.{name}" if path else name)
    elif isinstance(recorded, list) and isinstance(asked, list):
        for place in range(max(len(recorded), len(asked))):
            there, here = (
                items[place] if place < len(items) else _ABSENT for items in (recorded, asked)
            )
            yield from _compare(there, here, f"{path}[{place}]")
    elif isinstance(recorded, str) and isinstance(asked, str):
        if not equal_but_for_keys(recorded, asked):
            yield _Difference(path, recorded, asked)
    elif recorded != asked:
        yield _Difference(path, recorded, asked)


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
