"""Real libraries of tables and charts, in CPython, through the code of cells: `make test-data`."""

from __future__ import annotations

import pytest

from tests.support.stages.python_page import Page
from tests.support.stages.python_page import page as page_of_unit_tests  # noqa: F401


@pytest.fixture
def page(page_of_unit_tests: Page, monkeypatch: pytest.MonkeyPatch) -> Page:  # noqa: F811
    """A page that shows figures."""
    monkeypatch.delenv("MPLBACKEND")
    return page_of_unit_tests
