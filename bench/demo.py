"""The demo page at work: its frames while an answer streams into a large notebook, and the memory
that many answers leave in use."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright

from bench.markdown import Row, describe_machine, opening, table, verdict
from bench.streams import cut_text
from scripts.chromium import QUIET_FLAGS, find_chromium
from scripts.paths import ROOT

CELLS = 500
DELTAS = 2_000
ANSWERS = 50
ROUNDS = 5
LONGEST_FRAME = 50  # milliseconds
_METHOD = ROOT / "bench" / "demo.md"
_BOOT = 120_000  # milliseconds
_ASKED = "asked"
# Of Chromium's own figures.
_COUNTED = {"Nodes": "DOM nodes", "JSEventListeners": "event listeners"}

# Every frame, and those that Chromium calls long.
_WATCH = """() => {
  const frames = { gaps: [], long: [] };
  const observer = new PerformanceObserver((list) => {
    for (const { duration, blockingDuration, scripts } of list.getEntries()) {
      frames.long.push({ duration, blockingDuration, scripts: scripts.map((s) => s.invoker) });
    }
  });
  observer.observe({ type: "long-animation-frame" });
  let last = performance.now();
  let request = requestAnimationFrame(function look(now) {
    frames.gaps.push(now - last);
    last = now;
    request = requestAnimationFrame(look);
  });
  globalThis.benchFrames = () => {
    cancelAnimationFrame(request);
    observer.disconnect();
    return frames;
  };
}"""


_ASK = """(id) => new Promise((resolve, reject) => {
  let isPast = true;
  const stop = runt.store.subscribe((events) => {
    const end = events.find(({ name }) => name === "v1.ExecutionCompleted");
    if (isPast) document.querySelector(`[data-cell-id=${id}] [data-testid=run]`).click();
    else if (end) {
      stop();
      if (end.args.status === "success") requestAnimationFrame(() => resolve());
      else reject(new Error(end.args.error));
    }
    isPast = false;
  });
})"""


@dataclass
class Samples:
    """Milliseconds between frames, of the long ones, and of the page's thread in these beyond 50, a
    list a round; counts by name."""

    gaps: list[list[float]] = field(default_factory=list)
    long: list[list[float]] = field(default_factory=list)
    blocking: list[list[float]] = field(default_factory=list)
    before: dict[str, int] = field(default_factory=dict)
    after: dict[str, int] = field(default_factory=dict)


class Demo:
    """The page with its notebook."""

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        self._address = address
        self._devtools = page.context.new_cdp_session(page)
        self._cell = page.get_by_test_id(f"cell-{_ASKED}")

    def open(self) -> None:
        page = self._page
        page.goto(f"{self._address}/?memory=empty")
        status = page.get_by_test_id("status")
        expect(status).to_have_attribute("data-status", "ready", timeout=_BOOT)
        page.evaluate("(events) => runt.store.commit(...events)", [*_write_notebook()])
        expect(self._cell).to_be_attached(timeout=_BOOT)
        self._cell.scroll_into_view_if_needed()

    def aim(self, pattern: str) -> None:
        """Point the runtime at an answer."""
        url = f"{self._address}/answers/sse/{pattern}/{DELTAS}"
        provider = {"openai": {"baseUrl": url, "model": "m"}}
        config = {"defaultProvider": "openai", "providers": provider}
        self._page.evaluate("(config) => runt.runtime.configure(config)", config)

    def ask(self) -> None:
        """Run the cell, and wait for its end without a look at the page, which takes its time."""
        self._page.evaluate(_ASK, _ASKED)

    def watch_answer(self) -> dict[str, Any]:
        """The frames of one answer."""
        self._page.evaluate(_WATCH)
        self.ask()
        frames: dict[str, Any] = self._page.evaluate("benchFrames()")
        return frames

    def count(self) -> dict[str, int]:
        self._devtools.send("Performance.enable")
        for _ in range(3):  # what one collection lets go of, the next one frees
            self._devtools.send("HeapProfiler.collectGarbage")
        figures = self._devtools.send("Performance.getMetrics")["metrics"]
        return {one["name"]: round(one["value"]) for one in figures}


def measure_demo(address: str, tell: Any) -> str:
    """The report. ``address`` serves the site and the answers, ``tell`` says how far it is."""
    samples = Samples()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*QUIET_FLAGS], headless=True
        )
        demo = Demo(browser.new_page(service_workers="block"), address)
        demo.open()
        demo.aim("typed")
        demo.ask()  # the first time is for the compilers
        for turn in range(ROUNDS):
            frames = demo.watch_answer()
            samples.gaps.append(frames["gaps"])
            samples.long.append([one["duration"] for one in frames["long"]])
            samples.blocking.append([one["blockingDuration"] for one in frames["long"]])
            tell(f"demo: round {turn + 1} of {ROUNDS}, long frames {frames['long']}")
        demo.aim("write")
        for _ in range(5):
            demo.ask()
        samples.before = demo.count()
        for _ in range(ANSWERS):
            demo.ask()
        samples.after = demo.count()
        tell(f"demo: {ANSWERS} answers")
        chromium = browser.version
        browser.close()
    return _report(samples, chromium)


def _report(samples: Samples, chromium: str) -> str:
    counted = {**_COUNTED, "JSHeapUsedSize": "JavaScript heap, bytes"}
    parts = [
        opening("The demo page"),
        _METHOD.read_text("utf-8").strip(),
        "## What is wanted, and what came out\n\n"
        + table(["", "wanted", "found", ""], _wants(samples)),
        "## Frames while the answer streams, in milliseconds\n\n"
        + table(
            ["round", "frames", "median", "95 of 100 within", "longest", "over 50", "blocked"],
            [_describe_round(samples, number) for number in range(ROUNDS)],
        ),
        f"## What stays after {ANSWERS} answers\n\n"
        + table(
            ["", "before", "after"],
            [
                [name, f"{samples.before[key]:,}", f"{samples.after[key]:,}"]
                for key, name in counted.items()
            ],
        ),
        describe_machine(chromium, f"{ROUNDS} rounds"),
    ]
    return "\n\n".join(parts) + "\n"


def _wants(samples: Samples) -> list[Row]:
    blocked = sum(one > 0 for blocking in samples.blocking for one in blocking)
    what = f"frames that the page held up for more than {LONGEST_FRAME} ms, all rounds"
    rows: list[Row] = [[what, "none", blocked or "none", verdict(not blocked)]]
    for key, name in _COUNTED.items():
        more = samples.after[key] - samples.before[key]
        rows.append(
            [f"{name} after {ANSWERS} answers", "as before", f"{more:+,}", verdict(more <= 0)]
        )
    ratio = samples.after["JSHeapUsedSize"] / samples.before["JSHeapUsedSize"]
    what = f"JavaScript heap after {ANSWERS} answers, to before"
    return [*rows, [what, "at most 1.1", f"{ratio:.2f}", verdict(ratio <= 1.1)]]


def _describe_round(samples: Samples, number: int) -> Row:
    gaps = sorted(samples.gaps[number])
    blocked = sum(one > 0 for one in samples.blocking[number])
    within = gaps[int(len(gaps) * 0.95)]
    figures = [f"{one:.1f}" for one in (median(gaps), within, gaps[-1])]
    return [number + 1, f"{len(gaps):,}", *figures, len(samples.long[number]), blocked]


def _write_notebook() -> Iterator[dict[str, Any]]:
    """The events that make it: cells of all kinds, each third one with an output or two."""
    texts = random.Random(8)
    sample = "".join(cut_text(2_000))
    for number in range(CELLS):
        id, kind = f"c{number}", ("markdown", "code", "ai", "code")[number % 4]
        start = texts.randrange(len(sample) // 2)
        text = sample[start : start + texts.randrange(100, 1_500)]
        source = (
            f"x = {number}\nprint(x * 2)\n" * (1 + number % 5) if kind == "code" else text[:200]
        )
        if number == CELLS - 1:
            id, kind, source = _ASKED, "ai", "Tell me everything."
        yield from _write_cell(id, kind, number, source)
        content = {"type": "inline", "data": text}
        if kind == "ai" and id != _ASKED:
            yield _event(
                "v1.MarkdownOutputAdded", id=f"o{id}", cellId=id, position=0, content=content
            )
        elif kind == "code":
            yield _event(
                "v1.TerminalOutputAdded",
                id=f"o{id}",
                cellId=id,
                position=0,
                content=content,
                streamName="stdout",
            )


def _write_cell(id: str, kind: str, number: int, source: str) -> Iterator[dict[str, Any]]:
    index = f"a{number:04d}i"
    yield _event("v2.CellCreated", id=id, cellType=kind, fractionalIndex=index, createdBy="bench")
    yield _event("v1.CellSourceChanged", id=id, source=source, modifiedBy="bench")


def _event(name: str, **args: Any) -> dict[str, Any]:
    return {"name": name, "args": args}
