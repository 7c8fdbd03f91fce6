"""Accessibility of the page: with a screen reader, on a phone, in dark mode, without motion."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.support.browser.axe import serious_faults
from tests.support.browser.demo import expect_state, start
from tests.support.browser.fixtures import NewContext, OpenPage, keep_python_away
from tests.support.browser.outputs import PLOTLY, Writer
from tests.support.pictures import PNG, base64_of


def fill(writer: Writer) -> None:
    """One output of each kind."""
    writer.markdown("# Title\n\nText with $x$, `code` and [a link](https://example.org).\n\n- one")
    writer.markdown("```python\nprint('" + "long " * 60 + "')\n```\n\n|a|b|\n|-|-|\n|1|" + "x" * 90)
    writer.stream("\x1b[31mred\x1b[0m \x1b[32mgreen\x1b[0m \x1b[33myellow\x1b[0m \x1b[36mcyan\n")
    writer.stream("warning\n", "stderr")
    writer.stream("".join(f"line {n}\n" for n in range(99)))
    writer.display(text_html="<table><tr><td>1</td></tr></table>")
    writer.display(application_json={"a": [1, "x", None, True], "b": {}})
    writer.display(**{"image_svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' width='900'/>"})
    error = {"ename": "ValueError", "evalue": "no", "traceback": ["\x1b[31mError\x1b[0m"] * 30}
    writer.add("v1.ErrorOutputAdded", content={"type": "inline", "data": error})


def add_picture(writer: Writer) -> None:
    """An AI cell with a picture and settings of its own."""
    created = {"id": "ai", "cellType": "ai", "fractionalIndex": "j", "createdBy": "test"}
    writer.commit("v2.CellCreated", **created)
    picture = {"mediaType": "image/png", "data": base64_of(PNG)}
    for key, value in {"images": [picture], "sampling": {"seed": 7, "stop": ["END"]}}.items():
        writer.commit("v1.CellMetadataSet", cellId="ai", key=key, value=value)
    expect(writer.page.get_by_test_id("pictures").get_by_role("img")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1100, 360])
def test_axe_finds_nothing_serious(
    new_context: NewContext, site: str, scheme: Literal["light", "dark"], width: int
) -> None:
    context = new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    page = keep_python_away(context).new_page()
    page.goto(f"{site}/?memory=empty")
    writer = Writer(page)
    fill(writer)
    expect(page.locator(".katex")).to_be_visible()
    writer.commit("v1.CellAiContextVisibilityToggled", id="c", aiContextVisible=False)
    add_picture(writer)
    assert serious_faults(page) == []
    page.get_by_test_id("own-settings").click()
    expect(page.get_by_test_id("save-settings")).to_be_visible()
    assert serious_faults(page) == []
    page.keyboard.press("Escape")
    writer.cell.focus()
    page.keyboard.press("?")
    expect(page.get_by_test_id("help-dialog")).to_be_visible()
    assert serious_faults(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+Shift+p")
    expect(page.get_by_test_id("palette-dialog")).to_be_visible()
    assert serious_faults(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    page.keyboard.type("print")
    expect(page.get_by_test_id("find-position")).to_have_text("Not found")
    assert serious_faults(page) == []
    page.keyboard.press("Escape")
    page.get_by_test_id("notebook-menu").click()
    expect(page.get_by_test_id("export")).to_be_visible()
    assert serious_faults(page) == []
    page.keyboard.press("Escape")
    page.get_by_test_id("model-picker").click()
    expect(page.get_by_test_id("picker").first).to_be_visible()
    assert serious_faults(page) == []
    page.get_by_test_id("open-settings").click()
    expect(page.get_by_test_id("settings-dialog")).to_be_visible()
    assert serious_faults(page) == []
    page.get_by_test_id("add-provider").select_option("openai")
    expect(page.get_by_test_id("api-key")).to_be_visible()
    assert serious_faults(page) == []


def test_axe_finds_nothing_serious_in_a_run(open_page: OpenPage) -> None:
    page = open_page("?memory")
    assert serious_faults(page) == []
    cell = page.locator("[data-cell-type=ai]").last
    start(cell)
    expect(cell.get_by_test_id("approval")).to_be_visible()
    assert serious_faults(page) == []
    page.get_by_test_id("approve-once").click()
    expect_state(cell)
    assert serious_faults(page) == []


@pytest.mark.parametrize("width", [390, 320])
def test_a_phone_shows_all_without_scrolling_sideways(
    new_context: NewContext, site: str, width: int
) -> None:
    context = new_context(viewport={"width": width, "height": 700}, has_touch=True, is_mobile=True)
    page = keep_python_away(context).new_page()
    page.goto(f"{site}/?memory=empty")
    writer = Writer(page)
    fill(writer)
    chart = writer.display(**{"application_vnd.plotly.v1+json": PLOTLY})
    expect(chart.frame_locator("iframe").locator(".main-svg").first).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") == width
    # All tools are there for fingers.
    writer.cell.get_by_test_id("source").tap()
    writer.cell.get_by_test_id("cell-menu").tap()
    writer.cell.get_by_test_id("toggle-source").tap()
    expect(writer.cell.get_by_test_id("show-source")).to_be_visible()
    for name in ("title", "model-picker", "run-all", "stop-all", "notebook-menu"):
        expect(page.get_by_test_id(name)).to_be_in_viewport(ratio=1)


def test_nothing_moves_by_itself_for_those_who_asked_for_that(
    new_context: NewContext, site: str
) -> None:
    page = keep_python_away(new_context(reduced_motion="reduce")).new_page()
    page.goto(f"{site}/?memory")
    expect(page.get_by_test_id("boot")).to_be_visible()
    assert page.evaluate("document.getAnimations().length") == 0


def test_text_that_streams_moves_nothing_above_it(open_page: OpenPage) -> None:
    page = open_page("?memory")
    page.set_viewport_size({"width": 1000, "height": 2000})
    expect(page.get_by_test_id("boot")).to_have_count(0)
    # What moved when it went is drawn.
    page.evaluate(
        "() => new Promise((ok) => requestAnimationFrame(() => requestAnimationFrame(ok)))"
    )
    # What stands below the answer makes room for it, that is not looked at.
    page.evaluate("""() => {
      globalThis.shifts = [];
      const note = ({ sources }) => {
        for (const { node } of sources) {
          const element = node?.nodeType === 1 ? node : node?.parentElement;
          const cell = element?.closest("[data-cell-id]")?.dataset.cellId;
          const isBelow = element?.closest(".run-foot") || cell === "welcome-4";
          if ((cell && !isBelow) || element?.closest(".top-bar")) shifts.push(element.outerHTML);
        }
      };
      new PerformanceObserver((list) => list.getEntries().forEach(note))
        .observe({ type: "layout-shift" });
    }""")
    cell = page.locator("[data-cell-type=ai]").first
    start(cell)
    expect_state(cell)
    assert page.evaluate("shifts") == []
