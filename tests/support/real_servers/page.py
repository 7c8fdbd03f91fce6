"""Lets the page's AI cells ask a real server."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.support.real_servers.process import ServerProcess

SLOW = 600_000  # ms: a real model, on a machine that may have much other work


def use(page: Page, server: ServerProcess, **settings: Any) -> None:
    """Let AI cells ask this server; what a person sets in the form goes the same way."""
    own = {"type": "openai", "baseUrl": server.base_url, **settings}
    config = {"defaultProvider": "server", "providers": {"server": own}}
    page.evaluate("(config) => runt.runtime.configure(config)", config)


def answer_of(cell: Locator) -> Locator:
    return cell.get_by_test_id("answer").last


def expect_answered(cell: Locator) -> None:
    """Wait until the run of a real model has ended well."""
    expect(cell).to_have_attribute("data-execution-state", "completed", timeout=SLOW)
