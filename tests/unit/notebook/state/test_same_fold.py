"""Python's fold and the page's come to the same state, whatever the log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from tests.support.notebook.odd_logs import BATCHES
from tests.support.notebook.page_fold import PageFold, fold_here


@pytest.fixture(scope="module")
def page_fold() -> Iterator[PageFold]:
    fold = PageFold()
    yield fold
    fold.close()


@given(BATCHES)
def test_both_folds_come_to_the_same_state(page_fold: PageFold, batches: list[list[Any]]) -> None:
    assert page_fold.fold(batches) == fold_here(event for batch in batches for event in batch)
