"""Real servers: each is started for the tests of a module that asks for it, and ended after them.

`play` says at once what its script holds (tests/support/real_servers/plays.py); `smollm2` is a real
model, and slow.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from runt_pyodide import configure
from scripts.paths import SITE
from scripts.serve import serving
from tests.support.browser.fixtures import (
    browser_type_launch_args,
    patient_expectations,
    watched,
)
from tests.support.browser.shared_page import SharedPage
from tests.support.real_servers.httpx_transport import Connect, HttpxTransport
from tests.support.real_servers.process import ServerProcess
from tests.support.real_servers.programs import PLAY, SMOLLM2, llama_server
from tests.support.stages.asking import fresh

__all__ = ["browser_type_launch_args", "fresh", "patient_expectations"]


@pytest.fixture(scope="module")
def play() -> Iterator[ServerProcess]:
    """llama-server with the scripted model, for which each byte of a prompt is a token."""
    with llama_server(PLAY, "--ctx-size", "200000") as server:
        yield server


@pytest.fixture(scope="module")
def smollm2() -> Iterator[ServerProcess]:
    """llama-server with SmolLM2, and a window of 4,096 tokens."""
    with llama_server(SMOLLM2, "--ctx-size", "4096") as server:
        yield server


@pytest.fixture
def connect(fresh: None) -> Connect:
    """Lets `ask` use a server of OpenAI's APIs, from CPython; returns the transport."""

    def connect_to(base_url: str, **settings: Any) -> HttpxTransport:
        transport = HttpxTransport()
        own = {"base_url": base_url, **settings}
        configure({"providers": {"openai": own}}, transport=transport)
        return transport

    return connect_to


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the served dist/site, without a slash at its end."""
    with serving(SITE) as address:
        yield address


@pytest.fixture(scope="module")
def uncaught() -> Iterator[list[str]]:
    """What the pages of a module threw; it fails the last test."""
    thrown: list[str] = []
    yield thrown
    assert thrown == [], "a page threw what nothing caught"


@pytest.fixture(scope="module")
def shared_page(browser: Browser, uncaught: list[str], site: str) -> Iterator[SharedPage]:
    def new_context() -> BrowserContext:
        return watched(browser.new_context(service_workers="block"), uncaught)

    shared = SharedPage(new_context, site)
    yield shared
    shared.close()


@pytest.fixture
def notebook(
    shared_page: SharedPage, request: pytest.FixtureRequest, output_path: str
) -> Iterator[Page]:
    """The demo with an empty notebook, and Python in it. After a test that failed there is a new
    page; what the old one shows is kept as a picture."""
    failed = request.session.testsfailed
    page = shared_page.fresh()
    yield page
    if request.session.testsfailed > failed:
        page.screenshot(path=Path(output_path) / "failed.png")
        shared_page.close()
