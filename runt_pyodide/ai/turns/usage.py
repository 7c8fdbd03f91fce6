"""What a run took: turns, calls, tokens, time and, if prices are known, money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from ...llm.messages import Usage
from ...llm.prices import price_of
from ..candidate import Candidate
from ..record.fields import RunAccount

_SEARCHING = "web search"
"""What stands among the models whose price is not known: services charge for it apart."""


@dataclass(slots=True)
class Account:
    """Adds up the turns of a run. Times are in seconds, all on one clock."""

    began: float
    turns: int = 0
    tool_calls: int = 0
    _usage: Usage | None = None
    _first_token: float | None = None
    _speaking: float = 0.0
    _spoken: int = 0
    _price: float = 0.0
    _unpriced: tuple[str, ...] = ()

    @classmethod
    def go_on(cls, earlier: RunAccount, now: float) -> Self:
        """Return the account of a run that goes on now, and took this in an earlier session."""
        first = earlier.first_token_ms
        return cls(
            began=now - (earlier.duration_ms or 0) / 1000,
            turns=earlier.turns or 0,
            tool_calls=earlier.tool_calls or 0,
            _usage=earlier.usage,
            _first_token=None if first is None else first / 1000,
            _price=earlier.price_usd or 0.0,
            _unpriced=earlier.unpriced,
        )

    def add_turn(
        self,
        candidate: Candidate,
        usage: Usage | None,
        asked: float,
        spoke: float | None,
        ended: float,
    ) -> None:
        """Count a turn, which this candidate has answered."""
        self.turns += 1
        if self._first_token is None and spoke is not None:
            self._first_token = spoke - asked
        self.add_usage(candidate, usage)
        if usage and spoke is not None and usage.output_tokens and ended > spoke:
            self._speaking += ended - spoke
            self._spoken += usage.output_tokens

    def add_usage(self, candidate: Candidate, usage: Usage | None) -> None:
        """Count what an answer, or an attempt at one, took of this candidate; None if it did not
        tell."""
        model, service = candidate.model, candidate.provider.service
        price = None if usage is None else price_of(model, usage, service)
        if price is None:
            self._unpriced = tuple(dict.fromkeys([*self._unpriced, model]))
        else:
            self._price += price
        if price is not None and service != "openrouter" and usage and usage.searches:
            self._unpriced = tuple(dict.fromkeys([*self._unpriced, _SEARCHING]))
        if usage is not None:
            self._usage = usage if self._usage is None else self._usage + usage

    def until(self, now: float, limit: str | None = None) -> RunAccount:
        """Return what the run took until ``now``; ``limit`` names the limit that ended it."""
        first = self._first_token
        return RunAccount(
            turns=self.turns,
            tool_calls=self.tool_calls,
            duration_ms=round((now - self.began) * 1000),
            usage=None if self._usage == Usage() else self._usage,
            first_token_ms=None if first is None else round(first * 1000),
            tokens_per_second=round(self._spoken / self._speaking, 1) if self._speaking else None,
            price_usd=round(self._price, 6) if self._price else None,
            unpriced=self._unpriced if self._price else (),
            limit=limit,
        )
