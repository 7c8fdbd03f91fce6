"""Tests inside Pyodide, in a real Chromium.

A test uses `selenium_runt` in place of pytest-pyodide's `selenium`; `runt_pyodide` and pydantic are
then installed:

    @run_in_pyodide
    async def test_something(selenium_runt):
        from runt_pyodide.bridge import connect
        ...

The tests of a module share a Pyodide: what one test imports or sets is there in the next one.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_pyodide.config import get_global_config
from pytest_pyodide.runner import SeleniumChromeRunner

from scripts.paths import SITE
from scripts.serve import serving
from tests.support.fixtures import llm_server

__all__ = ["llm_server"]

get_global_config().set_flags(
    "chrome",
    [
        "--js-flags=--expose-gc",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-dev-shm-usage",  # containers have a small one
        "--disable-sync",
        "--no-first-run",
        # There is no host but this one: nothing may come from a CDN or another package index.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ],
)
# Seconds for one piece of code to run, installing packages included: 20, the default, are few for a
# machine that has other work too.
SeleniumChromeRunner.script_timeout = 60


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the served dist/site, without a slash: another origin than the page's."""
    with serving(SITE) as address:
        yield address


@pytest.fixture
def selenium_runt(selenium: Any) -> Any:
    """pytest-pyodide's `selenium`, with runt_pyodide and what it needs installed."""
    selenium.load_package(["runt-pyodide"])
    return selenium
