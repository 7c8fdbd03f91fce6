"""Lets the page's AI cells ask a real server."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.support.browser.demo import id_of
from tests.support.real_servers.process import ServerProcess

SLOW = 600_000  # ms: a real model, on a machine that may have much other work

_IS_LONGER = """([id, than]) => [
    ...document.querySelectorAll(`[data-cell-id="${id}"] [data-testid="answer"]`),
  ].map((answer) => answer.innerText).join("").length > than"""
_ENDED = re.compile("completed|cancelled|error")


def use(page: Page, server: ServerProcess, **settings: Any) -> None:
    """Let AI cells ask this server; what a person sets in the form goes the same way."""
    own = {"type": "openai", "baseUrl": server.base_url, **settings}
    config = {"defaultProvider": "server", "providers": {"server": own}}
    page.evaluate("(config) => runt.runtime.configure(config)", config)


def answer_of(cell: Locator) -> Locator:
    return cell.get_by_test_id("answer").last


def answer_length(cell: Locator) -> int:
    """Return how many characters of answers the cell shows."""
    return len("".join(cell.get_by_test_id("answer").all_inner_texts()))


def expect_longer_answer(cell: Locator, than: int = 0) -> None:
    """Wait until the cell shows more of an answer, and stop it: a real model may go on for long."""
    cell.page.wait_for_function(_IS_LONGER, arg=[id_of(cell), than], timeout=SLOW)
    stop = cell.get_by_test_id("stop")
    if stop.is_visible():
        stop.click()
    expect(cell).to_have_attribute("data-execution-state", _ENDED)
