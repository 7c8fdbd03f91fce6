"""Providers as a person sets them up: their models, the doctor's findings, a cassette."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser.demo import (
    KEY,
    add_prompt,
    choose_file,
    choose_server,
    close_settings,
    expect_status,
    forget_providers,
    open_settings,
    run,
    save_download,
    start,
)
from tests.support.browser.fixtures import OpenPage
from tests.support.server.cors import Cors
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import Answer


@pytest.fixture
def unset(demo: Page) -> Iterator[Page]:
    """The demo, where no provider is set but the Test provider."""
    yield demo
    forget_providers(demo)


def add_ollama(page: Page, address: str, model: str = "") -> None:
    """With the settings open; it answers the notebook's cells from then on."""
    page.get_by_test_id("add-provider").select_option("ollama")
    page.get_by_test_id("base-url").fill(address)
    page.get_by_test_id("model").fill(model)
    page.get_by_test_id("apply").click()
    expect(page.get_by_test_id("provider-ollama")).to_be_visible()


def options(page: Page) -> Locator:
    return page.get_by_test_id("picker").get_by_test_id("model-option")


def test_models_are_listed_live_and_chosen_for_a_cell_and_for_the_notebook(
    unset: Page, llm_server: LLMServer
) -> None:
    llm_server.shown = {"gpt-4o": {"capabilities": ["completion", "tools", "vision"]}}
    page = unset
    choose_server(page, llm_server.base_url, model="")
    open_settings(page)
    add_ollama(page, llm_server.origin)
    close_settings(page)
    expect(page.get_by_test_id("model-picker")).to_have_text("Ollama")
    first, second = add_prompt(page, "One"), add_prompt(page, "Two")

    first.get_by_test_id("cell-model").click()
    listed = [
        ("", ""),
        ("test", "scripted"),
        *[(name, model) for name in ("openai", "ollama") for model in ("gpt-4o-mini", "gpt-4o")],
    ]
    expect(options(page)).to_have_count(len(listed))
    found = options(page).evaluate_all("all => all.map(one => ({ ...one.dataset }))")
    assert [(one["provider"], one["model"]) for one in found] == listed
    seeing = options(page).and_(page.locator("[data-provider=ollama][data-model=gpt-4o]"))
    expect(seeing).to_contain_text("vision")

    page.locator("[data-provider=openai][data-model=gpt-4o]").click()
    expect(first.get_by_test_id("cell-model")).to_have_text("gpt-4o")
    run(first)
    asked = llm_server.exchanges[-1].request
    assert asked.path.endswith("/chat/completions")
    assert asked.json["model"] == "gpt-4o"
    assert asked.headers["authorization"] == f"Bearer {KEY}"

    run(second)
    asked = llm_server.exchanges[-1].request
    assert (asked.path, asked.json["model"]) == ("/api/chat", "gpt-4o-mini")
    assert "authorization" not in asked.headers

    first.get_by_test_id("cell-model").click()
    options(page).filter(has_text="Same as the notebook").click()
    expect(first.get_by_test_id("cell-model")).to_have_text("Ollama")
    page.get_by_test_id("model-picker").click()
    page.locator("[data-provider=ollama][data-model=gpt-4o]").click()
    expect(first.get_by_test_id("cell-model")).to_have_text("gpt-4o")
    run(first)
    asked = llm_server.exchanges[-1].request
    assert (asked.path, asked.json["model"]) == ("/api/chat", "gpt-4o")


def test_a_model_is_chosen_by_keys_and_one_that_is_not_listed_by_its_name(
    unset: Page, llm_server: LLMServer
) -> None:
    page = unset
    choose_server(page, llm_server.base_url, model="")
    picker = page.get_by_test_id("model-picker")
    picker.press("Enter")
    expect(options(page)).to_have_count(3)
    expect(page.get_by_test_id("find-model")).to_be_focused()
    page.keyboard.type("4o")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(picker).to_have_text("gpt-4o")
    expect(picker).to_be_focused()
    picker.press("Enter")
    expect(page.get_by_test_id("find-model")).to_be_focused()
    page.keyboard.type("my-own-model")
    page.keyboard.press("Enter")
    expect(picker).to_have_text("my-own-model")
    run(add_prompt(page, "Hello"))
    assert llm_server.exchanges[-1].request.json["model"] == "my-own-model"


def test_a_server_that_does_not_answer_hides_no_other_models(
    unset: Page, llm_server: LLMServer
) -> None:
    page = unset
    choose_server(page, llm_server.base_url, model="")
    open_settings(page)
    add_ollama(page, "http://127.0.0.1:9")
    close_settings(page)
    page.get_by_test_id("model-picker").click()
    expect(page.locator("[data-provider=openai]")).to_have_count(2)
    expect(page.get_by_test_id("offer-problem")).to_contain_text("127.0.0.1")


def test_the_doctor_says_what_is_wrong_and_what_mends_it(
    unset: Page, llm_server: LLMServer
) -> None:
    llm_server.api_key = KEY
    page = unset
    open_settings(page)
    page.get_by_test_id("add-provider").select_option("compatible")
    findings = page.get_by_test_id("findings")
    page.get_by_test_id("check").click()
    expect(page.get_by_test_id("settings-error")).to_contain_text("base URL")
    page.get_by_test_id("base-url").fill(llm_server.base_url)
    page.get_by_test_id("api-key").fill("sk-wrong-0123456789")
    page.get_by_test_id("check").click()
    expect(findings).to_have_attribute("data-ok", "false")
    expect(findings).to_contain_text("Check the API key")
    page.get_by_test_id("api-key").fill(KEY)
    page.get_by_test_id("check").click()
    expect(findings).to_have_attribute("data-ok", "true")
    page.get_by_test_id("model").fill("gone")
    llm_server.missing = {"gone"}
    page.get_by_test_id("check").click()
    expect(findings).to_contain_text("gpt-4o-mini, gpt-4o.")
    findings.get_by_text("All checks").click()
    expect(findings.locator("li")).to_have_count(8)
    expect(findings.locator("[data-outcome=failed]")).to_contain_text("model")
    assert KEY not in page.content()


def test_a_provider_that_python_refuses_is_not_kept(unset: Page) -> None:
    page = unset
    open_settings(page)
    page.get_by_test_id("add-provider").select_option("openai")
    page.get_by_test_id("base-url").fill("ftp://example.org")
    page.get_by_test_id("apply").click()
    expect(page.get_by_test_id("settings-error")).to_contain_text("ftp")
    page.get_by_test_id("back").click()
    expect(page.get_by_test_id("provider-openai")).to_have_count(0)


def test_what_else_is_sent_is_typed_in_and_its_secrets_are_not_shown_again(
    unset: Page, llm_server: LLMServer
) -> None:
    llm_server.cors = Cors(allow_headers=("Authorization", "Content-Type", "X-Team", "X-Team-Key"))
    page = unset
    open_settings(page)
    page.get_by_test_id("add-provider").select_option("compatible")
    address = f"{llm_server.base_url}/chat/completions"
    page.get_by_test_id("base-url").fill(f"{address}?version=2&sig=hush-hush-2#top")
    page.get_by_test_id("api-key").fill(f"{KEY}\u2026")
    page.get_by_text("Advanced").click()
    page.get_by_test_id("headers").fill("X-Team: blue\nX-Team-Key: hush-hush-1")
    page.get_by_test_id("extra-body").fill('{"top_k": 40}')
    page.get_by_test_id("apply").click()
    expect(page.get_by_test_id("settings-error")).to_contain_text("HORIZONTAL ELLIPSIS (U+2026)")
    page.get_by_test_id("api-key").fill(f" Bearer '{KEY}' ")
    page.get_by_test_id("apply").click()
    page.get_by_test_id("provider-server").get_by_test_id("edit-provider").click()
    expect(page.get_by_test_id("headers")).to_have_value("X-Team: blue\nX-Team-Key: ••••••")
    expect(page.get_by_test_id("base-url")).to_have_value(address)
    expect(page.get_by_test_id("query")).to_have_value("version=2\nsig=••••••")
    page.get_by_test_id("tools").select_option("no")
    page.get_by_test_id("apply").click()
    close_settings(page)
    run(add_prompt(page, "Hello"))

    asked = llm_server.exchanges[-1].request
    assert (asked.path, asked.query) == ("/v1/chat/completions", "version=2&sig=hush-hush-2")
    sent = [asked.headers[name] for name in ("authorization", "x-team", "x-team-key")]
    assert sent == [f"Bearer {KEY}", "blue", "hush-hush-1"]
    assert (asked.json["top_k"], "tools" in asked.json) == (40, False)
    assert "hush" not in page.content() + page.evaluate("() => JSON.stringify(localStorage)")


def test_a_run_is_exported_without_the_key_and_played_again_without_a_server(
    open_page: OpenPage, llm_server: LLMServer, tmp_path: Path
) -> None:
    page = open_page()
    choose_server(page, llm_server.base_url)
    llm_server.enqueue(Answer("Blue."))
    prompt = f"Which colour? Not {KEY}."
    cell = add_prompt(page, prompt)
    run(cell)
    path = save_download(page, cell.get_by_test_id("export-cassette"), tmp_path)
    assert path.name == "notebook.cassette.json"
    text = path.read_text("utf-8")
    assert KEY not in text
    (turn,) = json.loads(text)["turns"]
    assert turn["request"]["model"] == "m"
    assert turn["request"]["messages"][-1]["content"] == "Which colour? Not [key]."

    page.evaluate("() => localStorage.clear()")
    page.reload()
    expect_status(page)
    open_settings(page)
    (tmp_path / "torn.json").write_text("{", "utf-8")
    choose_file(page, "play-cassette", tmp_path / "torn.json")
    expect(page.get_by_test_id("provider-test")).to_contain_text("it is not JSON")
    (tmp_path / "other.json").write_text('{"turns": 1}', "utf-8")
    choose_file(page, "play-cassette", tmp_path / "other.json")
    expect(page.get_by_test_id("provider-test")).to_contain_text("The cassette cannot be read")
    choose_file(page, "play-cassette", path)
    expect(page.get_by_test_id("provider-test")).to_contain_text("Plays a cassette")
    close_settings(page)
    asked = len(llm_server.exchanges)
    cell = add_prompt(page, prompt)
    run(cell)
    expect(cell.get_by_test_id("answer")).to_have_text("Blue.")
    other = add_prompt(page, "And which number?")
    start(other)
    expect(other.get_by_test_id("error")).to_contain_text("The cassette holds no turn for this")
    assert len(llm_server.exchanges) == asked
