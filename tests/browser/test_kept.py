"""What a kept notebook keeps: pages that are killed, reloaded or opened twice, storage that fails.

``make soak`` runs these tests again, KEPT times each, beside as many busy processes as LOAD says.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.support.browser.fixtures import NewContext
from tests.support.browser.kept import Stored, bundle, kill, labels
from tests.support.browser.soak import COUNT, LOAD, SEED, busy_processes

STORAGES = -(-COUNT // 10)

_log = logging.getLogger(__name__)

LOSS = 0.3
"""Seconds: a page that is killed may lose what it committed in the last of them."""


@pytest.fixture(scope="session")
def module() -> str:
    return bundle()


@pytest.fixture(scope="module", autouse=True)
def load() -> Iterator[None]:
    with busy_processes():
        yield


@pytest.fixture
def new_stored(new_context: NewContext, site: str, module: str) -> Callable[[], Stored]:
    return lambda: Stored(new_context(), site, module)


@pytest.fixture
def stored(new_stored: Callable[[], Stored]) -> Stored:
    return new_stored()


@pytest.fixture
def chance() -> random.Random:
    return random.Random(SEED)


def tick_for_a_while(stored: Stored, page: Page, chance: random.Random) -> None:
    """Let the page commit an event every 50 ms, until a random moment."""
    page.evaluate("(ms) => kept.tick(report, ms)", chance.uniform(0, 800))


def assert_gapless(got: list[str]) -> None:
    assert got == [str(n) for n in range(len(got))], "no gap, and none twice"


def test_a_reload_loses_nothing(stored: Stored, chance: random.Random) -> None:
    page = stored.open()
    for _ in range(COUNT):
        tick_for_a_while(stored, page, chance)
        stored.reload(page)
        got = labels(page)
        assert_gapless(got)
        assert len(got) > stored.ticks[-1][0], "all that was committed is there"


def test_a_killed_tab_loses_at_most_its_last_moment(stored: Stored, chance: random.Random) -> None:
    latest = 0.0
    for _ in range(COUNT):
        page = stored.open()
        tick_for_a_while(stored, page, chance)
        kill(page)
        at = stored.ticks[-1][1]
        page = stored.open()
        got = labels(page)
        assert_gapless(got)
        latest = max([latest, *(at - when for n, when in stored.ticks if n >= len(got))])
        stored.ticks.clear()
        page.close()
    _log.info("%d kills, load %d: the oldest loss was %.0f ms old", COUNT, LOAD, latest * 1000)
    assert latest <= LOSS


@pytest.mark.parametrize("tabs", [2, 3])
def test_tabs_that_write_in_bursts_have_the_same_events(stored: Stored, tabs: int) -> None:
    per_tab = 40 * COUNT
    pages = [stored.open() for _ in range(tabs)]
    for place, page in enumerate(pages):
        page.evaluate("([name, count]) => void kept.burst(name, count)", ["abc"[place], per_tab])
    ends = [f"{name}{per_tab - 1}" for name in "abc"[:tabs]]
    for page in pages:
        page.wait_for_function(
            "(ends) => kept.isKept() && ends.every((end) => kept.told().includes(end))", arg=ends
        )
        page.evaluate("() => kept.refresh()")
    first = labels(pages[0])
    assert len(first) == len(set(first)) >= tabs * per_tab
    for page in pages:
        assert labels(page) == first, "live"
        assert page.evaluate("() => kept.told()") == first, "and so were the listeners told"
    for page in pages:
        assert labels(stored.reload(page)) == first, "and after a reload"


def failure(page: Page) -> str:
    page.wait_for_function("() => kept.failure() !== ''")
    text: str = page.evaluate("() => kept.failure()")
    return text


FULL = 200_000
"""Bytes: room for a small notebook. The browser asks for it once it opens the database, and
remembers it for half a minute."""
FILL = """() => {
  const noise = Array.from({ length: 50_000 }, () => Math.random().toString(36).slice(2, 12));
  kept.commit("during", noise.join(""));
}"""


def fill(stored: Stored) -> Page:
    """Open the notebook, commit what there is room for, and then more."""
    page = stored.page()
    stored.devtools(page, "Storage.overrideQuotaForOrigin", quotaSize=FULL)
    stored.show(page)
    page.evaluate("() => kept.commit('before')")
    page.wait_for_function("() => kept.isKept()")
    page.evaluate(FILL)
    assert "Make room" in failure(page)
    return page


def test_a_full_disk_is_told_at_once_and_tried_again(new_stored: Callable[[], Stored]) -> None:
    for _ in range(STORAGES):
        stored = new_stored()
        page = fill(stored)
        page.evaluate("() => kept.commit('later')")
        page.wait_for_function("() => kept.told().includes('later')")
        assert not page.evaluate("() => kept.isKept()")
        page.evaluate("() => kept.retry()")
        assert failure(page), "it is still full"
        stored.devtools(page, "Storage.overrideQuotaForOrigin")
        page.evaluate("() => kept.retry()")
        assert page.evaluate("() => [kept.failure(), kept.isKept()]") == ["", True]
        page.evaluate("() => kept.commit('after')")
        page.wait_for_function("() => kept.isKept()")
        live = labels(page)
        assert labels(stored.reload(page)) == live
        assert [live[0], *live[-2:]] == ["before", "later", "after"]
        stored.context.close()


def test_what_cannot_be_written_is_there_after_a_reload_if_there_is_room(stored: Stored) -> None:
    page = fill(stored)
    stored.devtools(page, "Storage.overrideQuotaForOrigin")
    page.on("dialog", lambda dialog: dialog.accept())
    assert labels(stored.reload(page))[:2] == ["before", "during"]


def test_storage_that_is_cleared_is_told_and_written_anew(stored: Stored) -> None:
    for n in range(STORAGES):
        stored.id = f"cleared-{n}"
        one, two = stored.open(), stored.open()
        one.evaluate("() => kept.commit('a')")
        two.wait_for_function("() => kept.told().includes('a')")
        stored.devtools(one, "Storage.clearDataForOrigin", storageTypes="all")
        assert "cleared" in failure(one)
        assert "cleared" in failure(two)
        one.evaluate("() => kept.commit('b')")
        two.evaluate("() => kept.commit('c')")
        for page in (one, two):
            page.evaluate("() => kept.retry()")
            assert page.evaluate("() => [kept.failure(), kept.isKept()]") == ["", True]
        one.evaluate("() => kept.refresh()")
        assert sorted(labels(one)) == sorted(labels(two)) == ["a", "b", "c"]
        assert labels(stored.reload(one)) == labels(stored.reload(two))
        one.close()
        two.close()


def test_what_another_page_wrote_in_a_hidden_one_s_place_is_there_once(stored: Stored) -> None:
    page, other = stored.open(), stored.page()
    page.evaluate("() => kept.commit('a')")
    page.wait_for_function("() => kept.isKept()")
    other.evaluate("(id) => kept.anticipate(id, 'b')", stored.id)
    page.evaluate("() => { kept.commit('b'); kept.commit('c'); }")
    page.wait_for_function("() => kept.isKept()")
    assert page.evaluate("() => [kept.failure(), kept.told()]") == ["", ["a", "b", "c"]]
    assert labels(stored.reload(page)) == ["a", "b", "c"]


def test_a_notebook_that_another_tab_deletes_can_be_put_back(stored: Stored) -> None:
    page, other = stored.open(), stored.page()
    page.evaluate("() => kept.commit('a')")
    page.wait_for_function("() => kept.isKept()")
    other.evaluate("(id) => contract.deletePersisted(id)", stored.id)
    assert "deleted in another tab" in failure(page)
    page.evaluate("() => kept.retry()")
    assert labels(stored.reload(page)) == ["a"]


def test_a_notebook_that_cannot_be_opened_is_kept_once_it_can_be(stored: Stored) -> None:
    page = stored.page()
    page.evaluate("() => (window.spare = IDBFactory.prototype.open)")
    page.evaluate("() => (IDBFactory.prototype.open = () => { throw new Error('no disk') })")
    stored.show(page)
    assert "no disk" in failure(page)
    page.evaluate("() => kept.commit('a')")
    page.wait_for_function("() => kept.told().includes('a')")
    page.evaluate("() => (IDBFactory.prototype.open = window.spare)")
    page.evaluate("() => kept.retry()")
    assert page.evaluate("() => [kept.failure(), kept.isKept()]") == ["", True]
    assert labels(stored.reload(page)) == ["a"]
