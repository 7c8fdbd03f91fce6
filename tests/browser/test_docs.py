"""The documentation on the site, and its examples for pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.examples import examples, pages_with
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import Answer

MODULES = 'from "./js/index.js"'


def test_the_documentation_is_on_the_site_and_searches_by_itself(page: Page, site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/docs/index.html")
    expect(page.get_by_role("heading", name="runt-pyodide")).to_be_visible()
    # Before, what is written there is not searched for.
    expect(page.locator(".md-search-result__meta")).to_have_text("Type to start searching")
    page.get_by_role("textbox", name="Search").press_sequentially("OLLAMA_ORIGINS")
    page.locator(".md-search-result a[href*='providers.html#ollama']").click()
    expect(page.get_by_role("heading", name=re.compile("^Ollama"))).to_be_visible()
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []


@pytest.mark.parametrize("source", pages_with("js", MODULES))
def test_an_example_for_pages_runs(
    source: Path, page: Page, site: str, llm_server: LLMServer
) -> None:
    llm_server.enqueue(Answer("Because."))
    page.goto(f"{site}/docs/index.html")
    (code,) = (one for one in examples(source, "js") if MODULES in one)
    code = code.replace("./js/", f"{site}/js/")
    code = code.replace("http://localhost:8080/v1", llm_server.base_url)
    page.add_script_tag(
        content=f"{code}\nObject.assign(globalThis, {{ store, runtime }});", type="module"
    )
    page.wait_for_function("globalThis.runtime?.status === 'ready'")
    if "v1.ExecutionRequested" in code:
        page.wait_for_function("store.events().some(({ args }) => args.status === 'success')")
