"""The provider in the documentation keeps the contract, and is as short as it says."""

from __future__ import annotations

from typing import Any

from scripts.paths import ROOT
from tests.support.examples import examples

PROVIDER, RIG = (
    source
    for source in examples(ROOT / "docs" / "providers.md", "python")
    if "class Haiku" in source
)
documented: dict[str, Any] = {}
for _source in (PROVIDER, RIG):
    exec(_source, documented)

TestHaiku = documented["TestHaiku"]


def test_what_it_cannot_do_is_known() -> None:
    assert documented["HaikuRig"].cannot == {"refusal", "thinking"}


def test_it_is_short() -> None:
    assert sum(bool(line.strip()) for line in PROVIDER.splitlines()) <= 60
