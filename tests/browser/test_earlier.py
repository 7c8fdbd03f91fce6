"""Notebooks that an earlier version of the site kept, in LiveStore's log in OPFS."""

from __future__ import annotations

import base64
import gzip
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from scripts.paths import ROOT
from tests.support.browser.fixtures import NewContext
from tests.support.browser.kept import Stored, bundle

KEPT = ROOT / "tests" / "data" / "kept-notebook"
COMMITTED = json.loads((KEPT / "events.json").read_text("utf-8"))

PUT_INTO_POOL = """async ([folder, files]) => {
  // Files as LiveStore's pool has them: 4096 bytes that tell the name and the kind, then the file.
  const digest = (head) => {
    let [h1, h2] = [0xdeadbeef, 0x41c6ce57];
    for (const byte of head.subarray(0, 516)) {
      h1 = Math.imul(h1 ^ byte, 2654435761);
      h2 = Math.imul(h2 ^ byte, 1597334677);
    }
    h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909);
    h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909);
    return [h1 >>> 0, h2 >>> 0];
  };
  const root = await navigator.storage.getDirectory();
  const directory = await root.getDirectoryHandle(folder, { create: true });
  for (const [path, kind, base64] of [...files, ...Array(4).fill(["", 0, ""])]) {
    const head = new Uint8Array(4096);
    new TextEncoder().encodeInto(path, head);
    new DataView(head.buffer).setUint32(512, kind);
    const sum = path ? digest(head) : [0xfecc5f80, 0xaccec037];
    head.set(new Uint8Array(new Uint32Array(sum).buffer), 516);
    const file = await directory.getFileHandle(crypto.randomUUID(), { create: true });
    const stream = await file.createWritable();
    await stream.write(head);
    await stream.write(Uint8Array.from(atob(base64), (one) => one.charCodeAt(0)));
    await stream.close();
  }
}"""
DATABASE, JOURNAL = 0x100, 0x800
FILES = (("/eventlog.db", DATABASE, "log.db"), ("/eventlog.db-journal", JOURNAL, "log.db-journal"))


@pytest.fixture(scope="session")
def module() -> str:
    return bundle()


@pytest.fixture
def stored(new_context: NewContext, site: str, module: str) -> Stored:
    return Stored(new_context(), site, module)


def put(page: Page, id: str, folder: Path) -> None:
    """Put the files of a log where LiveStore had them, beside a table that was not finished."""
    files = [
        [path, kind, base64.b64encode((folder / name).read_bytes()).decode()]
        for path, kind, name in FILES
        if (folder / name).exists()
    ]
    page.evaluate(PUT_INTO_POOL, [f"livestore-{id}@4", files])


def changed(sql: str) -> Callable[[Path], None]:
    def change(log: Path) -> None:
        with closing(sqlite3.connect(log)) as database, database:
            database.executescript(sql)

    return change


def cut(log: Path) -> None:
    """Leave the log as a tab does that is killed while it writes: half of it, and a journal."""
    with closing(sqlite3.connect(log, isolation_level=None)) as database:
        database.execute("PRAGMA cache_size = 1")
        database.execute("BEGIN")
        database.execute("UPDATE eventlog SET argsJson = '[]' || hex(randomblob(9000))")
        for name in ("log.db", "log.db-journal"):
            shutil.copy(log.parent / name, log.parent / f"{name}.cut")
    for name in ("log.db", "log.db-journal"):
        (log.parent / f"{name}.cut").rename(log.parent / name)


def damage(log: Path) -> None:
    """Overwrite a page in the middle."""
    text = bytearray(log.read_bytes())
    text[8192:12288] = b"\xff" * 4096
    log.write_bytes(text)


LOGS: dict[str, tuple[Callable[[Path], object], str, str, list[dict[str, Any]]]] = {
    "whole": (lambda _: None, "", "", COMMITTED),
    "a write was cut": (cut, "", "", COMMITTED),
    "an event twice": (
        changed(
            "INSERT INTO eventlog SELECT 47, 0, 46, 0, name, argsJson, clientId, sessionId,"
            " schemaHash, syncMetadataJson FROM eventlog WHERE seqNumGlobal = 46"
        ),
        "",
        "",
        COMMITTED,
    ),
    "an event of a newer version": (
        changed("UPDATE eventlog SET name = 'v9.More' WHERE seqNumGlobal = 46"),
        "",
        "",
        [*COMMITTED[:45], {**COMMITTED[45], "name": "v9.More"}],
    ),
    "an event that cannot be read": (
        changed("UPDATE eventlog SET argsJson = '{\"id\":' WHERE seqNumGlobal = 46"),
        "",
        "1 part of it cannot be read",
        COMMITTED[:45],
    ),
    "events are missing": (
        changed("DELETE FROM eventlog WHERE seqNumGlobal IN (7, 8)"),
        "what stood between its events 6 and 9 is missing",
        "",
        [],
    ),
    "all events are missing": (changed("DELETE FROM eventlog"), "hold no events", "", []),
    "a damaged file": (damage, "", "", []),
    "no file": (lambda log: log.unlink(), "unable to open", "", []),
}


def test_an_earlier_notebook_is_there_whole_or_says_that_it_is_not(
    stored: Stored, tmp_path: Path
) -> None:
    page = stored.page()
    for n, (name, (change, failure, said, events)) in enumerate(LOGS.items()):
        folder = tmp_path / str(n)
        folder.mkdir()
        log = folder / "log.db"
        log.write_bytes(gzip.decompress((KEPT / "eventlog.db.gz").read_bytes()))
        change(log)
        stored.id = f"earlier-{n}"
        put(page, stored.id, folder)
        stored.show(page)
        told = page.evaluate("() => kept.failure()")
        if failure or not events:
            assert failure in told and "export the raw log" in told, name
        else:
            assert told == "", name
        assert page.evaluate("() => kept.events()") == events, name
        assert said in page.evaluate("() => kept.damage()"), name


def test_an_earlier_notebook_opens_again_and_once_another_tab_lets_go_of_it(
    stored: Stored, tmp_path: Path
) -> None:
    (tmp_path / "log.db").write_bytes(gzip.decompress((KEPT / "eventlog.db.gz").read_bytes()))
    holder = stored.page()
    put(holder, stored.id, tmp_path)
    holder.evaluate(
        """(folder) => new Promise((resolve) => {
          const work = `onmessage = async ({ data }) => {
            const root = await navigator.storage.getDirectory();
            const directory = await root.getDirectoryHandle(data);
            for await (const file of directory.values()) await file.createSyncAccessHandle();
            postMessage("held");
          }`;
          const worker = new Worker(URL.createObjectURL(new Blob([work])));
          worker.onmessage = resolve;
          worker.postMessage(folder);
        })""",
        f"livestore-{stored.id}@4",
    )
    page = stored.open()
    assert "close the other tabs" in page.evaluate("() => kept.failure()")
    unopened = "(id) => contract.withPersisted(id, () => {}).catch(({ message }) => message)"
    assert "Open it to see why" in page.evaluate(unopened, stored.id)
    holder.close()
    page.evaluate("() => kept.commit('meanwhile')")
    page.wait_for_function("async () => { await kept.retry(); return kept.failure() === ''; }")
    for found in (page, stored.open()):
        events = found.evaluate("() => kept.events()")
        assert [one for one in events if one["args"].get("key") != "meanwhile"] == COMMITTED
        assert len(events) == len(COMMITTED) + 1, "what was done meanwhile is there too"
