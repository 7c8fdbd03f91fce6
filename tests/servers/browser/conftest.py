"""Real servers, asked by the demo page in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from scripts.paths import SITE
from scripts.serve import serving
from tests.support.browser.fixtures import (
    browser_type_launch_args,
    patient_expectations,
    watched,
)
from tests.support.browser.shared_page import SharedPage

__all__ = ["browser_type_launch_args", "patient_expectations"]


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the served dist/site, without a slash at its end."""
    with serving(SITE) as address:
        yield address


@pytest.fixture(scope="module")
def uncaught() -> Iterator[list[str]]:
    """What the pages of a module threw; it fails the last test."""
    thrown: list[str] = []
    yield thrown
    assert thrown == [], "a page threw what nothing caught"


@pytest.fixture(scope="module")
def shared_page(browser: Browser, uncaught: list[str], site: str) -> Iterator[SharedPage]:
    def new_context() -> BrowserContext:
        return watched(browser.new_context(service_workers="block"), uncaught)

    shared = SharedPage(new_context, site)
    yield shared
    shared.close()


@pytest.fixture
def notebook(
    shared_page: SharedPage, request: pytest.FixtureRequest, output_path: str
) -> Iterator[Page]:
    """The demo with an empty notebook, and Python in it. After a test that failed there is a new
    page; what the old one shows is kept as a picture."""
    failed = request.session.testsfailed
    page = shared_page.fresh()
    yield page
    if request.session.testsfailed > failed:
        page.screenshot(path=Path(output_path) / "failed.png")
        shared_page.close()
