"""Keys as people paste them."""

from __future__ import annotations

import json
from itertools import product

import pytest

from runt_pyodide.llm.access.key import clean_key
from tests.support.data import DATA

KEY = "sk-proj_A1.b~c+d/e=="
PASTED = json.loads((DATA / "pasted-keys.json").read_text("utf-8"))
AROUND: list[str] = PASTED["around"]


@pytest.mark.parametrize("around", AROUND)
def test_what_was_copied_with_it_is_taken_off(around: str) -> None:
    assert clean_key(around.format(KEY)) == KEY


def test_however_much_was_copied() -> None:
    for one, other, third in product(AROUND, repeat=3):
        assert clean_key(one.format(other.format(third.format(KEY)))) == KEY


@pytest.mark.parametrize("key", PASTED["kept"])
def test_what_may_be_part_of_a_key_stays(key: str) -> None:
    assert clean_key(key) == key


@pytest.mark.parametrize("text", PASTED["none"])
def test_no_key_in_it(text: str) -> None:
    assert clean_key(text) == ""


@pytest.mark.parametrize(
    ("character", "name"),
    [
        (" ", "a blank (U+0020)"),
        ("\n", "a line end (U+000A)"),
        ("\x00", "a control character (U+0000)"),
        ("\u200b", "ZERO WIDTH SPACE (U+200B)"),
        ("\u00e9", "LATIN SMALL LETTER E WITH ACUTE (U+00E9)"),
        ("\u2026", "HORIZONTAL ELLIPSIS (U+2026)"),
        ("\u0410", "CYRILLIC CAPITAL LETTER A (U+0410)"),
        ("\ud800", "a control character (U+D800)"),
    ],
)
def test_a_character_within_that_cannot_be_sent_is_named_and_the_key_is_not(
    character: str, name: str
) -> None:
    with pytest.raises(ValueError, match="the key holds") as caught:
        clean_key(f"Bearer sk-a{character}b")
    assert f"the key holds {name} at position 5" in str(caught.value)
    assert "sk-a" not in str(caught.value)
