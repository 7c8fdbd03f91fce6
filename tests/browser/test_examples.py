"""The pages of docs/examples/, as the site serves them."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from scripts.paths import ROOT, SITE

EXAMPLES = ROOT / "docs" / "examples"


def test_every_example_is_on_the_site_and_has_a_test() -> None:
    names = {path.stem for path in EXAMPLES.glob("*.html")}
    assert names == {path.stem for path in (SITE / "examples").glob("*.html")}
    assert names == {"ask", "livestore", "own-provider", "question"}


def test_a_page_asks(page: Page, site: str) -> None:
    page.goto(f"{site}/examples/ask.html")
    answer = page.locator("#answer")
    page.get_by_role("button", name="Ask").click()
    expect(answer).to_have_text("Air **scatters** blue light the most.")
    page.get_by_label("Prompt").fill("And the grass?")
    page.get_by_role("button", name="Ask").click()
    expect(answer).to_contain_text("And the grass?")
    expect(answer).not_to_contain_text("scatters")


def test_a_page_brings_a_provider_and_a_tool_of_its_own(page: Page, site: str) -> None:
    page.goto(f"{site}/examples/own-provider.html")
    expect(page.locator("#answer")).to_have_text("It will be snowy.")


def test_a_page_asks_a_person_for_python(page: Page, site: str) -> None:
    page.goto(f"{site}/examples/question.html")
    page.get_by_label("Your name?").fill("Ada")
    page.get_by_role("button", name="Answer").click()
    expect(page.locator("#output")).to_have_text("Your name? Ada\nHello Ada\n")
    expect(page.get_by_role("button", name="Answer")).to_be_hidden()


def test_a_notebook_is_on_livestore(page: Page, site: str) -> None:
    page.goto(f"{site}/examples/livestore.html")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#answer")).to_have_text("Air **scatters** blue light the most.")
