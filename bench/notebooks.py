"""Large notebooks in the worker: the replay of a log, and building the context of a prompt."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import product
from statistics import median

from bench.contest import Call, Tell
from bench.markdown import Row, describe_machine, opening, table, verdict
from scripts.paths import ROOT

REPLAYS = (1_000, 10_000, 100_000)
NOTEBOOKS = (1_000, 10_000)
ROUNDS = 9
WHERE = "worker"
_CODE = ROOT / "bench" / "page" / "notebooks.py"
_METHOD = ROOT / "bench" / "notebooks.md"
_GATHER = {False: "as it was", True: "after a cell was created"}


@dataclass
class Samples:
    """Milliseconds, in the order of the rounds."""

    replays: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    contexts: dict[tuple[int, bool], list[float]] = field(default_factory=lambda: defaultdict(list))

    def per_event(self, count: int) -> float:
        """Microseconds."""
        return median(self.replays[count]) / count * 1000


def measure_notebooks(call: Call, tell: Tell, chromium: str) -> str:
    """The report."""
    call("open", [WHERE])
    call("loadPython", WHERE, "bench_notebooks", _CODE.read_text("utf-8"))
    samples, order = Samples(), random.Random(8)
    for turn in range(-1, ROUNDS):
        for count in order.sample(REPLAYS, len(REPLAYS)):
            took = call("python", WHERE, "bench_notebooks", "replay", [count])
            if turn >= 0:  # the first time is for the compilers
                samples.replays[count].append(took)
        jobs = list(product(NOTEBOOKS, (False, True)))
        for cells, edited in order.sample(jobs, len(jobs)):
            took = call("python", WHERE, "bench_notebooks", "gather", [cells, edited])
            if turn >= 0:
                samples.contexts[cells, edited].append(took)
        tell(f"notebooks: round {turn + 1} of {ROUNDS}")
    return _report(samples, chromium)


def _report(samples: Samples, chromium: str) -> str:
    parts = [
        opening("Large notebooks"),
        _METHOD.read_text("utf-8").strip(),
        "## What is wanted, and what came out\n\n"
        + table(["", "wanted", "median", ""], _wants(samples)),
        "## Replay\n\n"
        + table(
            ["events", "ms", "µs per event"],
            [
                [f"{n:,}", f"{median(samples.replays[n]):,.1f}", f"{samples.per_event(n):.1f}"]
                for n in REPLAYS
            ],
        ),
        "## Context\n\n"
        + table(
            ["cells", "the notebook", "ms"],
            [
                [f"{cells:,}", _GATHER[edited], f"{median(samples.contexts[cells, edited]):.1f}"]
                for cells, edited in product(NOTEBOOKS, _GATHER)
            ],
        ),
        describe_machine(chromium, f"{ROUNDS} rounds"),
    ]
    return "\n\n".join(parts) + "\n"


def _wants(samples: Samples) -> list[Row]:
    few, many = REPLAYS[0], REPLAYS[-1]
    ratio = samples.per_event(many) / samples.per_event(few)
    what = f"replay: time per event, {many:,} events to {few:,}"
    rows: list[Row] = [[what, "at most 1.3", f"{ratio:.2f}", verdict(ratio <= 1.3)]]
    few, many = NOTEBOOKS
    for edited, name in _GATHER.items():
        pairs = zip(samples.contexts[many, edited], samples.contexts[few, edited], strict=True)
        ratio = median(large / small for large, small in pairs)
        what = f"context, {many:,} cells to {few:,}, {name}"
        rows.append([what, "at most 1.5", f"{ratio:.2f}", verdict(ratio <= 1.5)])
    return rows
