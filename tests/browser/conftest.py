"""The site in a real browser: its server, its pages, and a check that they throw nothing.

A test that can begin with an empty notebook uses `demo` or `notebook`: one page, booted once, which
all tests share. A test of how a page starts, ends or is stored opens its own page with
`open_page`; one that needs no Python has the fixture `without_python`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from scripts.paths import SITE
from scripts.serve import serving
from tests.support.browser.demo import KEY, choose_server, expect_status
from tests.support.browser.fixtures import (
    NewContext,
    OpenPage,
    browser_type_launch_args,
    keep_python_away,
    patient_expectations,
    watched,
)
from tests.support.browser.runtime import runtime_in
from tests.support.browser.shared_page import SharedPage
from tests.support.hostile.host import listening
from tests.support.server.llm_server import LLMServer

__all__ = ["browser_type_launch_args", "patient_expectations"]

PAGE_ERRORS_EXPECTED = "page_errors_expected"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", f"{PAGE_ERRORS_EXPECTED}: uncaught exceptions in a page do not fail this test"
    )


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the served dist/site, without a slash at its end."""
    if not (SITE / "index.html").is_file():
        pytest.fail("dist/site is not built: run `make dist`")
    with serving(SITE) as address:
        yield address


# ---- Contexts: of a test, and of all ----


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Without service workers, which would stand between a test and what it watches."""
    return {**browser_context_args, "service_workers": "block"}


@pytest.fixture(scope="session")
def uncaught() -> list[str]:
    """The exceptions that no page has caught."""
    return []


@pytest.fixture(autouse=True)
def page_errors(request: pytest.FixtureRequest, uncaught: list[str]) -> Iterator[list[str]]:
    """The exceptions that no page of the test caught; there should be none.

    A test that expects some has the marker `page_errors_expected` and looks at this list itself.
    """
    uncaught.clear()
    yield uncaught
    if request.node.get_closest_marker(PAGE_ERRORS_EXPECTED) is None:
        assert uncaught == [], "a page threw what nothing caught"


@pytest.fixture
def new_context(new_context: NewContext, uncaught: list[str]) -> NewContext:
    """As Playwright's own; what its pages throw fails the test."""
    return lambda **options: watched(new_context(**options), uncaught)


@pytest.fixture(scope="session")
def new_shared_context(
    browser: Browser, browser_context_args: dict[str, Any], uncaught: list[str]
) -> Iterator[NewContext]:
    """Opens a context that lives as long as the browser."""
    opened: list[BrowserContext] = []

    def open_it() -> BrowserContext:
        opened.append(watched(browser.new_context(**browser_context_args), uncaught))
        return opened[-1]

    yield open_it
    for context in opened:
        context.close()


# ---- The model server: one address for all tests ----


@pytest.fixture(scope="session")
def model_server() -> Iterator[LLMServer]:
    with LLMServer() as server:
        yield server


@pytest.fixture
def llm_server(model_server: LLMServer) -> LLMServer:
    """The stand-in model server, as new; see tests/support/server/llm_server.py."""
    model_server.reset()
    return model_server


@pytest.fixture
def evil() -> Iterator[str]:
    """The address of a host that stands in for the attacker's, evil.test."""
    with listening() as address:
        yield address


# ---- Pages ----


@pytest.fixture
def without_python(context: BrowserContext) -> None:
    """In the test's own pages Python never comes, and takes no time from a test that needs none."""
    keep_python_away(context)


@pytest.fixture(scope="module")
def shared_runtime(new_shared_context: NewContext, site: str) -> Iterator[Page]:
    """A page that has a runtime and nothing else, for the tests of the module."""
    context = new_shared_context()
    with runtime_in(context, site) as page:
        yield page
    context.close()


@pytest.fixture(scope="session")
def shared_demo(new_shared_context: NewContext, site: str) -> SharedPage:
    return SharedPage(new_shared_context, site)


@pytest.fixture(scope="session")
def shared_notebook(
    new_shared_context: NewContext, site: str, model_server: LLMServer
) -> SharedPage:
    def choose(page: Page) -> None:
        choose_server(page, model_server.base_url, KEY)

    return SharedPage(new_shared_context, site, choose)


@pytest.fixture
def demo(
    shared_demo: SharedPage, request: pytest.FixtureRequest, output_path: str
) -> Iterator[Page]:
    """The demo with an empty notebook and the Test provider alone."""
    yield from lend(shared_demo, request, output_path)


@pytest.fixture
def notebook(
    shared_notebook: SharedPage,
    llm_server: LLMServer,
    request: pytest.FixtureRequest,
    output_path: str,
) -> Iterator[Page]:
    """The demo with an empty notebook whose provider is the stand-in server."""
    yield from lend(shared_notebook, request, output_path)


def lend(shared: SharedPage, request: pytest.FixtureRequest, folder: str) -> Iterator[Page]:
    """A fresh notebook for one test. A page in which a test failed is not used again: what it shows
    is kept as a picture."""
    page = shared.fresh()
    yield page
    report = getattr(request.node, "rep_call", None)
    if report is None or report.failed:
        if not page.is_closed():
            page.screenshot(path=Path(folder) / "failed.png")
        shared.close()


@pytest.fixture
def open_page(page: Page, site: str) -> OpenPage:
    """Opens the demo in a page of the test's own, and waits until Python is there."""

    def open_it(query: str = "?memory=empty") -> Page:
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{site}/{query}")
        expect_status(page)
        return page

    return open_it
