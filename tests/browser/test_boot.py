"""How the demo starts: what it says and does while Python loads, and if that fails."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from scripts.serve import serving
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


def test_another_site_cannot_show_the_notebook_in_a_frame_unless_its_owner_lets_it(
    page: Page, site: str, tmp_path: Path
) -> None:
    notebook = f"{site}/?memory=empty"
    (tmp_path / "index.html").write_text(f'<iframe src="{notebook}"></iframe>', "utf-8")
    frame = page.frame_locator("iframe")

    def allow(route: Route) -> None:
        answer = route.fetch()
        refused = '"embedding" content="refuse"'
        allowed = answer.text().replace(refused, refused.replace("refuse", "allow"))
        route.fulfill(response=answer, body=allowed)

    with serving(tmp_path) as elsewhere:
        page.goto(elsewhere)
        expect(frame.get_by_role("alert")).to_contain_text("not shown within another site")
        expect(frame.get_by_role("link")).to_have_attribute("href", notebook)
        expect(frame.locator("main")).to_have_count(0)
        page.route(notebook, allow)
        page.reload()
        expect(frame.locator("main")).to_be_visible()


def test_the_page_is_shown_in_a_frame_of_its_own_site(page: Page, site: str) -> None:
    page.goto(f"{site}/examples/ask.html")
    page.evaluate(
        """() => { document.body.innerHTML = '<iframe src="../?memory=empty"></iframe>' }"""
    )
    expect(page.frame_locator("iframe").locator("main")).to_be_visible()
