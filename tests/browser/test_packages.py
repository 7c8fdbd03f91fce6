"""Packages of Pyodide's distribution: loaded from a stand-in for it, and without a network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.serve import serving
from tests.support.browser.builds import copy_site
from tests.support.browser.demo import add_code, expect_status, run
from tests.support.browser.distribution import Mood, StandIn
from tests.support.browser.fixtures import NewContext, watched
from tests.support.browser.runtime import (
    completion,
    error_of,
    outputs,
    request,
    runtime_in,
    text_of,
    wait_for_output,
)

AGAIN = "Run the cell again; if that does not help, tell the owner of this site."


@pytest.fixture(scope="module")
def distribution(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    stand_in = StandIn(tmp_path_factory.mktemp("distribution") / "npm")
    yield stand_in
    stand_in.close()


@pytest.fixture(scope="module")
def built(distribution: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of the site whose lock file leads to the stand-in."""
    folder = copy_site(tmp_path_factory.mktemp("built") / "site")
    distribution.lead_here(folder)
    return folder


@pytest.fixture(scope="module")
def shared(new_shared_context: NewContext, built: Path, distribution: StandIn) -> Iterator[Page]:
    """A page with a runtime that loads from a mirror of what the lock file names."""
    mirror = distribution.mirror
    with (
        serving(built) as address,
        runtime_in(new_shared_context(), address, distributionURL=mirror) as page,
    ):
        yield page


@pytest.fixture
def page(shared: Page, distribution: StandIn) -> Iterator[Page]:
    yield shared
    distribution.mood = "files"


def shown(page: Page, cell: str) -> list[str]:
    """Return the plain texts that a cell's displays have shown, in order."""
    cells = """(cell) => {
      const own = new Set(events.filter(({ args }) => args.cellId === cell && args.displayId)
        .map(({ args }) => args.displayId));
      return events.filter(({ args }) => own.has(args.displayId))
        .map(({ args }) => args.representations["text/plain"].data); }"""
    texts: list[str] = page.evaluate(cells, cell)
    return texts


def failing(page: Page, source: str) -> tuple[str, str]:
    """Return what a cell that fails has shown last, and its error."""
    cell, queue = request(page, source, "code")
    assert completion(page, queue)["status"] == "error"
    error = error_of(page, cell)
    return (shown(page, cell) or [""])[-1], f"{error['ename']}: {error['evalue']}"


def printed(page: Page, source: str) -> str:
    cell, queue = request(page, source, "code")
    assert completion(page, queue)["status"] == "success", outputs(page, cell)
    return text_of(page, cell)


MOODS: list[tuple[Mood, str]] = [
    (
        "other files",
        "msgspec 0.22.0 could not be loaded from {mirror}, which sent another file: its SHA-256 is "
        f"@…, not a66b1766311e…. None of it was used. {AGAIN}",
    ),
    (
        "a web page",
        "msgspec 0.22.0 could not be loaded from {mirror}, which answered with a web page. The "
        "network may want you to sign in: open that address in another tab, then run the cell "
        "again.",
    ),
]


@pytest.mark.parametrize(("mood", "sentence"), MOODS)
def test_what_cannot_be_had_is_told_once(
    page: Page, distribution: StandIn, mood: Mood, sentence: str
) -> None:
    distribution.mood = mood
    said, error = failing(page, "import msgspec")
    pattern = re.escape(sentence.format(mirror=distribution.mirror)).replace("@", "[0-9a-f]{12}")
    assert re.fullmatch(pattern, said), said
    assert error == "ModuleNotFoundError: No module named 'msgspec'"
    said, error = failing(page, "%pip install msgspec")
    assert said == "Could not load msgspec 0.22.0"
    assert re.fullmatch(f"UsageError: %pip could not install msgspec. {pattern}", error), error


def test_what_needs_a_package_that_is_not_there_is_not_installed(
    page: Page, distribution: StandIn
) -> None:
    sentence = (
        "contourpy 1.4.0 needs numpy 2.4.6, which could not be loaded from "
        f"{distribution.mirror}, which answered with HTTP 404. {AGAIN}"
    )
    for _ in range(2):
        said, error = failing(page, "import contourpy")
        assert said == sentence
        assert error == "ModuleNotFoundError: No module named 'contourpy'"


def test_a_wheel_that_does_not_load_is_told(page: Page) -> None:
    said, error = failing(page, "import broken")
    assert said.startswith("broken 1.0 could not be installed in this Python: ")
    assert said.endswith(AGAIN)
    assert error.startswith("ImportError: ") or error.startswith("ModuleNotFoundError: ")


def test_loading_is_stopped(page: Page, distribution: StandIn) -> None:
    distribution.mood = "silence"
    cell, queue = request(page, "import msgspec", "code")
    wait_for_output(page, cell)
    page.evaluate("runtime.interrupt()")
    assert completion(page, queue)["status"] == "cancelled"
    distribution.mood = "files"
    assert printed(page, "import certifi\nprint(certifi.__name__)") == "certifi\n"


def test_requests_and_urllib3_fetch(page: Page) -> None:
    site = page.evaluate("location.origin")
    source = f"""
import requests, urllib3
print(requests.get("{site}/js/package.json").json()["name"])
print(urllib3.request("GET", "{site}/js/package.json").status)
try:
    requests.get("http://127.0.0.1:9/")
except requests.ConnectionError as error:
    print(error)
"""
    said = printed(page, source)
    assert "runt-pyodide\n200\n" in said
    assert "127.0.0.1:9" in said


def test_time_zones_are_on_the_site(page: Page, distribution: StandIn) -> None:
    asked = len(distribution.asked)
    source = """
from datetime import datetime
from zoneinfo import ZoneInfo
print(datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Berlin")).utcoffset())
"""
    assert printed(page, source).endswith("2:00:00\n")
    assert len(distribution.asked) == asked


def test_pip_loads_from_the_distribution(page: Page) -> None:
    said = printed(page, "%pip install msgspec\nimport msgspec\nprint(msgspec.json.encode([1]))")
    assert "Installed msgspec-0.22.0" in said
    assert said.endswith("b'[1]'\n")


POISON = """async () => {
  const cache = await caches.open("runt-pyodide-packages");
  for (const { url } of await cache.keys()) await cache.put(url, new Response("poison")); }"""


def test_what_a_cell_has_put_in_the_place_of_a_package_is_not_used(
    page: Page, distribution: StandIn
) -> None:
    printed(page, "import msgspec")
    page.evaluate(POISON)
    distribution.mood = "a web page"
    page.evaluate("runtime.restart()")
    said, _ = failing(page, "import msgspec")
    assert "which answered with a web page" in said


def test_what_was_loaded_once_is_there_without_a_network(
    browser: Browser, built: Path, distribution: StandIn, uncaught: list[str]
) -> None:
    context = watched(browser.new_context(service_workers="allow"), uncaught)
    source = "import msgspec\nmsgspec.json.decode(b'[1, 2]')"
    with serving(built, isolated=False) as address:
        page = context.new_page()
        page.goto(f"{address}/?memory=empty")
        expect_status(page)
        cell = add_code(page, source)
        run(cell)
        expect(cell).to_contain_text("Loaded msgspec 0.22.0 (137 kB)")
        expect(cell).to_contain_text("[1, 2]")
        page.wait_for_function("() => caches.match('lists/whole.json')")
    # The site's server is gone, and the distribution answers with something else.
    distribution.mood = "a web page"
    try:
        page.goto(f"{address}/?memory=empty")
        expect_status(page)
        cell = add_code(page, source)
        run(cell)
        expect(cell).to_contain_text("[1, 2]")
    finally:
        distribution.mood = "files"
        context.close()
