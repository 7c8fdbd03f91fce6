"""A streamed piece in the tables of the runt notebooks: with none before it, and with many."""

import json
import subprocess
from statistics import median

from bench.contest import Tell
from bench.markdown import Row, describe_machine, opening, table, verdict
from scripts.paths import ROOT

MANY = 50_000
ROUNDS = 7
KINDS = ("deltas", "prints")
_METHOD = ROOT / "bench" / "live_store.md"


def _measure(kind: str) -> dict[str, list[float]]:
    """Milliseconds of a commit, by round: with ``none``, and with ``much`` there."""
    command = ["node", "bench/live_store.mjs", kind, str(MANY), str(ROUNDS)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    took: dict[str, list[float]] = json.loads(ran.stdout.splitlines()[-1])
    return took


def measure_live_store(tell: Tell, chromium: str) -> str:
    """The report."""
    wants: list[Row] = []
    times: list[Row] = []
    for kind in KINDS:
        took = _measure(kind)
        tell(f"live_store: {kind}")
        pairs = zip(took["none"], took["much"], strict=True)
        ratio = median(much / none for none, much in pairs)
        what = f"a commit with {MANY:,} {kind} there to one with none"
        wants.append([what, "at most 1.3", f"{ratio:.2f}", verdict(ratio <= 1.3)])
        times.append([kind, *(f"{median(took[name]):.2f}" for name in ("none", "much"))])
    parts = [
        opening("Streaming into a runt notebook"),
        _METHOD.read_text("utf-8").strip(),
        "## What is wanted, and what came out\n\n" + table(["", "wanted", "median", ""], wants),
        "## Times\n\n" + table(["ms for a commit", "none", f"{MANY:,}"], times),
        describe_machine(chromium, f"{ROUNDS} rounds of 50 commits, Node"),
    ]
    return "\n\n".join(parts) + "\n"
