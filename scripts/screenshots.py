"""Pictures of the demo for the documentation: light and dark, wide and narrow, all really run."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright

from scripts.chromium import QUIET_FLAGS, find_chromium
from scripts.paths import ROOT, SITE
from scripts.serve import serving

DOCS = ROOT / "docs"
BOOT = 90_000  # ms

WAVES = """\
from math import sin

from IPython.display import display

xs = [x / 10 for x in range(126)]
waves = {n: [sin(n * x) / n for x in xs] for n in (1, 2, 3)}
lines = [{"name": f"sin {n}x", "x": xs, "y": ys} for n, ys in waves.items()]
layout = {"height": 260, "legend": {"orientation": "h", "y": 1.18}}
figure = {"data": lines, "layout": layout}
display({"application/vnd.plotly.v1+json": figure}, raw=True)"""
TABLE = """\
from IPython.display import HTML

row = "<tr><th>{}</th><td>{}</td><td>{}</td></tr>".format
rows = "".join(row(n, n**2, n**3) for n in range(1, 6))
HTML(f"<table><thead>{row('n', 'n²', 'n³')}</thead>{rows}</table>")"""
ERROR = """\
def mean(numbers):
    return sum(numbers) / len(numbers)


mean([])"""
TEXT = r"""The mean $\bar x = \frac{1}{n}\sum_i x_i$ has the variance

$$\operatorname{Var}(\bar x) = \frac{\sigma^2}{n}$$"""
CELLS = (("markdown", TEXT), ("code", WAVES), ("code", TABLE), ("code", ERROR))


@dataclass(frozen=True)
class Shot:
    name: str
    scheme: Literal["light", "dark"]
    width: int
    height: int
    prepare: Callable[[Page], None]
    query: str = "?memory"


def run_welcome(page: Page) -> None:
    """The visitor's first cells: data, and a question about them."""
    run_first(page, "code")
    run_first(page, "ai")


def run_outputs(page: Page) -> None:
    """Cells with outputs of many kinds."""
    for place, (cell_type, source) in enumerate(CELLS):
        id, author = f"shot-{place}", "screenshots"
        created = {"id": id, "cellType": cell_type, "fractionalIndex": "fghi"[place]}
        events = [
            {"name": "v2.CellCreated", "args": {**created, "createdBy": author}},
            {
                "name": "v1.CellSourceChanged",
                "args": {"id": id, "source": source, "modifiedBy": author},
            },
        ]
        page.evaluate("(events) => runt.store.commit(...events)", events)
    page.get_by_test_id("title").fill("Outputs")
    page.get_by_test_id("run-all").click()
    last = page.locator("[data-cell-type=code]").last
    expect(last).to_have_attribute("data-execution-state", "error", timeout=BOOT)
    chart = page.frame_locator("iframe[data-kind=plotly]")
    expect(chart.locator(".scatterlayer .trace").last).to_be_visible(timeout=BOOT)


def run_sine(page: Page) -> None:
    """A run of a model that waits for its approval."""
    cell = page.locator("[data-cell-type=ai]").last
    cell.get_by_test_id("run").click()
    expect(cell.get_by_test_id("approval")).to_be_visible(timeout=BOOT)
    cell.scroll_into_view_if_needed()


SHOTS = (
    Shot("demo-light", "light", 1280, 1180, run_welcome),
    Shot("demo-dark", "dark", 1280, 1180, run_welcome),
    Shot("demo-phone", "light", 390, 844, run_welcome),
    Shot("demo-phone-dark", "dark", 390, 844, run_sine),
    Shot("outputs-light", "light", 1280, 1400, run_outputs, "?memory=empty"),
    Shot("outputs-dark", "dark", 1280, 1400, run_outputs, "?memory=empty"),
)


def take(browser: Browser, address: str, shot: Shot) -> None:
    page = browser.new_page(
        viewport={"width": shot.width, "height": shot.height}, color_scheme=shot.scheme
    )
    page.goto(f"{address}/{shot.query}")
    status = page.get_by_test_id("status")
    expect(status).to_have_attribute("data-status", "ready", timeout=BOOT)
    shot.prepare(page)
    page.evaluate("document.activeElement?.blur()")
    if shot.prepare is not run_sine:
        page.evaluate("scrollTo(0, 0)")
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
