"""LiteLLM's proxy, asked by the page in Chromium."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser.demo import (
    add_prompt,
    choose_server,
    close_settings,
    forget_providers,
    open_settings,
    run,
)
from tests.support.real_servers.page import answer_of, use
from tests.support.real_servers.plays import CREATED, HELLO
from tests.support.real_servers.process import ServerProcess
from tests.support.real_servers.programs import litellm

KEY = f"sk-{secrets.token_hex(24)}"


@pytest.fixture(scope="module")
def proxy(play: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    own = {"model": "openai/play", "api_base": play.base_url, "api_key": "none"}
    with litellm(tmp_path_factory.mktemp("litellm"), KEY, {"play": own}) as server:
        yield server


def test_calls_by_the_proxy(notebook: Page, proxy: ServerProcess) -> None:
    use(notebook, proxy, model="play", apiKey=KEY)
    cell = add_prompt(notebook, "[two-cells]")
    run(cell)
    expect(answer_of(cell)).to_have_text(CREATED)
    expect(notebook.locator("[data-cell-type=code]")).to_have_count(2)


def test_without_a_key_the_key_is_named_first(notebook: Page, proxy: ServerProcess) -> None:
    """The proxy answers 500 without CORS headers, which the page may not read."""
    choose_server(notebook, proxy.base_url, key="", model="play")
    cell = add_prompt(notebook, "[hello]")
    run(cell, "error")
    expect(cell.get_by_test_id("error")).to_contain_text("No API key is set. The server at")
    open_settings(notebook)
    notebook.get_by_test_id("edit-provider").click()
    notebook.get_by_test_id("check").click()
    findings = notebook.get_by_test_id("findings")
    expect(findings).to_have_attribute("data-ok", "false")
    expect(findings).to_contain_text("key")
    # With the key it works.
    notebook.get_by_test_id("api-key").fill(KEY)
    notebook.get_by_test_id("apply").click()
    close_settings(notebook)
    run(cell)
    expect(answer_of(cell)).to_contain_text(HELLO.partition("\n")[0])
    forget_providers(notebook)
