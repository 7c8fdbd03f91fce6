"""Every kind of output as a reader sees it, from events that the test writes."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser.outputs import PLOTLY, Writer

PIXEL = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
    )
).decode()
VEGA = {
    "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
    "data": {"values": [{"day": "Mon", "n": 3}, {"day": "Tue", "n": 5}]},
    "mark": "bar",
    "encoding": {"x": {"field": "day"}, "y": {"field": "n", "type": "quantitative"}},
}


@pytest.fixture
def writer(without_python: None, page: Page, site: str) -> Writer:
    page.goto(f"{site}/?memory=empty")
    return Writer(page)


def test_html_is_as_high_as_it_is_and_long_html_folds(writer: Writer) -> None:
    rows = "".join(f"<tr><th>{n}</th><td>{n * n}</td></tr>" for n in range(5))
    short = writer.display(text_html=f"<table border=1>{rows}</table>")
    frame = short.locator("iframe")
    expect(short.frame_locator("iframe").get_by_role("cell", name="16")).to_be_in_viewport(ratio=1)
    height = short.frame_locator("iframe").locator("table").evaluate("(it) => it.offsetHeight")
    assert abs(frame.evaluate("(it) => it.offsetHeight") - height) < 4
    long = writer.display(text_html=f"<table>{rows * 20}</table>")
    long.get_by_test_id("fold").click()
    full = long.frame_locator("iframe").locator("table").evaluate("(it) => it.offsetHeight")
    assert full > 640
    expect(long.get_by_test_id("fold")).to_have_text("Show less")
    assert abs(long.locator("iframe").evaluate("(it) => it.offsetHeight") - full) < 4


def test_charts_are_drawn_by_libraries_that_come_with_the_first(writer: Writer) -> None:
    fetched: list[str] = []
    writer.page.on("request", lambda request: fetched.append(request.url))
    loaded = [re.search(r"assets/(plotly|vega)\.js", url) for url in fetched]
    assert not any(loaded)
    chart = writer.display(**{"application_vnd.plotly.v1+json": PLOTLY, "text_plain": "Figure"})
    bars = chart.frame_locator("iframe").locator(".bars .point")
    expect(bars).to_have_count(2)
    expect(chart.locator("iframe")).to_have_css("height", "302px")
    vega = writer.display(
        **{"application_vnd.vegalite.v5+json": VEGA, "text_plain": "alt.Chart(...)"}
    )
    expect(vega.frame_locator("iframe").locator("svg .mark-rect path")).to_have_count(2)
    wrong = writer.display(**{"application_vnd.vegalite.v5+json": {"mark": 1}})
    expect(wrong.locator(".mark")).to_contain_text("This chart cannot be shown")
    site = writer.page.url.partition("?")[0]
    assert all(url.startswith(site) for url in fetched)


def test_images_json_latex_and_what_cannot_be_shown(writer: Writer) -> None:
    image = writer.display(**{"image_png": PIXEL, "text_plain": "<Figure>"}).get_by_role("img")
    expect(image).to_be_visible()
    assert image.evaluate("(it) => it.naturalWidth") == 1
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect/></svg>'
    drawn = writer.display(**{"image_svg+xml": svg}).get_by_role("img")
    assert drawn.evaluate("(it) => it.naturalWidth") == 40
    tree = writer.display(application_json={"a": {"b": {"c": [1, None, "x"]}}, "n": 2})
    expect(tree).to_contain_text("n: 2")
    expect(tree.get_by_text('"x"')).to_have_count(0)
    tree.get_by_text("b: ").click()
    tree.get_by_text("c: ").click()
    expect(tree.get_by_text('"x"')).to_be_visible()
    expect(writer.display(text_latex="$\\frac{1}{2}$").locator(".katex")).to_be_visible()
    expect(writer.display(**{"application_x-odd": 1})).to_have_text(
        "Not shown here: an output of the type application/x-odd."
    )


def test_what_cannot_be_shown_says_what_it_is_and_keeps_the_text_that_tells_more(
    writer: Writer,
) -> None:
    view = {"version_major": 2, "version_minor": 0, "model_id": "m"}
    widget = writer.display(
        **{"application_vnd.jupyter.widget-view+json": view, "text_plain": "IntSlider(value=3)"}
    )
    expect(widget.get_by_test_id("unshown")).to_contain_text(
        "Not shown here: an interactive widget"
    )
    expect(widget.get_by_test_id("stream")).to_have_text("IntSlider(value=3)")
    script = writer.display(
        **{
            "application_javascript": "alert()",
            "text_plain": "<IPython.core.display.Javascript object>",
        }
    )
    expect(script.get_by_test_id("unshown")).to_contain_text("Not shown here: JavaScript")
    expect(script.get_by_test_id("stream")).to_have_count(0)
    picture = writer.display(
        **{"application_vnd.jupyter.widget-view+json": view, "image_png": PIXEL}
    )
    expect(picture.get_by_role("img")).to_be_visible()
    expect(picture.get_by_test_id("unshown")).to_have_count(0)


def test_a_terminal_has_colours_and_lines_that_are_written_over(writer: Writer) -> None:
    writer.stream("\x1b[31mred\x1b[0m \x1b[1mbold\x1b[0m\n10%\r100%\n")
    stream = writer.cell.get_by_test_id("stream")
    expect(stream).to_have_text("red bold\n100%\n")
    colour = stream.locator(".ansi-red").evaluate("(it) => getComputedStyle(it).color")
    assert colour == "rgb(179, 38, 30)"


def test_a_long_stream_folds_and_its_end_is_in_sight_until_the_reader_scrolls_up(
    writer: Writer,
) -> None:
    id = writer.stream("".join(f"line {n}\n" for n in range(100)))
    box = writer.cell.locator(".fold")
    at_end = "(it) => it.scrollHeight - it.scrollTop - it.clientHeight < 2"
    expect(writer.cell.get_by_test_id("fold")).to_be_visible()
    assert box.evaluate(at_end)
    writer.append(id, 0, "line 100\n" * 5)
    expect(writer.cell.get_by_test_id("stream")).to_contain_text("line 100")
    assert box.evaluate(at_end)
    box.hover()
    writer.page.mouse.wheel(0, -400)
    writer.page.wait_for_function(
        "(at) => document.querySelector('.fold').scrollTop < at", arg=1500
    )
    place = box.evaluate("(it) => it.scrollTop")
    writer.append(id, 1, "last\n")
    expect(writer.cell.get_by_test_id("stream")).to_contain_text("last")
    assert box.evaluate("(it) => it.scrollTop") == place
    writer.cell.get_by_test_id("fold").click()
    assert box.evaluate("(it) => it.scrollHeight === it.clientHeight")


def test_a_very_long_stream_shows_its_end_and_all_of_it_when_asked(writer: Writer) -> None:
    writer.stream("first\n" + "0123456789\n" * 20_000 + "last\n")
    stream = writer.cell.get_by_test_id("stream")
    expect(stream).to_contain_text("characters above")
    expect(stream).to_contain_text("last")
    assert "first" not in stream.inner_text()
    writer.cell.get_by_test_id("fold").click()
    expect(stream).to_contain_text("first")


def test_a_long_traceback_is_folded_away(writer: Writer) -> None:
    lines = [f"\x1b[32m  File {n}\x1b[0m" for n in range(40)]
    error = {"ename": "ValueError", "evalue": "no good", "traceback": lines}
    writer.add("v1.ErrorOutputAdded", content={"type": "inline", "data": error})
    failure = writer.cell.get_by_test_id("error")
    expect(failure).to_contain_text("ValueError: no good")
    expect(failure.get_by_text("File 39")).not_to_be_visible()
    failure.get_by_text("Traceback").click()
    expect(failure.get_by_text("File 39")).to_be_visible()


def test_formulas_and_code_in_an_answer(writer: Writer) -> None:
    id = writer.markdown("Euler: $e^{i\\pi} = -1$.\n\n")
    answer = writer.cell.get_by_test_id("answer")
    expect(answer.locator(".katex")).to_be_visible()
    mathml = answer.locator(".katex math")
    mathml.evaluate("(it) => (it.dataset.same = '1')")
    writer.append(id, 0, "\\[\n\\sum_{n=1}^\\infty")
    expect(answer.locator(".math.pending")).to_contain_text("sum_{n=1}")
    writer.append(id, 1, " \\frac{1}{n^2}\n\\]\n\n```sql\nSELECT 1\n```\n")
    expect(answer.locator(".katex-display")).to_be_visible()
    expect(answer.locator(".math.pending")).to_have_count(0)
    expect(answer.locator(".tok-keyword")).to_have_text("SELECT")
    # What stood before was not drawn anew.
    assert mathml.first.get_attribute("data-same") == "1"


def test_the_window_follows_an_answer_until_the_reader_scrolls_up(writer: Writer) -> None:
    page = writer.page
    page.set_viewport_size({"width": 900, "height": 500})
    writer.commit(
        "v1.ExecutionRequested", queueId="q", cellId="c", executionCount=1, requestedBy="me"
    )
    times = {"startedAt": "2026-01-01T00:00:00.000Z"}
    writer.commit("v1.ExecutionStarted", queueId="q", cellId="c", runtimeSessionId="s", **times)
    expect(writer.cell).to_have_attribute("data-execution-state", "running")
    id = writer.markdown("first\n\n")
    for number in range(30):
        writer.append(id, number, f"paragraph {number}\n\n")
    last = writer.cell.get_by_text("paragraph 29")
    expect(last).to_be_in_viewport()
    page.mouse.move(400, 300)
    page.mouse.wheel(0, -500)
    expect(last).not_to_be_in_viewport()
    place = page.evaluate("scrollY")
    writer.append(id, 30, "paragraph 30\n\n" * 10)
    expect(writer.cell.get_by_text("paragraph 30").last).to_be_attached()
    assert page.evaluate("scrollY") == place
