"""Whether to retry a request, and after how long.

Source: openai-python `_base_client.py`: two retries, 0.5 s doubling to 8 s with jitter down to
minus 25 %, on 408, 409, 429, 5xx and connections that fail; `x-should-retry` overrides, and a wait
that the service asks for is honoured up to 120 s: nobody would wait longer.

A model that is being loaded is waited for with the patience that one has for an answer, as a server
that loads before it answers is. A slip of the model is retried once, at once.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from ..errors import (
    CorsError,
    CutStreamError,
    LocalNetworkError,
    MixedContentError,
    ModelSlipError,
    NetworkError,
    OfflineError,
    OverloadedError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    RequestTimeoutError,
    ServerError,
)

Sort = Literal["failure", "slip", "loading"]

_FIRST_WAIT = 0.5
_LONGEST_WAIT = 8.0
_LONGEST_ASKED = 120.0
_JITTER = 0.25


@dataclass(frozen=True, slots=True)
class Retry:
    """A retry in ``wait`` seconds; ``told`` is what the reader should know of it, or "", and
    ``lasts`` for how many seconds that holds."""

    wait: float
    told: str
    lasts: float


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often to retry: failures of the service, and slips of the model. ``sleep`` and ``random``
    (0 to 1) are handed in, so that a test can fix them."""

    retries: int = 2
    slips: int = 1
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    random: Callable[[], float] = random.random

    def wait_before_retry(
        self, error: ProviderError, retries_done: int, waited: float = 0.0
    ) -> float | None:
        """Return the seconds to wait before the next try; None if another try is of no use.

        ``retries_done`` counts the retries after failures of the same sort (`sort_of`), ``waited``
        the seconds that were waited before them.
        """
        sort = sort_of(error)
        if sort == "slip":
            return 0.0 if retries_done < self.slips else None
        if not _may_pass(error):
            return None
        wait = self._choose_wait(error, retries_done)
        if wait > _LONGEST_ASKED:
            return None
        patience = _patience_for(error)
        if patience is not None:
            return wait if self.retries and waited + wait <= patience else None
        return wait if retries_done < self.retries else None

    def _choose_wait(self, error: ProviderError, retries_done: int) -> float:
        if error.retry_after is not None and error.retry_after > 0:
            return error.retry_after
        wait = min(_FIRST_WAIT * 2.0 ** min(retries_done, 16), _LONGEST_WAIT)
        return wait * (1 - _JITTER * self.random())


class Retries:
    """The retries of one request: each sort of failure has its own count."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy = policy
        self._done: Counter[Sort] = Counter()
        self._waited: Counter[Sort] = Counter()

    def after(self, error: ProviderError) -> Retry | None:
        """Return the next retry after a failure, and count it; None if there is no use in one."""
        sort = sort_of(error)
        done, waited = self._done[sort], self._waited[sort] / 1000
        wait = self._policy.wait_before_retry(error, done, waited)
        if wait is None:
            return None
        self._done[sort] += 1
        self._waited[sort] += round(wait * 1000)
        lasts = _patience_for(error)
        return Retry(wait, self._describe(error, wait), wait if lasts is None else lasts)

    def _describe(self, error: ProviderError, wait: float) -> str:
        sort, patience = sort_of(error), _patience_for(error)
        if sort == "slip":
            return f"{error.sentence} Asking once more."
        if patience is not None:
            told = f"{error.sentence} Waiting for it, up to {patience:g} s."
            return told if self._done[sort] == 1 else ""
        progress = f"({self._done[sort]} of {self._policy.retries})"
        return f"{error.sentence} Retrying in {_show(wait)} s {progress}."


def sort_of(error: ProviderError) -> Sort:
    """Return which retries a failure is counted with."""
    if isinstance(error, ModelSlipError):
        return "slip"
    return "failure" if _patience_for(error) is None else "loading"


def _patience_for(error: ProviderError) -> float | None:
    """Return for how long a model that is being loaded is waited for; None for other failures."""
    return error.patience if isinstance(error, OverloadedError) and error.loading else None


# A wait does not change these; and after a timeout the reader has waited long enough.
_LASTING = (
    CorsError,
    LocalNetworkError,
    MixedContentError,
    OfflineError,
    QuotaExceededError,
    RequestTimeoutError,
)
_PASSING = (NetworkError, CutStreamError, RateLimitError, ServerError)


def _may_pass(error: ProviderError) -> bool:
    if isinstance(error, _LASTING):
        return False
    if error.should_retry is not None:
        return error.should_retry
    return isinstance(error, _PASSING) or error.status in (408, 409)


def _show(seconds: float) -> str:
    return f"{seconds:.2g}" if seconds < 10 else f"{seconds:.0f}"
