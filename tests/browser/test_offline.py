"""The service worker: isolation on a host that sends no headers, and the page without a network."""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from scripts.paths import SITE
from scripts.serve import HOST, StaticServer, open_server, serving
from tests.support.browser.builds import copy_site, rebuild
from tests.support.browser.demo import add_code, expect_status, run
from tests.support.browser.fixtures import watched


@pytest.fixture
def visitor(browser: Browser, uncaught: list[str]) -> Iterator[BrowserContext]:
    context = watched(browser.new_context(service_workers="allow"), uncaught)
    yield context
    context.close()


def test_a_static_host_is_isolated_and_the_page_works_without_a_network(
    visitor: BrowserContext,
) -> None:
    page = visitor.new_page()
    with serving(SITE, isolated=False) as address:
        page.goto(f"{address}/?memory")
        expect_status(page)
        assert page.evaluate("crossOriginIsolated") is True
        # What is loaded later is kept too.
        code = page.locator("[data-cell-type=code]").first
        run(code)
    # The server is gone.
    page.goto(f"{address}/?memory=empty")
    expect_status(page)
    cell = add_code(page, "print(1 + 1)")
    run(cell)
    expect(cell.get_by_test_id("stream")).to_have_text("2")


def test_a_page_without_service_workers_works_all_the_same(page: Page) -> None:
    with serving(SITE, isolated=False) as address:
        page.goto(f"{address}/?memory")
        expect_status(page)
        assert page.evaluate("crossOriginIsolated") is False


class Silent(http.server.BaseHTTPRequestHandler):
    """A network that accepts and never answers, until the browser gives up."""

    def do_GET(self) -> None:
        self.rfile.read()


class Lying(http.server.BaseHTTPRequestHandler):
    """A captive portal: its own page, with status 200, whatever is asked for."""

    def do_GET(self) -> None:
        page = b"<!doctype html><title>Sign in</title>Sign in to the network"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextlib.contextmanager
def answering(server: StaticServer) -> Iterator[None]:
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield
    server.shutdown()
    thread.join()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return copy_site(tmp_path / "site")


def open_kept(visitor: BrowserContext, address: str) -> Page:
    """Open the site until it is whole in the browser's cache."""
    page = visitor.new_page()
    page.goto(f"{address}/?memory=empty")
    expect_status(page)
    page.wait_for_function("() => caches.match('lists/whole.json')")
    return page


def test_a_network_that_never_answers_and_one_that_lies_change_nothing(
    visitor: BrowserContext, copied: Path
) -> None:
    with open_server(copied, isolated=False) as server, answering(server):
        address = f"http://{HOST}:{server.server_port}"
        page = open_kept(visitor, address)
        for network in (Silent, Lying):
            server.RequestHandlerClass = network
            page.close()
            page = visitor.new_page()
            page.goto(f"{address}/?memory=empty")
            expect_status(page)
            kept = page.evaluate("""async () => {
              const page = await caches.match("index.html", { ignoreSearch: true });
              return (await page.text()).includes("Sign in"); }""")
            assert kept is False


def test_a_newer_build_is_shown_at_once_and_the_older_one_given_up_once_it_is_whole(
    visitor: BrowserContext, copied: Path
) -> None:
    keys = """async () => (await (await caches.open("runt-pyodide-files")).keys())
      .map(({ url }) => url).filter((url) => url.includes("main.css"))"""
    with open_server(copied, isolated=False) as server, answering(server):
        address = f"http://{HOST}:{server.server_port}"
        page = open_kept(visitor, address)
        [before] = page.evaluate(keys)
        rebuild(copied, "assets/main.css", lambda text: text + b"\n:root { --newer: 1 }")
        page.reload()
        expect_status(page)
        newer = "getComputedStyle(document.documentElement).getPropertyValue('--newer')"
        assert page.evaluate(newer) == "1"
        page.wait_for_function(f"async () => (await ({keys})()).length === 1")
        [after] = page.evaluate(keys)
        assert after != before
        # Code in a cell can write into the cache and the lists, but not into the page.
        page.evaluate(POISON)
        session = visitor.new_cdp_session(page)
        session.send("ServiceWorker.enable")
        for _ in range(2):
            for name in ("index.html", "assets/main.js"):
                text = page.evaluate("async (name) => (await fetch(name)).text()", name)
                assert text == (copied / name).read_text("utf-8")
            session.send("ServiceWorker.stopAllWorkers")


POISON = """async () => {
  const cache = await caches.open("runt-pyodide-files");
  const evil = () => new Response("poison");
  const bytes = await crypto.subtle.digest("SHA-256", await evil().arrayBuffer());
  const hash = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  const files = {};
  for (const { url } of await cache.keys()) {
    const path = url.slice(location.href.lastIndexOf("/") + 1).split("?")[0];
    files[path] = hash;
    await cache.put(url, evil());
    await cache.put(`${path}?${new URLSearchParams({ sha256: hash })}`, evil());
  }
  for (const list of ["lists/newest.json", "lists/whole.json"]) {
    await cache.put(list, new Response(JSON.stringify({ files })));
  }
}"""
