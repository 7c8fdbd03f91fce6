"""Finds the recorded turn that answers a request, or says how the request differs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from difflib import SequenceMatcher
from typing import Any

from ...errors import NotRecordedError
from ...json_text import canonical_json
from ..messages import AiModel, ChatRequest, Delta
from ..redaction import MARK, Redactor
from .cassette import Cassette, RecordedProvider, RecordedTurn, describe_request
from .difference import Difference, compare

_MOST_DIFFERENCES = 5
_MOST_READ = 50
_PATIENCE = 1.0
"""How much longer than in the recording a turn that was cancelled is left waiting, in seconds."""


class Replay:
    """Finds turns by what was asked, in the order in which they were recorded.

    Turns with equal requests are given one after the other, those of the provider that is asked
    first, and the last of them again and again, unless it is ``strict``. So the same sequence of
    requests gives the same sequence of turns. ``name`` is what errors call the cassette, and
    ``advice`` what to do about one that has no answer.
    """

    def __init__(
        self,
        cassette: Cassette,
        *,
        strict: bool = False,
        name: str = "The cassette",
        advice: str | None = None,
    ) -> None:
        # A recording holds no keys, nor may what is compared with it.
        self._redactor = Redactor()
        self._strict = strict
        self._name = name
        self._advice = advice
        self._turns = cassette.turns
        self._providers = {one.name: one for one in cassette.providers}
        self._requests = [describe_request(turn.request, self._redactor) for turn in self._turns]
        self._places: dict[str, list[int]] = {}
        self._keyed: list[int] = []
        """The places of requests from which keys were taken: they have to be compared."""
        for place, request in enumerate(self._requests):
            text = canonical_json(request)
            self._places.setdefault(text, []).append(place)
            if MARK in text:
                self._keyed.append(place)
        self._played: set[int] = set()

    @property
    def models(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(turn.request.model for turn in self._turns))

    @property
    def providers(self) -> tuple[str, ...]:
        """The names of those that were asked, in that order."""
        return tuple(dict.fromkeys(turn.provider for turn in self._turns if turn.provider))

    def about(self, provider: str) -> RecordedProvider:
        """Return what was recorded of a provider, of which no model may be known."""
        return self._providers.get(provider, RecordedProvider(name=provider))

    def models_of(self, provider: str) -> tuple[str, ...]:
        """Return the models that a provider was asked for."""
        asked = (turn.request.model for turn in self._turns if turn.provider == provider)
        return tuple(dict.fromkeys(asked))

    def describe_model(self, model: str, provider: str = "") -> AiModel | None:
        """Return what was known of a model when it was asked, by this provider if it was asked;
        None if nothing was."""
        owners = [self.about(provider), *self._providers.values()]
        return next((one for owner in owners for one in owner.models if one.name == model), None)

    def supports_tools(self, model: str, provider: str = "") -> bool:
        """Return whether the model was sent tools when it was asked."""
        own = self._providers.get(provider)
        owners = [own] if own else self._providers.values()
        return not any(model in owner.without_tools for owner in owners)

    @property
    def unused(self) -> list[RecordedTurn]:
        """The turns that were not played."""
        return [turn for place, turn in enumerate(self._turns) if place not in self._played]

    def seek(self, request: ChatRequest, provider: str = "") -> RecordedTurn | None:
        """Return the turn that is played for a request, and count it; None if there is none."""
        asked = describe_request(request, self._redactor)
        same = self._find_equal(asked)
        fresh = [place for place in same if place not in self._played]
        own = (place for place in fresh if self._turns[place].provider == provider)
        place = next(own, None)
        if place is None and fresh:
            place = fresh[0]
        if place is None and same and not self._strict:
            place = same[-1]
        if place is None:
            return None
        self._played.add(place)
        return self._turns[place]

    def find(self, request: ChatRequest, provider: str = "") -> RecordedTurn:
        """Return the turn. Raise NotRecordedError, which shows how the nearest recorded request
        differs, if there is none."""
        turn = self.seek(request, provider)
        if turn is None:
            raise self._explain(describe_request(request, self._redactor))
        return turn

    def _find_equal(self, asked: Any) -> list[int]:
        places = self._places.get(canonical_json(asked), [])
        keyed = [place for place in self._keyed if not any(compare(self._requests[place], asked))]
        return sorted({*places, *keyed})

    def _explain(self, asked: Any) -> NotRecordedError:
        if not self._turns:
            return NotRecordedError(f"{self._name} holds no turns.", advice=self._advice)
        count = len(self._turns)
        place, found = self._find_nearest(asked)
        if not found:
            said = f"{self._name} holds no more turns for this request: all were played."
            return NotRecordedError(said, advice=self._advice)
        shown = "\n".join(difference.show() for difference in found[:_MOST_DIFFERENCES])
        more = f"\n... and {len(found) - _MOST_DIFFERENCES} more"
        return NotRecordedError(
            f"{self._name} holds no turn for this request. The nearest, turn {place + 1} of "
            f"{count}, differs from it in\n\n"
            f"{shown}{more if len(found) > _MOST_DIFFERENCES else ''}\n\n"
            "Lines with - were recorded, lines with + were asked.",
            advice=self._advice,
        )

    def _find_nearest(self, asked: Any) -> tuple[int, Sequence[Difference]]:
        differences = [[*compare(recorded, asked)] for recorded in self._requests]
        fewest = min(map(len, differences))
        near = [place for place, found in enumerate(differences) if len(found) == fewest]
        near.sort(key=lambda place: (place in self._played, place))
        place = max(
            near[:_MOST_READ],
            key=lambda place: _likeness(_prompt_of(self._requests[place]), _prompt_of(asked)),
        )
        return place, differences[place]


def _prompt_of(request: Any) -> str:
    return next((str(one.get("content", "")) for one in reversed(request["messages"])), "")


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).quick_ratio()


async def play(turn: RecordedTurn, delay: float = 0.0) -> AsyncGenerator[Delta, None]:
    """Yield what came in a turn, with a ``delay`` before each delta, in seconds. Raise the error
    that ended it; a turn that was cancelled waits to be cancelled again."""
    for delta in turn.deltas:
        await asyncio.sleep(delay)
        yield delta.delta()
    if turn.cancelled_after is not None:
        await asyncio.sleep(turn.cancelled_after + _PATIENCE)
        raise NotRecordedError(
            "The recording has no more of this answer: it was cancelled, or not awaited, after "
            f"{turn.cancelled_after:g} s."
        )
    if turn.error is not None:
        raise turn.error.error()
