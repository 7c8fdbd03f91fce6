"""Fractional indices: the vectors shared with js/notebook/ordering.js, and what always holds."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.notebook.ordering import DIGITS, index_between, index_of_position
from tests.support.data import DATA

VECTORS: list[tuple[str | None, str | None, str]] = json.loads(
    (DATA / "ordering.json").read_text("utf-8")
)
INDICES = st.text(DIGITS, max_size=4)


@pytest.mark.parametrize(("lower", "upper", "expected"), VECTORS)
def test_shared_vectors(lower: str | None, upper: str | None, expected: str) -> None:
    if expected == "RangeError":
        with pytest.raises(ValueError, match="no index fits between"):
            index_between(lower, upper)
    else:
        assert index_between(lower, upper) == expected


@given(st.lists(st.integers(min_value=0), max_size=200))
def test_inserts_at_any_places_keep_a_strict_order(places: list[int]) -> None:
    indices: list[str] = []
    for number in places:
        place = number % (len(indices) + 1)
        lower = indices[place - 1] if place > 0 else None
        upper = indices[place] if place < len(indices) else None
        indices.insert(place, index_between(lower, upper))
    assert indices == sorted(set(indices))
    assert all(set(index) <= set(DIGITS) for index in indices)
    # Below an index that ends in 0 there may be no room.
    assert not any(index.endswith("0") for index in indices)


@given(INDICES, INDICES)
def test_any_two_bounds_have_an_index_between_or_are_refused(one: str, other: str) -> None:
    lower, upper = sorted((one, other))
    if upper.rstrip("0") == lower.rstrip("0"):  # no string stands between "a" and "a0"
        with pytest.raises(ValueError, match="no index fits between"):
            index_between(lower, upper)
    else:
        assert lower < index_between(lower, upper) < upper


@pytest.mark.parametrize(
    "insert",
    [
        lambda last: index_between(None, last),
        lambda last: index_between(last, None),
        lambda last: index_between("i", last),
    ],
    ids=["at the start", "at the end", "after one cell"],
)
def test_two_hundred_inserts_stay_short(insert: Callable[[str], str]) -> None:
    index = "j"
    for _ in range(200):
        index = insert(index)
    assert len(index) <= 45


@pytest.mark.parametrize(("lower", "upper"), [("aB", None), (None, "ä"), ("a", "b-"), ("a b", "c")])
def test_a_bound_of_other_characters_is_named(lower: str | None, upper: str | None) -> None:
    bad = next(bound for bound in (lower, upper) if bound and re.search("[^0-9a-z]", bound))
    with pytest.raises(ValueError, match=f"^'{bad}' is not an index"):
        index_between(lower, upper)


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        *[(0, "a0"), (1, "a1"), (35, "az"), (36, "a10"), (1295, "azz"), (1296, "a100")],
        *[(2.9, "a2"), (3.0, "a3"), (-1, "a-1"), (-0.5, "a-1"), (-37, "a-11")],
    ],
)
def test_positions_of_old_logs(position: Any, expected: str) -> None:
    assert index_of_position(position) == expected
