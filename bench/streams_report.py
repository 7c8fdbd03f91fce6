"""The samples as tables in Markdown, and whether they meet the goals."""

import math
from collections.abc import Iterable
from statistics import median

from bench.contest import COUNTS, OURS, PATTERNS, PEERS, PLACES, ROUNDS, Job, Results, list_jobs
from bench.markdown import Row, describe_machine, npm_version, opening, table, verdict
from scripts.paths import ROOT
from scripts.wheels import Wheel

_BASE = {
    "sse": "eventsource-parser",
    "padded": "eventsource-parser",
    "ndjson": "by hand, NDJSON",
}
_PATTERN_NAMES = {
    "64 KiB": "64 KiB writes",
    "write": "one event per write",
    "read": "one event per read",
}
METHOD = ROOT / "bench" / "method.md"
_LIMITS = {"64 KiB": 1.3, "write": 1.3, "read": 2.5}
_NPM = ("eventsource-parser", "openai", "ai", "@ai-sdk/openai-compatible", "ollama")


def write_report(results: Results, chromium: str, wheels: Iterable[Wheel]) -> str:
    parts = [
        opening("Results"),
        METHOD.read_text("utf-8").strip(),
        "## What is wanted, and what came out\n\n"
        + table(["", "wanted", "median", ""], _wants(results)),
        *(_ratios(results, kind) for kind in PEERS),
        "## Time to the first text, in milliseconds\n\n" + _firsts(results),
        "## What stays after 200 answers\n\n" + _stays(results),
        describe_machine(
            chromium,
            "npm: " + ", ".join(f"{name} {npm_version(name)}" for name in _NPM),
            "wheels: " + ", ".join(f"{wheel.name} {wheel.version}" for wheel in wheels),
            ", ".join(f"{ROUNDS[count]} rounds of {count:,} deltas" for count in COUNTS),
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _ratios(results: Results, kind: str) -> str:
    title = {
        "sse": "OpenAI chat completions, times relative to eventsource-parser with JSON.parse",
        "padded": "The same with `obfuscation`, as OpenAI's service sends it",
        "ndjson": "NDJSON of Ollama, times relative to reading by hand",
    }[kind]
    base = _BASE[kind]
    names = [OURS, *PEERS[kind]]
    rows = []
    for job in list_jobs(kind):
        cells = [
            f"{results.median_ms(job, who):,.1f} ms"
            if who == base
            else ">" * results.is_cut(job, who) + f"{results.ratio(job, who, base):.2f}"
            for who in names
        ]
        rows.append([f"{job.count:,}", _PATTERN_NAMES[job.pattern], job.where, *cells])
    return f"## {title}\n\n" + table(["deltas", "pattern", "where", *names], rows)


def _wants(results: Results) -> list[Row]:
    rows: list[Row] = []
    large = COUNTS[1:]
    for pattern in PATTERNS:
        jobs = [Job(w, "sse", pattern, n) for n in large for w in PLACES]
        name = _PATTERN_NAMES[pattern]
        rows += [
            _worst(results, jobs, "eventsource-parser", _LIMITS[pattern], name),
            _worst(results, jobs, "openai (JS)", 1.0, name),
            _worst(results, jobs, "openai (Python)", 1 / 20, name),
        ]
    for where in PLACES:
        more = _first_difference(results, where, "fetch")
        what = f"first text after the call of fetch, {where}: more than plain JavaScript"
        rows.append([what, "at most 2 ms", f"{more:.2f} ms", verdict(more <= 2)])
        for pattern in PATTERNS:
            power = _exponent(results, where, pattern)
            what = f"growth from 1,000 to 100,000, {_PATTERN_NAMES[pattern]}, {where}"
            rows.append([what, "exponent at most 1.05", f"{power:.2f}", verdict(power <= 1.05)])
        before, after = results.before[where], results.after[where]
        same = all(before[key] == after[key] for key in ("heap", "proxies"))
        what = f"heap and proxies after 200 answers, {where}"
        rows.append([what, "as before", "as before" if same else "more", verdict(same)])
    return rows


def _worst(results: Results, jobs: list[Job], peer: str, limit: float, name: str) -> Row:
    """Ours to a peer, in the worst of the places and counts."""
    ratio, job = max((results.ratio(job, OURS, peer), job) for job in jobs)
    # Of a peer that was cut off ours takes less than this.
    said = "<" * results.is_cut(job, peer) + f"{ratio:.2f}"
    said += f" ({job.count:,}, {job.where})"
    return [f"{OURS} to {peer}, {name}", f"at most {limit:g}", said, verdict(ratio <= limit)]


def _first_difference(results: Results, where: str, key: str) -> float:
    pairs = zip(results.firsts[where, OURS], results.firsts[where, "plain"], strict=True)
    return median(ours[key] - plain[key] for ours, plain in pairs)


def _exponent(results: Results, where: str, pattern: str) -> float:
    few, many = COUNTS[0], COUNTS[-1]
    times = [results.median_ms(Job(where, "sse", pattern, n), OURS) for n in (few, many)]
    return math.log(times[1] / times[0]) / math.log(many / few)


def _firsts(results: Results) -> str:
    rows = []
    for where in PLACES:
        for key, name in (("fetch", "from the call of fetch"), ("page", "from the commit")):
            medians = [median(s[key] for s in results.firsts[where, w]) for w in (OURS, "plain")]
            more = _first_difference(results, where, key)
            rows.append([where, name, *(f"{ms:.2f}" for ms in medians), f"{more:+.2f}"])
    return table(["where", "", OURS, "plain JavaScript", "difference"], rows)


def _stays(results: Results) -> str:
    rows = [
        [where, name, f"{results.before[where][key]:,}", f"{results.after[where][key]:,}"]
        for where in PLACES
        for key, name in (
            ("heap", "WebAssembly memory, bytes"),
            ("proxies", "live proxies"),
            ("objects", "Python objects that the collector tracks"),
        )
    ]
    return table(["where", "", "before", "after"], rows)
