"""The contract of event stores (tests/js/support) over notebooks in the browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext

from tests.support.browser.kept import Stored, bundle


@pytest.fixture(scope="session")
def module() -> str:
    return bundle()


def test_a_kept_notebook_holds_the_contract_of_stores(
    context: BrowserContext, site: str, module: str
) -> None:
    stored = Stored(context, site, module)
    page = stored.page()
    names = page.evaluate("() => contract.names")
    failed: dict[str, str] = {}
    for name in names:
        page.reload()
        page.wait_for_function("() => window.contract")
        run = "(name) => contract.run(name).then(() => '', (error) => `${error.stack ?? error}`)"
        if problem := page.evaluate(run, name):
            failed[name] = problem
    assert failed == {}
    assert len(names) > 15
