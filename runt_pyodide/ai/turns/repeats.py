"""Calls that repeat without progress: the same call to the same result, or the same error, again
and again, within a turn, from turn to turn, or by turns with others."""

from __future__ import annotations

import re
from collections import Counter

from ...errors import LimitError

_MOST = 3
"""How often one call may come to one result, or one error may come, without progress between."""

# What differs from one result to the next though nothing else does: ids, times, durations,
# addresses of objects, and the numbers of executions.
_PASSING = re.compile(
    r"\b[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\b"
    r"|\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|\b\d\d?:\d\d(?::\d\d)?(?:[.,]\d+)?\b"
    r"|\b1[5-9]\d{8}(?:\d{3}|\.\d+)?\b"  # seconds or milliseconds since 1970
    r"|\b\d+(?:\.\d+)? ?(?:it/s|s/it)"
    r"|\b\d+(?:\.\d+)?(?:e[+-]?\d+)? ?(?:ns|[µu]s|ms|s|secs?|seconds?|min|minutes?|h)\b"
    r"|\b0x[0-9a-f]+\b"
    r"|\b(?:In|Out) ?\[\d+\]"
    r"|\"(?:cell_id|cellId)\": \"[^\"]*\""
    r"|\"(?:duration_ms|durationMs|elapsed|execution_count|executionCount)\": [\d.e+-]+",
    re.IGNORECASE,
)


class Repeats:
    """The calls of a run. A call that the run has not made before, or not to that result, is
    progress: what was counted before it no longer counts."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str, str]] = set()
        self._calls = Counter[tuple[str, str, str]]()
        self._errors = Counter[str]()

    def add(self, name: str, arguments: str, result: str, *, failed: bool) -> None:
        """Note the result of a call. Raise LimitError if it is one too many."""
        lasting = _PASSING.sub("", result)
        call = (name, arguments, lasting)
        if call not in self._seen:
            self._seen.add(call)
            self._calls.clear()
            if not failed:
                self._errors.clear()
        self._calls[call] += 1
        self._errors[lasting] += failed
        if self._calls[call] >= _MOST:
            raise LimitError(
                f"The model called {name} with the same arguments, and got the same result, "
                f"{_MOST} times without doing anything else.",
                advice="Say in the prompt what it should do instead, and run the cell again.",
            )
        if self._errors[lasting] >= _MOST:
            raise LimitError(
                f"The model's calls failed with the same error {_MOST} times: {result}",
                advice="Say in the prompt how it should go about it, and run the cell again.",
            )
