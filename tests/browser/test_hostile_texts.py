"""Texts that are made to be slow hold the page for no more than a moment, and nothing in them runs.

`make soak` shows them all, and measures; `make test` shows every few of them.
"""

from __future__ import annotations

import logging
import os
from base64 import b64encode
from operator import itemgetter
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser.demo import add_code, cell_ids, expect_status, import_ipynb, run
from tests.support.browser.fixtures import OpenPage
from tests.support.hostile.files import FILES
from tests.support.hostile.page import (
    Watch,
    add,
    markdown,
    new_cell,
    outputs,
    show,
    show_source,
    sources,
)

_log = logging.getLogger(__name__)

IS_SOAK = bool(os.environ.get("N"))
MOST_MS = 2_000
OUTPUTS = [*outputs()]
SOURCES = [*sources()]
EVERY = 1 if IS_SOAK else 6


def test_there_are_many() -> None:
    assert len(OUTPUTS) + len(SOURCES) + len(FILES) > 100
    assert len({one.name for one in OUTPUTS}) == len(OUTPUTS)


def test_no_output_holds_the_page(demo: Page) -> None:
    watch, held = Watch(demo), dict[str, float]()
    cell_id = new_cell(demo)
    for one in OUTPUTS[::EVERY]:
        with watch.held(held, one.name):
            show(demo, cell_id, one)
    report(held)
    # The page and Python go on.
    cell = add_code(demo, "print(6 * 7)")
    run(cell)
    expect(cell.get_by_test_id("stream")).to_have_text("42")


def test_no_source_holds_the_page(demo: Page) -> None:
    watch, held = Watch(demo), dict[str, float]()
    for name, kind, text in SOURCES[:: EVERY + 1]:
        with watch.held(held, name):
            show_source(demo, kind, text)
    report(held)


def report(held: dict[str, float]) -> None:
    """Log what held the page longest; nothing may for too long."""
    longest = sorted(held.items(), key=itemgetter(1), reverse=True)[:5]
    _log.info("held longest: %s", ", ".join(f"{ms:.0f} ms by {name}" for name, ms in longest))
    assert {name: ms for name, ms in held.items() if ms > MOST_MS} == {}


def test_a_text_that_takes_too_long_is_shown_as_it_is_and_can_be_tried_again(demo: Page) -> None:
    text = "a **b** [c](d)\n\n" * 500_000
    add(demo, new_cell(demo), markdown(text))
    plain = demo.get_by_test_id("unformatted")
    expect(plain).to_contain_text("takes too long to format")
    expect(plain.get_by_test_id("show-more")).to_be_attached()
    plain.get_by_role("button", name="Try again").click()
    expect(plain).to_contain_text("takes too long to format")


def test_a_long_answer_is_formatted_and_shows_more_when_asked(demo: Page) -> None:
    text = "".join(f"paragraph **{n}**\n\n" for n in range(9_000))
    add(demo, new_cell(demo), markdown(text))
    bold = demo.get_by_test_id("answer").locator("strong")
    expect(bold).to_have_count(2_500)
    demo.get_by_test_id("show-more").click()
    expect(bold).to_have_count(5_000)
    demo.get_by_test_id("show-more").click()
    demo.get_by_test_id("show-more").click()
    expect(bold).to_have_count(9_000)
    expect(demo.get_by_test_id("show-more")).to_have_count(0)


# Appends a file to the notebook, as an embedder does: the page would open each by itself.
APPEND = """async (base64) => {
  const { openNotebook } = await import(new URL("js/notebook/index.js", location.href).href);
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  try {
    openNotebook(runt.store).importIpynb(bytes);
  } catch (error) {
    if (error.constructor !== Error) throw error; // else it is refused, in words
  }
}"""


@pytest.mark.parametrize("name", [*FILES][:: 1 if IS_SOAK else 9])
def test_a_file_is_read_or_refused_in_words(demo: Page, tmp_path: Path, name: str) -> None:
    path = tmp_path / "hostile.ipynb"
    path.write_bytes(FILES[name])
    import_ipynb(demo, path)
    cells = demo.locator("[data-cell-id]")
    alert = demo.get_by_role("alert")
    expect(cells.or_(alert).first).to_be_attached()
    assert demo.evaluate("() => ({}).isEmpty") is None


def test_a_notebook_of_hostile_files_opens_again(open_page: OpenPage) -> None:
    """What was imported is there after a reload, and the page and Python go on."""
    page = open_page("?notebook=hostile")
    for name in [*FILES][:: 1 if IS_SOAK else 9]:
        page.evaluate(APPEND, b64encode(FILES[name]).decode())
    for one in [one for one in OUTPUTS if "argument" in one.name]:
        add(page, new_cell(page), one)
    run(add_code(page, "print(6 * 7)"))
    known = cell_ids(page)
    page.reload()
    expect(page.locator("[data-cell-id]")).to_have_count(len(known))
    assert cell_ids(page) == known
    expect_status(page)
    run(page.get_by_test_id(f"cell-{known[-1]}"))
    assert page.evaluate("() => ({}).isEmpty") is None
