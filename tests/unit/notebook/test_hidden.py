"""What a reader would not see in a text that something will run."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.notebook.hidden import show_hidden
from tests.support.data import DATA

CASES = json.loads((DATA / "hidden.json").read_text("utf-8"))
DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: ascii(case["text"]))
def test_cases_that_the_page_shares(case: dict[str, str]) -> None:
    assert show_hidden(case["text"]) == case["shown"]


def test_every_character_of_unicode() -> None:
    for code in range(0x110000):
        character = chr(code)
        category, shown = unicodedata.category(character), show_hidden(f"a{character}b")
        if category[0] in "CZ" and character not in "\n\t ":
            assert shown == f"a⟦U+{code:04X}⟧b"
        elif unicodedata.bidirectional(character) in DIRECTIONS:
            pytest.fail(f"U+{code:04X} changes the direction and is shown as it is")
        elif category[0] in "LNPS" and len(shown) > 3:
            assert unicodedata.name(character).endswith("FILLER")


@given(st.text())
def test_nothing_is_lost_and_what_is_shown_is_seen(text: str) -> None:
    shown = show_hidden(text)
    assert show_hidden(shown) == shown
    assert len(shown) >= len(text)
    seen = [one for one in text if unicodedata.category(one)[0] in "LNPS"]
    assert [one for one in shown if one in seen] or not seen
