"""The service worker: isolation on a host that sends no headers, and the page without a network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from scripts.paths import SITE
from scripts.serve import serving
from tests.support.browser.demo import add_code, expect_status, run
from tests.support.browser.fixtures import watched


@pytest.fixture
def visitor(browser: Browser, uncaught: list[str]) -> Iterator[BrowserContext]:
    context = watched(browser.new_context(service_workers="allow"), uncaught)
    yield context
    context.close()


def test_a_static_host_is_isolated_and_the_page_works_without_a_network(
    visitor: BrowserContext,
) -> None:
    page = visitor.new_page()
    with serving(SITE, isolated=False) as address:
        page.goto(f"{address}/?memory")
        expect_status(page)
        assert page.evaluate("crossOriginIsolated") is True
        # What is loaded later is kept too.
        code = page.locator("[data-cell-type=code]").first
        run(code)
    # The server is gone.
    page.goto(f"{address}/?memory=empty")
    expect_status(page)
    cell = add_code(page, "print(1 + 1)")
    run(cell)
    expect(cell.get_by_test_id("stream")).to_have_text("2")


def test_a_page_without_service_workers_works_all_the_same(page: Page) -> None:
    with serving(SITE, isolated=False) as address:
        page.goto(f"{address}/?memory")
        expect_status(page)
        assert page.evaluate("crossOriginIsolated") is False
