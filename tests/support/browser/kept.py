"""Pages that hold a kept notebook and nothing else: they open in a moment, and can be killed."""

from __future__ import annotations

import contextlib
import subprocess
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Route

from scripts.paths import ROOT

_BUNDLE = ROOT / "tests" / "browser" / "contract" / "bundle.mjs"
_HTML = '<!doctype html><script type="module" src="assets/contract.js"></script>'


def bundle() -> str:
    """Return the module of tests/browser/contract."""
    made = subprocess.run(["node", _BUNDLE], check=True, capture_output=True, text=True, cwd=ROOT)
    return made.stdout


@dataclass
class Stored:
    """A context whose pages hold the notebook ``id`` of the site's origin."""

    context: BrowserContext
    site: str
    module: str
    id: str = "kept"
    ticks: list[tuple[int, float]] = field(default_factory=list)
    """What pages committed by ``tick``: the number, and when, in seconds."""

    def __post_init__(self) -> None:
        self.context.route(
            f"{self.site}/contract.html", lambda route: _fulfil(route, _HTML, "text/html")
        )
        self.context.route(
            f"{self.site}/assets/contract.js",
            lambda route: _fulfil(route, self.module, "text/javascript"),
        )
        self.context.expose_binding(
            "report", lambda _, n, at: self.ticks.append((n, at / 1000)) or None
        )

    def page(self) -> Page:
        """Open a page beside the page's own modules, whose workers it starts."""
        page = self.context.new_page()
        page.goto(f"{self.site}/contract.html")
        page.wait_for_function("() => window.kept")
        return page

    def open(self) -> Page:
        """Open a page that shows the notebook."""
        return self.show(self.page())

    def show(self, page: Page) -> Page:
        page.wait_for_function("() => window.kept")
        page.evaluate("(id) => kept.open(id)", self.id)
        return page

    def reload(self, page: Page) -> Page:
        page.reload()
        return self.show(page)

    def devtools(self, page: Page, method: str, **params: Any) -> None:
        """Ask the browser for something about the site's origin, until the page is closed."""
        session = self.context.new_cdp_session(page)
        session.send(method, {"origin": self.site, **params})


def labels(page: Page) -> list[str]:
    """The labels of the events in the order in which the page has them."""
    found: list[str] = page.evaluate("() => kept.labels()")
    return found


def kill(page: Page) -> None:
    """End the page's process, without a word to the page."""
    # A process that had not ended yet could be given to the next page.
    with page.expect_event("crash"), contextlib.suppress(Error):
        page.goto("chrome://crash")
    page.close()


def _fulfil(route: Route, body: str, kind: str) -> None:
    route.fulfill(body=body, content_type=kind)
