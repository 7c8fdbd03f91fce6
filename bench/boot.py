"""How much processor time and how many bytes it takes until Python answers, to bare Pyodide."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Playwright, sync_playwright

from bench.markdown import Row, describe_machine, opening, table, verdict
from scripts.chromium import QUIET_FLAGS, find_chromium
from scripts.paths import ROOT

ROUNDS = 5
MOST_BYTES = 19_000_000
_METHOD = ROOT / "bench" / "boot.md"
_TICK = 1000 / os.sysconf("SC_CLK_TCK")  # milliseconds

_BARE = """() => new Promise((resolve, reject) => {
  const text = `import { loadPyodide } from "${location.origin}/pyodide/pyodide.mjs";
    await loadPyodide({ indexURL: "${location.origin}/pyodide/" });
    postMessage("started");`;
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  worker.onmessage = () => resolve();
  worker.onerror = ({ message }) => reject(new Error(message));
})"""
_CELL = """async ([cellType, source]) => {
  const { memoryStore, startRuntime } = await import("/js/index.js");
  const store = memoryStore();
  const ended = new Promise((resolve, reject) => {
    store.subscribe((events) => {
      const end = events.find(({ name }) => name === "v1.ExecutionCompleted");
      if (end?.args.status === "success") resolve();
      else if (end) reject(new Error(end.args.error));
    });
  });
  const id = "cell";
  store.commit(
    { name: "v2.CellCreated", args: { id, cellType, fractionalIndex: "a0", createdBy: "me" } },
    { name: "v1.CellSourceChanged", args: { id, source, modifiedBy: "me" } },
    {
      name: "v1.ExecutionRequested",
      args: { queueId: "run", cellId: id, executionCount: 1, requestedBy: "me" },
    },
  );
  await startRuntime({ store, worker: true, config: { providers: { test: {} } } });
  await ended;
}"""
# What is done, and the most of a bare Pyodide's processor time that it may take.
KINDS: dict[str, tuple[str, list[str], float]] = {
    "bare Pyodide": (_BARE, [], 1),
    "AI cell": (_CELL, ["ai", "Say hello."], 1.5),
    "Python cell": (_CELL, ["code", "1 + 1"], 2.0),
}


@dataclass
class Samples:
    """Milliseconds of processor time, a number a round, and bytes."""

    spent: list[float] = field(default_factory=list)
    bytes: int = 0


def measure_boot(address: str, tell: Any) -> str:
    """The report. ``address`` serves the site, ``tell`` says how far it is."""
    found = {kind: Samples() for kind in KINDS}
    with sync_playwright() as playwright:
        with _launch(playwright) as browser:
            chromium = browser.version
        for turn in range(ROUNDS):
            for kind, (script, given, _) in KINDS.items():
                spent, found[kind].bytes = _boot(playwright, address, script, given)
                found[kind].spent.append(spent)
                tell(f"boot: round {turn + 1} of {ROUNDS}, {kind}: {spent:.0f} ms")
    parts = [
        opening("Boot"),
        _METHOD.read_text("utf-8").strip(),
        "## What is wanted, and what came out\n\n"
        + table(["until it answers", "wanted", "found", ""], _wants(found)),
        "## Processor time and bytes\n\n"
        + table(
            ["", "milliseconds, median", "all", "MB"],
            [
                [
                    kind,
                    f"{median(one.spent):.0f}",
                    ", ".join(f"{each:.0f}" for each in one.spent),
                    f"{one.bytes / 1e6:.1f}",
                ]
                for kind, one in found.items()
            ],
        ),
        describe_machine(chromium, f"{ROUNDS} rounds"),
    ]
    return "\n\n".join(parts) + "\n"


def _boot(playwright: Playwright, address: str, script: str, given: list[str]) -> tuple[float, int]:
    """Return the milliseconds, and the bytes."""
    fetched: list[int] = []
    with _launch(playwright) as browser:
        page = browser.new_page(service_workers="block")
        page.set_default_timeout(600_000)
        page.goto(f"{address}/js/package.json")
        page.on("response", lambda one: fetched.append(int(one.headers.get("content-length", 0))))
        before = _spent_by_renderers()
        page.evaluate(script, given)
        return _spent_by_renderers() - before, sum(fetched)


def _launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(
        executable_path=find_chromium(), args=[*QUIET_FLAGS], headless=True
    )


def _spent_by_renderers() -> float:
    """Return the milliseconds of processor time of the renderers below this process."""
    below: dict[int, list[tuple[int, int]]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            values = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        below.setdefault(int(values[1]), []).append(
            (int(folder.name), int(values[11]) + int(values[12]))
        )
    ticks, parents = 0, [os.getpid()]
    while parents:
        for process, spent in below.get(parents.pop(), []):
            parents.append(process)
            ticks += spent if _is_renderer(process) else 0
    return ticks * _TICK


def _is_renderer(process: int) -> bool:
    try:
        return "--type=renderer" in Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return False


def _wants(found: dict[str, Samples]) -> list[Row]:
    rows: list[Row] = []
    bare = found["bare Pyodide"].spent
    for kind, (*_, most) in list(KINDS.items())[1:]:
        ratio = median(one / other for one, other in zip(found[kind].spent, bare, strict=True))
        what = f"{kind}: processor time, to bare Pyodide"
        rows.append([what, f"at most {most}", f"{ratio:.2f}", verdict(ratio <= most)])
    fetched = found["Python cell"].bytes
    wanted = f"at most {MOST_BYTES / 1e6:.0f} MB"
    what = "Python cell: bytes, without compression by the server"
    return [*rows, [what, wanted, f"{fetched / 1e6:.1f} MB", verdict(fetched <= MOST_BYTES)]]
