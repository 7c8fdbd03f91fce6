"""Whether to retry a request, and after how long.

Source: openai-python `_base_client.py`: two retries, 0.5 s doubling to 8 s with jitter down to
minus 25 %, on 408, 409, 429, 5xx and connections that fail; `x-should-retry` overrides, and a wait
that the service asks for is honoured up to 120 s: nobody would wait longer.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ..errors import (
    CorsError,
    CutStreamError,
    LocalNetworkError,
    MixedContentError,
    NetworkError,
    OfflineError,
    ProviderError,
    QuotaExceededError,
    RequestTimeoutError,
)

_FIRST_WAIT = 0.5
_LONGEST_WAIT = 8.0
_LONGEST_ASKED = 120.0
_JITTER = 0.25


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often to retry. ``sleep`` and ``random`` (0 to 1) are handed in, so that a test can fix
    them."""

    retries: int = 2
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    random: Callable[[], float] = random.random

    def wait_before_retry(self, error: ProviderError, retries_done: int) -> float | None:
        """Return the seconds to wait before the next try; None if another try is of no use."""
        if retries_done >= self.retries or not _may_pass(error):
            return None
        if error.retry_after is not None and error.retry_after > 0:
            return error.retry_after if error.retry_after <= _LONGEST_ASKED else None
        wait = min(_FIRST_WAIT * 2.0**retries_done, _LONGEST_WAIT)
        return wait * (1 - _JITTER * self.random())


# A wait does not change these; and after a timeout the reader has waited long enough.
_LASTING = (
    CorsError,
    LocalNetworkError,
    MixedContentError,
    OfflineError,
    QuotaExceededError,
    RequestTimeoutError,
)


def _may_pass(error: ProviderError) -> bool:
    if isinstance(error, _LASTING):
        return False
    if error.should_retry is not None:
        return error.should_retry
    if isinstance(error, NetworkError | CutStreamError):
        return True
    status = error.status
    return status is not None and (status in (408, 409, 429) or status >= 500)
