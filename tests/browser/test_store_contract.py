"""The contract of event stores (tests/js/support) over notebooks in the browser."""

from __future__ import annotations

import subprocess

import pytest
from playwright.sync_api import Page, Route

from scripts.paths import ROOT

BUNDLE = ROOT / "tests" / "browser" / "contract" / "bundle.mjs"
HTML = '<!doctype html><script type="module" src="assets/contract.js"></script>'


@pytest.fixture(scope="session")
def bundle() -> str:
    made = subprocess.run(["node", BUNDLE], check=True, capture_output=True, text=True, cwd=ROOT)
    return made.stdout


@pytest.fixture
def contract(page: Page, site: str, bundle: str) -> Page:
    """Beside the page's own modules, whose workers it starts."""

    def serve(body: str, kind: str) -> None:
        page.route(f"{site}/{kind}", lambda route: _fulfil(route, body))

    serve(HTML, "contract.html")
    serve(bundle, "assets/contract.js")
    return page


def _fulfil(route: Route, body: str) -> None:
    kind = "text/html" if route.request.url.endswith(".html") else "text/javascript"
    route.fulfill(body=body, content_type=kind)


def test_a_kept_notebook_holds_the_contract_of_stores(contract: Page, site: str) -> None:
    address = f"{site}/contract.html"
    contract.goto(address)
    contract.wait_for_function("() => window.contract")
    names = contract.evaluate("() => contract.names")
    failed: dict[str, str] = {}
    for name in names:
        contract.goto(address)
        contract.wait_for_function("() => window.contract")
        run = "(name) => contract.run(name).then(() => '', (error) => `${error.stack ?? error}`)"
        if problem := contract.evaluate(run, name):
            failed[name] = problem
    assert failed == {}
    assert len(names) > 15
