"""Take the pictures for the documentation: of the demo and JupyterLite, after a few cells ran."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright

from scripts.chromium import QUIET_FLAGS, find_chromium
from scripts.paths import LITE, ROOT, SITE
from scripts.serve import serving
from tests.support.lab import Lab

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
    """Run the first cells of the welcome notebook: data, and a question about them."""
    run_first(page, "code")
    run_first(page, "ai")


def run_outputs(page: Page) -> None:
    """Run cells with outputs of many kinds."""
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
    """Start an AI run that waits for approval."""
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
    page.mouse.move(0, 0)
    if shot.prepare is not run_sine:
        page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=DOCS / f"{shot.name}.png")
    page.close()


# The notebook's code, and the script of the Test provider, which is not shown.
_NOTEBOOK = (
    "import statistics\n\ntemperatures = [11.5, 13.2, 12.8, 17.9, 16.1]\n"
    "statistics.mean(temperatures)",
    "%%ai -> hint\nWhich of my temperatures stands out? Check it.",
)
_CODE = """mean = statistics.mean(temperatures)
spread = statistics.stdev(temperatures)
[(t, round((t - mean) / spread, 2)) for t in temperatures]"""
_SCRIPT = f"""%load_ext runt_pyodide
from runt_pyodide import configure
call = {{"name": "run_python", "arguments": {{"source": {_CODE!r}}}}}
answer = (
    "**17.9** does: it lies 1.37 standard deviations above the mean of 14.3, and all others lie "
    "within 1.07.\\n\\nWith five values that is no outlier yet:\\n\\n"
    "- the usual mark is 2 standard deviations;\\n- the next value, 16.1, is close to it."
)
turns = [{{"text": "I compare each with the mean.", "toolCalls": [call]}}, {{"text": answer}}]
configure("test", responses=[{{"pattern": "", "turns": turns}}])"""


def take_lab(browser: Browser, address: str) -> None:
    with Lab.opened(browser, address) as lab:
        lab.run("%pip install -q runt-pyodide")
        lab.run(_SCRIPT)
        lab.remove_all()
        for source in _NOTEBOOK[:-1]:
            lab.run(source)
        cell = lab.start(_NOTEBOOK[-1])
        cell.shown.get_by_role("button", name="Allow once").click()
        cell.wait()
        lab.page.set_viewport_size({"width": 1280, "height": 720})
        cell.shown.get_by_text("Result of run_python").click()
        lab.page.screenshot(path=DOCS / "jupyterlite.png")


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
        with serving(LITE, isolated=False) as lab:
            take_lab(browser, lab)
        browser.close()


if __name__ == "__main__":
    main()
