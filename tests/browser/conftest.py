"""The site in a real browser: who serves it, which Chromium opens it, that it throws nothing."""

from collections.abc import Iterator
from typing import Any

import pytest

from scripts.chromium import QUIET_FLAGS, find_chromium
from scripts.paths import SITE
from scripts.serve import serving
from tests.support.fixtures import llm_server

__all__ = ["llm_server"]

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


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = {"executable_path": find_chromium(), "args": QUIET_FLAGS}
    return {**browser_type_launch_args, **found}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Without service workers, which would stand between a test and what it watches."""
    return {**browser_context_args, "service_workers": "block"}


@pytest.fixture(autouse=True)
def page_errors(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """The exceptions that no page of the test caught; there should be none.

    A test that expects some has the marker `page_errors_expected` and looks at this list itself.
    """
    errors: list[str] = []
    if "context" in request.fixturenames:
        context = request.getfixturevalue("context")
        context.on("weberror", lambda web_error: errors.append(str(web_error.error)))
    yield errors
    if request.node.get_closest_marker(PAGE_ERRORS_EXPECTED) is None:
        assert errors == [], "a page threw what nothing caught"
