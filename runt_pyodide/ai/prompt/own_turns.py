"""The run's own turns so far, as much of them as there is room for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ...llm.messages import Message
from ..text import sizes
from ..text.output import clip

Weigh = Callable[[Message], int]
"""Returns about how many tokens a message takes."""


@dataclass(frozen=True, slots=True)
class OwnTurns:
    """Messages, and the number of characters that were left out of them."""

    messages: tuple[Message, ...]
    cut: int = 0


def shorten_all(messages: Sequence[Message]) -> list[Message]:
    """Return the messages in their shortest form."""
    return [_shorten(message)[0] for message in messages]


def fit_turns(messages: Sequence[Message], room: int, weigh: Weigh) -> OwnTurns:
    """Return as much of the messages as fits. Results of tools are truncated and their pictures
    left out, the oldest first; then turns are left out, again the oldest first."""
    fitted, cut = [*messages], 0
    over = sum(map(weigh, fitted)) - room
    for place, message in enumerate(messages):
        if over <= 0:
            return OwnTurns(tuple(fitted), cut)
        shorter, left_out = _shorten(message)
        over -= weigh(message) - weigh(shorter)
        fitted[place] = shorter
        cut += left_out
    first = _first_that_fits(fitted, over, weigh)
    dropped = sum(len(message.content) for message in fitted[:first])
    return OwnTurns(tuple(fitted[first:]), cut + dropped)


def _shorten(message: Message) -> tuple[Message, int]:
    content, left_out = message.content, 0
    if message.role == "tool":
        content, left_out = clip(content, sizes.OLD_RESULT)
    return replace(message, content=content, images=()), left_out


def _first_that_fits(messages: Sequence[Message], over: int, weigh: Weigh) -> int:
    """Return the place of the first turn from which on the messages, so much too large, fit."""
    for place, message in enumerate(messages):
        if over <= 0 and message.role == "assistant":
            return place
        over -= weigh(message)
    return len(messages)
