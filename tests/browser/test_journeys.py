"""Whole journeys from a fresh page: with the keyboard only, and in dark mode."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.browser.axe import serious_faults
from tests.support.browser.demo import expect_state, expect_status
from tests.support.browser.fixtures import NewContext, OpenPage


def tab_to(page: Page, test_id: str, *, back: bool = False) -> None:
    """Press Tab until what has that test id has the focus."""
    for _ in range(60):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if page.evaluate("() => document.activeElement.dataset.testid") == test_id:
            return
    raise AssertionError(f"Tab does not reach {test_id}")


def test_from_a_prompt_to_an_approval_and_an_undo_by_keys_alone(
    open_page: OpenPage,
) -> None:
    page = open_page("?memory")
    tab_to(page, "cell-welcome-1")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    sine = page.get_by_test_id("cell-welcome-4")
    expect(sine).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(sine.get_by_test_id("approval")).to_be_visible()
    tab_to(page, "waiting", back=True)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("approve-once")).to_be_focused()
    page.keyboard.press("Enter")
    expect_state(sine)

    sine.focus()
    tab_to(page, "undo-run")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("undo-dialog")).to_be_visible()
    tab_to(page, "confirm-undo")
    page.keyboard.press("Enter")
    expect(page.locator("[data-cell-id]")).to_have_count(4)


def test_a_code_cell_holds_no_one_who_walks_by_tab(open_page: OpenPage) -> None:
    page = open_page("?memory")
    before = page.get_by_test_id("cell-welcome-2").get_by_test_id("source").inner_text()
    page.get_by_test_id("cell-welcome-2").focus()
    tab_to(page, "cell-welcome-3")
    tab_to(page, "cell-welcome-2", back=True)
    after = page.get_by_test_id("cell-welcome-2").get_by_test_id("source").inner_text()
    assert after == before


def test_a_dark_page_is_dark_and_can_be_read(new_context: NewContext, site: str) -> None:
    page = new_context(color_scheme="dark").new_page()
    page.goto(f"{site}/?memory")
    expect_status(page)
    for id in ("welcome-2", "welcome-3"):
        page.get_by_test_id(f"cell-{id}").get_by_test_id("run").click()
    answered = page.get_by_test_id("cell-welcome-3")
    expect_state(answered)
    # Of each part that has a ground of its own: red, green and blue are all below half.
    grounds = page.evaluate(
        """() => [...document.querySelectorAll("body, .top-bar, .cm-editor, .outputs, pre")]
            .map((part) => getComputedStyle(part).backgroundColor.match(/[\\d.]+/g).map(Number))
            .filter(([, , , alpha = 1]) => alpha > 0)"""
    )
    assert len(grounds) >= 3
    assert all(channel < 128 for ground in grounds for channel in ground[:3])
    assert serious_faults(page) == []
    page.get_by_test_id("model-picker").click()
    expect(page.get_by_role("dialog", name="Model for this notebook")).to_be_visible()
    assert serious_faults(page) == []
