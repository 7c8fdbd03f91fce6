"""Calls that are known to be right, of the Berkeley Function Calling Leaderboard.

The package bfcl-eval (Apache-2.0) holds them: for each question the calls of a right answer, and of
each argument the values that are right, the first of which is taken. "" among them says that the
argument may be left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.real_servers.process import VENV

# Of single turns: several calls at once, calls of Java and JavaScript, and what users have written.
_FILES = (
    *("simple_python", "simple_java", "simple_javascript", "multiple", "parallel"),
    *("parallel_multiple", "live_simple", "live_parallel", "live_parallel_multiple"),
)


@dataclass(frozen=True, slots=True)
class GoldCall:
    name: str
    arguments: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The arguments as JSON text, with characters as they are, as most services write it."""
        return json.dumps(self.arguments, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class GoldTurn:
    """The calls of one answer. ``name`` is the question's id."""

    name: str
    calls: tuple[GoldCall, ...]


def read_gold_turns() -> list[GoldTurn]:
    """Return all of them, in the order of the files."""
    return [turn for name in _FILES for turn in _read(name)]


def _read(name: str) -> Iterator[GoldTurn]:
    (folder,) = VENV.glob("lib/python*/site-packages/bfcl_eval/data/possible_answer")
    for line in (folder / f"BFCL_v4_{name}.json").read_text("utf-8").splitlines():
        row = json.loads(line)
        calls = [
            GoldCall(function, _arguments_of(given))
            for call in row["ground_truth"]
            for function, given in call.items()
        ]
        yield GoldTurn(row["id"], tuple(calls))


def _arguments_of(given: Mapping[str, list[Any]]) -> dict[str, Any]:
    return {name: values[0] for name, values in given.items() if values[:1] not in ([], [""])}
