"""The service worker: isolation on a host that sends no headers, and the page without a network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from scripts.paths import SITE
from scripts.serve import serving
from tests.browser.test_page import BOOT


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(service_workers="allow")
    yield context
    context.close()


def expect_ready(page: Page) -> None:
    expect(page.get_by_test_id("status")).to_have_attribute("data-status", "ready", timeout=BOOT)


def test_a_static_host_is_isolated_and_the_page_works_without_a_network(
    visitor: BrowserContext,
) -> None:
    page = visitor.new_page()
    with serving(SITE, isolated=False) as address:
        page.goto(f"{address}/?memory")
        expect_ready(page)
        assert page.evaluate("crossOriginIsolated") is True
        # What is loaded later is kept too.
        code = page.locator("[data-cell-type=code]").first
        code.get_by_test_id("run").click()
        expect(code).to_have_attribute("data-execution-state", "completed", timeout=BOOT)
    # The server is gone.
    page.goto(f"{address}/?memory=empty")
    expect_ready(page)
    page.get_by_test_id("add-code").last.click()
    page.keyboard.type("print(1 + 1)")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("stream")).to_have_text("2", timeout=BOOT)


def test_a_page_without_service_workers_works_all_the_same(browser: Browser) -> None:
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    with serving(SITE, isolated=False) as address:
        page.goto(f"{address}/?memory")
        expect_ready(page)
        assert page.evaluate("crossOriginIsolated") is False
    context.close()
