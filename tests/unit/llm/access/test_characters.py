"""Characters that a header cannot hold."""

from __future__ import annotations

import pytest

from runt_pyodide.llm.access.characters import describe, find_unsendable, strip_invisible


@pytest.mark.parametrize(
    ("text", "kept"),
    [("\u200b a b\u2029", "a b"), ("\u00ad", ""), ("", ""), ("\u00e9", "\u00e9")],
)
def test_invisible_characters_are_taken_off_at_the_ends(text: str, kept: str) -> None:
    assert strip_invisible(text) == kept


def test_the_first_that_cannot_be_sent_is_named() -> None:
    assert find_unsendable("a\tb c~!") == ""
    assert find_unsendable("a b", blanks=True) == "a blank (U+0020) at position 2"
    assert find_unsendable("ab\u00e9\n").endswith("(U+00E9) at position 3")
    assert describe("\r") == "a line end (U+000D)"
