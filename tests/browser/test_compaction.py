"""Notebooks that have grown for long are compacted when they are opened, and nothing is lost.

``make soak`` runs these tests with a week's log, KEPT times where a tab is killed.
"""

from __future__ import annotations

import logging
import random
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser.fixtures import NewContext
from tests.support.browser.kept import Stored, bundle, kill
from tests.support.browser.soak import COUNT as OF_ALL
from tests.support.browser.soak import SEED

COUNT = -(-OF_ALL // 10)
IS_WEEK = COUNT > 1
OPEN_WITHIN = 3
"""Seconds, until the first cell of a week's notebook is there: measured by the soak alone."""
HEAP = 200
"""Megabytes of a page that shows it."""

_log = logging.getLogger(__name__)

SOURCES = """() => kept.events().filter(({ name }) => name === "v1.CellSourceChanged")
  .map(({ args }) => `${args.id} ${args.source}`).join("\\n")"""
OUTPUTS = """() => {
  const texts = new Map();
  for (const { name, args } of kept.events()) {
    if (name === "v1.OutputRestored") texts.set(args.id, args.output.text);
    else if (name.endsWith("OutputAdded")) texts.set(args.id, args.content.data);
    else if (name === "v1.OutputDelta") {
      texts.set(args.outputId, texts.get(args.outputId) + (args.delta.text ?? ""));
    }
  }
  return [...texts].flat().join("\\n");
}"""


@pytest.fixture(scope="session")
def module() -> str:
    return bundle()


@pytest.fixture
def stored(new_context: NewContext, site: str, module: str) -> Stored:
    stored = Stored(new_context(), site, module)
    page = stored.page()
    count = page.evaluate("([id, isWeek]) => kept.put(id, isWeek)", [stored.id, IS_WEEK])
    _log.info("%d events", count)
    page.close()
    return stored


def extent(page: Page, stored: Stored) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("(id) => kept.extent(id)", stored.id)
    return found


def assert_whole(page: Page) -> None:
    assert page.evaluate("() => [kept.failure(), kept.damage()]") == ["", ""]


def read(page: Page) -> tuple[str, str]:
    """Every source that a cell had, in order, and the text of every output."""
    return page.evaluate(SOURCES), page.evaluate(OUTPUTS)


def uncompacted(stored: Stored) -> tuple[str, str]:
    """Read the notebook as it was, while another page holds its lock."""
    page = stored.page()
    page.evaluate(
        "(id) => void navigator.locks.request(`runt-pyodide/notebook/${id}`, { mode: 'shared' },"
        " () => new Promise(() => {}))",
        stored.id,
    )
    page.wait_for_function("async () => (await navigator.locks.query()).held.length > 0")
    other = stored.open()
    assert "compacting" not in other.evaluate("() => kept.stages()")
    whole = read(other)
    page.close()
    other.close()
    return whole


def test_a_notebook_that_has_grown_is_compacted_and_whole(stored: Stored) -> None:
    before = uncompacted(stored)
    page = stored.page()
    rows = extent(page, stored)["count"]
    stored.show(page)
    assert "compacting" in page.evaluate("() => kept.stages()")
    found = extent(page, stored)
    assert found["count"] == found["compacted"]["rows"] < rows / 100
    assert_whole(page)
    assert read(page) == before
    # It goes on from there, in this tab and in others, and is not compacted again.
    page.evaluate("() => kept.commit('later')")
    page.wait_for_function("() => kept.isKept()")
    for other in (stored.open(), stored.reload(page)):
        assert other.evaluate("() => kept.stages().includes('compacting')") is False
        assert other.evaluate("() => kept.labels().at(-1)") == "later"
        assert read(other) == before
        assert_whole(other)
    assert extent(page, stored)["count"] == found["count"] + 1


def test_a_tab_that_is_killed_in_the_middle_leaves_the_notebook_whole(stored: Stored) -> None:
    chance = random.Random(SEED)
    before = uncompacted(stored)
    cut = 0
    for n in range(COUNT):
        stored.id = f"killed-{n}"
        page = stored.page()
        page.evaluate("([id, isWeek]) => kept.put(id, isWeek)", [stored.id, IS_WEEK])
        page.evaluate("(id) => void kept.open(id)", stored.id)
        page.wait_for_function("() => kept.stages().includes('compacting')")
        page.evaluate(
            "(ms) => new Promise((go) => setTimeout(go, ms))",
            chance.uniform(0, 4000 if IS_WEEK else 400),
        )
        kill(page)
        page = stored.page()
        cut += extent(page, stored)["compacted"] is None
        stored.show(page)
        assert_whole(page)
        assert read(page) == before
        page.close()
    _log.info("%d of %d compactions were cut", cut, COUNT)


CUT_AT_EACH_STEP = """async () => {
  const { putSmall, compactUntil, logOf } = cutting;
  await putSmall("uncut");
  const before = await logOf("uncut");
  await compactUntil("uncut", Infinity);
  const after = await logOf("uncut");
  const found = [];
  for (let [at, isCut] = [1, true]; isCut; at++) {
    await putSmall(`cut-${at}`);
    isCut = await compactUntil(`cut-${at}`, at);
    const log = await logOf(`cut-${at}`);
    found.push(log === before ? "old" : log === after ? "new" : "neither");
  }
  return found;
}"""


def test_a_swap_that_is_cut_at_any_step_leaves_the_old_log(stored: Stored) -> None:
    *cut, uncut = stored.page().evaluate(CUT_AT_EACH_STEP)
    assert len(cut) > 4
    assert set(cut) == {"old"}
    assert uncut == "new"


def test_a_notebook_that_is_not_whole_stays_as_it_is(stored: Stored) -> None:
    page = stored.page()
    page.evaluate("(id) => kept.lose(id, 77)", stored.id)
    before = extent(page, stored)
    for _ in range(2):
        stored.show(page)
        assert "1 part of it is missing" in page.evaluate("() => kept.damage()")
        page.reload()
    page.wait_for_function("() => window.kept")
    assert extent(page, stored)["count"] == before["count"]


def test_two_tabs_that_open_at_once_have_the_same_notebook(stored: Stored) -> None:
    before = uncompacted(stored)
    pages = [stored.page(), stored.page()]
    for page in pages:
        page.evaluate("(id) => void kept.open(id).then(() => (window.isOpen = true))", stored.id)
    for page in pages:
        page.wait_for_function("() => window.isOpen")
        assert_whole(page)
        assert read(page) == before
    stages = [page.evaluate("() => kept.stages()") for page in pages]
    assert sum("compacting" in one for one in stages) == 1
    pages[0].evaluate("() => kept.commit('a')")
    pages[1].wait_for_function("() => kept.labels().at(-1) === 'a'")


def test_a_compacted_notebook_opens_soon_and_needs_little_memory(stored: Stored, site: str) -> None:
    page = stored.context.new_page()
    first = time_to_open(page, f"{site}/?notebook={stored.id}")
    page.close()
    page = stored.context.new_page()
    again = time_to_open(page, f"{site}/?notebook={stored.id}")
    expect(page.locator("[data-cell-id]")).to_have_count(40)
    session = stored.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"] / 1e6
    _log.info("opened in %.1f s, then in %.1f s; heap %.0f MB", first, again, heap)
    assert heap < HEAP
    if IS_WEEK:
        assert again < OPEN_WITHIN


def time_to_open(page: Page, address: str) -> float:
    begun = time.monotonic()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("[data-cell-id]", state="attached", timeout=120_000)
    return time.monotonic() - begun
