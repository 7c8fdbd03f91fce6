"""Where the providers' keys are kept, and which of them survive a reload."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.browser.demo import (
    KEY,
    add_code,
    add_prompt,
    choose_server,
    close_settings,
    expect_state,
    expect_status,
    open_settings,
    run,
    start,
)
from tests.support.browser.fixtures import OpenPage
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import Answer

PASSPHRASE = "correct horse"
STORED = "() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"


def keep_keys_in(page: Page, place: str) -> None:
    open_settings(page)
    page.get_by_test_id(f"keys-{place}").check()
    if place == "vault":
        page.get_by_test_id("passphrase").fill(PASSPHRASE)
        page.get_by_test_id("passphrase-enter").click()
        expect(page.get_by_test_id("passphrase")).to_have_count(0)
    close_settings(page)


def reload(page: Page) -> None:
    page.reload()
    expect_status(page)


def test_a_reload_forgets_the_key_and_the_notebook(
    open_page: OpenPage, llm_server: LLMServer
) -> None:
    page = open_page()
    choose_server(page, llm_server.base_url)
    add_prompt(page, "Hello")
    stored = "() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])"
    assert KEY not in page.evaluate(stored)
    assert page.evaluate("() => indexedDB.databases()") == []
    page.reload()
    expect(page.locator("[data-cell-type=ai]")).to_have_count(0)
    open_settings(page)
    expect(page.get_by_test_id("provider-openai")).to_contain_text("no key")
    page.get_by_test_id("edit-provider").click()
    expect(page.get_by_test_id("api-key")).to_have_value("")
    expect(page.get_by_test_id("api-key")).to_have_attribute(
        "placeholder", "Leave empty if the server needs no key"
    )


def test_a_provider_is_taken_away_with_its_key(open_page: OpenPage, llm_server: LLMServer) -> None:
    page = open_page()
    choose_server(page, llm_server.base_url)
    keep_keys_in(page, "tab")
    assert KEY in page.evaluate(STORED)
    open_settings(page)
    page.get_by_test_id("edit-provider").click()
    page.get_by_test_id("remove-provider").click()
    expect(page.get_by_test_id("provider-openai")).to_have_count(0)
    assert KEY not in page.evaluate(STORED)
    reload(page)
    expect(page.get_by_test_id("model-picker")).to_have_text("Test provider")


def test_a_key_in_the_tab_outlasts_a_reload(open_page: OpenPage, llm_server: LLMServer) -> None:
    llm_server.api_key = KEY
    page = open_page()
    choose_server(page, llm_server.base_url)
    keep_keys_in(page, "tab")
    reload(page)
    run(add_prompt(page, "Hello"))
    keep_keys_in(page, "page")
    assert KEY not in page.evaluate(STORED)
    run(add_prompt(page, "Hello again"))
    reload(page)
    cell = add_prompt(page, "Hello")
    start(cell)
    expect_state(cell, "error")


def test_keys_in_the_vault_open_with_the_passphrase_alone(
    open_page: OpenPage, llm_server: LLMServer
) -> None:
    llm_server.api_key = KEY
    page = open_page()
    choose_server(page, llm_server.base_url)
    keep_keys_in(page, "vault")
    stored = page.evaluate(STORED)
    assert KEY not in stored and "vault" in stored
    run(add_prompt(page, "Hello"))
    reload(page)
    page.get_by_test_id("locked-keys").click()
    expect(page.get_by_test_id("provider-openai")).to_contain_text("keys are locked")
    page.get_by_test_id("passphrase").fill("incorrect horse")
    page.get_by_test_id("passphrase-enter").click()
    expect(page.get_by_test_id("unlock-problem")).to_contain_text("does not open the vault")
    page.get_by_test_id("passphrase").fill(PASSPHRASE)
    page.get_by_test_id("passphrase-enter").click()
    expect(page.get_by_test_id("provider-openai")).to_contain_text("key in the vault")
    close_settings(page)
    expect(page.get_by_test_id("locked-keys")).to_have_count(0)
    run(add_prompt(page, "Hello"))


def end_network(page: Page) -> None:
    """End the worker that asks the services, without a word to the page."""
    [network] = [one for one in page.workers if "network" in one.evaluate("name")]
    with network.expect_event("close"):
        network.evaluate("() => void setTimeout(() => close())")


def test_python_outlives_the_worker_that_asks_with_the_keys(
    open_page: OpenPage, llm_server: LLMServer
) -> None:
    page = open_page()
    choose_server(page, llm_server.base_url)
    run(add_code(page, "x = 42"))
    exchange = llm_server.enqueue(Answer(("Once ", "upon ", "a time."), gate_after=2))
    cut = add_prompt(page, "Tell me a story.")
    start(cut)
    expect(cut.get_by_test_id("answer")).to_contain_text("Once upon")
    end_network(page)
    expect_state(cut, "error")
    expect(cut.get_by_test_id("error")).to_contain_text("the part of the page that sends requests")
    exchange.gate.open()
    # What is asked later has the key, and Python has its variables.
    llm_server.enqueue(Answer(("Again.",)))
    again = add_prompt(page, "Once more.")
    run(again)
    expect(again.get_by_test_id("answer")).to_have_text("Again.")
    assert llm_server.requests[-1].headers["authorization"] == f"Bearer {KEY}"
    left = add_code(page, "x")
    run(left)
    expect(left.get_by_test_id("result")).to_have_text("42")
