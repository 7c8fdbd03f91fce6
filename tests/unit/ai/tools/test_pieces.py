"""Pieces of a text that are replaced: all of them or none."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.ai.tools.pieces import Piece, replace_pieces
from runt_pyodide.errors import CellError
from scripts.paths import ROOT

CASES = json.loads((ROOT / "schema" / "edit-cases" / "pieces.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case["pieces"]))
def test_a_case_that_the_page_runs_too(case: dict[str, Any]) -> None:
    for order in permutations(case["pieces"]):
        pieces = [Piece(old=old, new=new) for old, new in order]
        if "becomes" in case:
            assert replace_pieces(case["text"], pieces) == case["becomes"]
        else:
            with pytest.raises(CellError, match=case["fails"]):
                replace_pieces(case["text"], pieces)


@given(st.lists(st.text(min_size=1), min_size=1, max_size=6), st.data())
def test_what_is_between_the_pieces_stays(kept: list[str], data: st.DataObject) -> None:
    """The pieces are marked, so that each occurs once whatever stands around it."""
    kept = [one.replace("\0", "") for one in kept]
    olds = [f"\0{number}\0" for number in range(len(kept))]
    news = data.draw(st.lists(st.text(), min_size=len(kept), max_size=len(kept)))
    text = "".join(old + one for old, one in zip(olds, kept, strict=True))
    pieces = [Piece(old=old, new=new) for old, new in zip(olds, news, strict=True)]
    expected = "".join(new + one for new, one in zip(news, kept, strict=True))
    assert replace_pieces(text, data.draw(st.permutations(pieces))) == expected


def test_a_long_piece_is_named_by_its_beginning() -> None:
    with pytest.raises(CellError, match=r"The piece 'x{80}…' does not occur") as caught:
        replace_pieces("y", [Piece(old="x" * 1000, new="")])
    assert len(str(caught.value)) < 200
