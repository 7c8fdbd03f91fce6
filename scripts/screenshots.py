"""Pictures of the demo for the documentation, as a visitor sees it after a few cells were run."""

from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright

from scripts.chromium import QUIET_FLAGS, find_chromium
from scripts.paths import ROOT, SITE
from scripts.serve import serving

DOCS = ROOT / "docs"
BOOT = 90_000  # ms


@dataclass(frozen=True)
class Shot:
    name: str
    scheme: Literal["light", "dark"]
    width: int
    height: int


SHOTS = (
    Shot("demo-light", "light", 1280, 1180),
    Shot("demo-dark", "dark", 1280, 1180),
    Shot("demo-phone", "light", 390, 844),
)


def take(browser: Browser, address: str, shot: Shot) -> None:
    page = browser.new_page(
        viewport={"width": shot.width, "height": shot.height}, color_scheme=shot.scheme
    )
    page.goto(address)
    status = page.get_by_test_id("status")
    expect(status).to_have_attribute("data-status", "ready", timeout=BOOT)
    run_first(page, "code")
    run_first(page, "ai")
    page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
    page.screenshot(path=DOCS / f"{shot.name}.png")
    page.close()


def run_first(page: Page, cell_type: str) -> None:
    cell = page.locator(f"[data-cell-type={cell_type}]").first
    cell.get_by_test_id("run").click()
    expect(cell).to_have_attribute("data-execution-state", "completed", timeout=BOOT)


def main() -> None:
    DOCS.mkdir(exist_ok=True)
    with serving(SITE) as address, sync_playwright() as playwright:
        chromium = playwright.chromium
        browser = chromium.launch(executable_path=find_chromium(), args=QUIET_FLAGS)
        for shot in SHOTS:
            take(browser, address, shot)
        browser.close()


if __name__ == "__main__":
    main()
