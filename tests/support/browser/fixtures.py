"""Fixtures for all browser suites: which Chromium is used, and its timeouts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from scripts.chromium import QUIET_FLAGS, find_chromium
from tests.support.browser import PATIENCE

# Of the fixtures `open_page` and `new_context`.
OpenPage: TypeAlias = Callable[..., Page]
NewContext: TypeAlias = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = {"executable_path": find_chromium(), "args": QUIET_FLAGS, "timeout": PATIENCE}
    return {**browser_type_launch_args, **found}


def watched(context: BrowserContext, uncaught: list[str]) -> BrowserContext:
    """Open a context with long timeouts; uncaught errors of its pages are added to the list."""
    context.set_default_timeout(PATIENCE)
    context.on("weberror", lambda web_error: uncaught.append(str(web_error.error)))
    return context


def keep_python_away(context: BrowserContext) -> BrowserContext:
    """Let the pages of a context load Python for ever."""
    context.route("**/pyodide/**", lambda _: None)
    return context


@pytest.fixture(scope="session", autouse=True)
def patient_expectations() -> None:
    expect.set_options(timeout=PATIENCE)
