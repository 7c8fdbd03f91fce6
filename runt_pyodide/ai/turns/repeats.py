"""Calls that repeat without progress, within a turn, from turn to turn, or by turns with others:
the same call to the same result, the same change of the notebook, the same error."""

from __future__ import annotations

import re
from collections import Counter

from ...errors import LimitError

_MOST = 3
"""How often one call may come to one result, or make one change, or one error may come, without
progress between."""
_MOST_AT_ALL = 10
"""How often one call may be made, to whatever results, if the run makes no other that is new."""

# What differs from one result to the next though nothing else does: times, durations, addresses of
# objects, the numbers of executions, and ids, if they are counted.
_PASSING = re.compile(
    r"\b[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\b"
    r"|\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|\b\d\d?:\d\d(?::\d\d)?(?:[.,]\d+)?\b"
    r"|\b1[5-9]\d{8}(?:\d{3}|\.\d+)?\b"  # seconds or milliseconds since 1970
    r"|\b\d+(?:\.\d+)? ?(?:it/s|s/it)"
    r"|(?<!\w)(?<![\w-]-)\d+(?:\.\d+)?(?:e[+-]?\d+)? ?"
    r"(?:ns|[µu]s|ms|s|secs?|seconds?|min|minutes?)(?!-*\w)(?! (?:left|remain|to go))"
    r"|\b0x[0-9a-f]+\b"
    r"|\b(?:In|Out) ?\[\d+\]"
    r"|\"(?:cell_id|cellId)\": \"[^\"]*\""
    r"|\"(?:duration_ms|durationMs|elapsed|execution_count|executionCount)\": [\d.e+-]+",
    re.IGNORECASE,
)
_WORDS = re.compile(r"([\w-]+)")
_MIXED = re.compile(r"\d[^\W\d].*\d|[^\W\d]\d.*[^\W\d]")
_AMOUNT = re.compile(r"\d[\d_]*(?:x\d+)*(?:e[+-]?\d+)?[^\W\d]*")  # 12MB, 3x4, 2e10
_LONGEST_ID = 64
_SHORTEST_DRAWN = 4


class Repeats:
    """The calls of a run. A call that the run has not made before is progress: what was counted
    before it no longer counts. A call that was made before and comes to a new result is progress
    only for what is counted by results. A change that is made again is none, though the model may
    see it each time; nor is the same call for ever, since any result may hold something that
    passes."""

    def __init__(self) -> None:
        self._results: list[list[str]] = []
        self._made: set[tuple[str, str]] = set()
        self._seen: set[tuple[str, str, int]] = set()
        self._again = Counter[tuple[str, str]]()
        self._same = Counter[tuple[str, str, int]]()
        self._errors = Counter[int]()

    def add(
        self, name: str, arguments: str, result: str, *, failed: bool, changes: bool = False
    ) -> None:
        """Note the result of a call, and whether it ``changes`` the notebook. Raise LimitError if
        it is one too many."""
        call, number = (name, arguments), self._number_of(result)
        self._note_progress(call, number, failed=failed)
        self._again[call] += 1
        self._same[*call, number] += 1
        self._errors[number] += failed
        if self._same[*call, number] >= _MOST:
            raise _too_often(f"{name} with the same arguments, and got the same result", _MOST)
        if self._again[call] >= (_MOST if changes else _MOST_AT_ALL):
            raise _too_often(f"{name} with the same arguments", self._again[call])
        if self._errors[number] >= _MOST:
            raise LimitError(
                f"The model's calls failed with the same error {_MOST} times: {result}",
                advice="Say in the prompt how it should go about it, and run the cell again.",
            )

    def _note_progress(self, call: tuple[str, str], number: int, *, failed: bool) -> None:
        if (*call, number) in self._seen:
            return
        self._seen.add((*call, number))
        self._same.clear()
        if call not in self._made:
            self._made.add(call)
            self._again.clear()
        if not failed:
            self._errors.clear()

    def _number_of(self, result: str) -> int:
        """Return the number of the first result that says the same."""
        words = _WORDS.split(_PASSING.sub("", result))
        for number, known in enumerate(self._results):
            if _say_the_same(known, words):
                return number
        self._results.append(words)
        return len(self._results) - 1


def _too_often(what: str, times: int) -> LimitError:
    return LimitError(
        f"The model called {what}, {times} times without doing anything new.",
        advice="Say in the prompt what it should do instead, and run the cell again.",
    )


def _say_the_same(one: list[str], other: list[str]) -> bool:
    return len(one) == len(other) and all(
        a == b or _are_ids(a, b) for a, b in zip(one, other, strict=True)
    )


def _are_ids(one: str, other: str) -> bool:
    """Return whether two words that stand at the same place are ids, whatever their form: letters
    and digits mixed as in no word and no amount, of one length, with hardly a character in common
    behind what they begin with, such as a prefix or a time."""
    if len(one) != len(other) or len(one) > _LONGEST_ID or not (_is_mixed(one) or _is_mixed(other)):
        return False
    differs = [a != b for a, b in zip(one, other, strict=True)]
    drawn = differs[differs.index(True) :]
    return len(drawn) >= _SHORTEST_DRAWN and sum(drawn) * 4 >= len(drawn) * 3


def _is_mixed(word: str) -> bool:
    return _MIXED.search(word) is not None and not _AMOUNT.fullmatch(word)
