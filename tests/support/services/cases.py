"""The cases of tests/data/services: what a service does, how to meet it, and what is right."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from typing import Any

from tests.support.services.answers import SERVICES


@dataclass(frozen=True, slots=True)
class Case:
    """``does`` and ``right`` are the index's words. ``setup`` says how the service is met, by the
    names in `setups`; ``expected`` what comes of it, by the names in `checks`."""

    id: str
    does: str
    right: str
    setup: dict[str, Any]
    expected: dict[str, Any]


def read_cases() -> list[Case]:
    """Return the cases in the order of the index. A case may be met in several ways: "F29.2"."""
    table = tomllib.loads((SERVICES / "expected.toml").read_text("utf-8"))
    cases = []
    for row in read_index():
        answers = row["answers, in their order"].split()
        for name in (name for name in table if name.partition(".")[0] == row["id"]):
            expected = dict(table[name])
            setup = {"answers": answers, **expected.pop("do", {})}
            does, right = row["what the service does"], row["what is right"]
            cases.append(Case(name, does, right, setup, expected))
    return cases


def read_index() -> list[dict[str, str]]:
    """Return the rows of index.tsv."""
    with (SERVICES / "index.tsv").open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
