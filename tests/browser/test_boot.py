"""How the demo starts: what it says and does while Python loads, and if that fails."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.support.browser.demo import (
    expect_state,
    expect_status,
    start,
)


def test_a_cell_run_while_python_loads_is_answered_by_the_test_provider(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/")
    expect_status(page, "loading")
    cell = page.locator("[data-cell-type=ai]").first
    start(cell)
    expect_state(cell, "queued")
    expect_state(cell)
    expect(cell.get_by_test_id("answer").locator("table")).to_be_visible()
    expect(cell.get_by_test_id("origin")).to_contain_text("Test provider")


def test_python_that_cannot_be_loaded_says_why_and_can_be_tried_again(
    page: Page, site: str
) -> None:
    page.route("**/pyodide/pyodide.mjs", lambda route: route.fulfill(status=404))
    page.goto(f"{site}/")
    banner = page.get_by_test_id("banner")
    expect(banner).to_contain_text("pyodide.mjs")
    page.unroute("**/pyodide/pyodide.mjs")
    page.get_by_test_id("try-again").click()
    expect_status(page)


def test_a_browser_that_lacks_something_is_told_what(page: Page, site: str) -> None:
    page.add_init_script("delete window.WebAssembly; delete Promise.withResolvers")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/?memory")
    message = page.get_by_role("alert")
    expect(message).to_contain_text("the browser lacks WebAssembly, Promise.withResolvers")
    assert not [url for url in asked if "pyodide" in url]


def test_what_is_loaded_is_said_and_what_waits_for_it(page: Page, site: str) -> None:
    page.goto(f"{site}/?memory")
    boot = page.get_by_test_id("boot")
    expect(boot).to_contain_text("You can already write and run cells")
    page.get_by_test_id("run-all").click()
    expect(boot).to_contain_text("3 cells are waiting for Python")
    expect(boot).to_contain_text(re.compile(r"[1-9]\d*\.\d MB loaded"))
    expect(boot).to_have_count(0)
