"""Where JSON values end, in text in any pieces."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.llm.wire.json_scan import JSONScanner, is_unfinished

VALUES = st.recursive(
    st.text('a{}[]"\\ '),
    lambda inner: st.lists(inner) | st.dictionaries(st.text('a"{'), inner),
    max_leaves=6,
)


@given(st.lists(VALUES, min_size=1, max_size=3), st.data())
def test_values_one_after_the_other(values: list[Any], data: st.DataObject) -> None:
    texts = [json.dumps(value) for value in values]
    whole = " ".join(texts)
    at = data.draw(st.integers(0, len(whole)))
    scanner = JSONScanner()
    ends = [*scanner.feed(whole[:at]), *(at + end for end in scanner.feed(whole[at:]))]
    starts = [0, *(end + 1 for end in ends)]
    found = [whole[start:end] for start, end in zip(starts, ends, strict=False)]
    assert found == texts and not scanner.within


@pytest.mark.parametrize("text", ["{", '{"a": [1', '"a', '"a\\"', "[DON", '{"a":"}'])
def test_what_breaks_off(text: str) -> None:
    assert is_unfinished(text)


@pytest.mark.parametrize("text", ["", "{}", "1", "tru", "}", ']"a"', "<p>"])
def test_what_does_not(text: str) -> None:
    assert not is_unfinished(text)
