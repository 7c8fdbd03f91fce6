"""What is measured: which reader reads what, where and how often; interleaved, in one page."""

import random
import time
from collections import defaultdict
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from itertools import product
from statistics import median
from typing import Any

from bench.streams import build_answer

OURS = "runt-pyodide"
PLACES = ("page", "worker")
PATTERNS = ("64 KiB", "write", "read")
COUNTS = (1_000, 10_000, 100_000)
PEERS = {
    "sse": ("bare", "by hand", "eventsource-parser", "openai (JS)", "AI SDK", "openai (Python)"),
    "padded": ("eventsource-parser",),
    "ndjson": ("by hand, NDJSON", "ollama (JS)"),
}
# How often each reads an answer of so many deltas: long ones vary less, and take long.
ROUNDS = {1_000: 7, 10_000: 7, 100_000: 3}
FIRST_ROUNDS = 60
ANSWERS_IN_A_ROW = 200

# Peers that take very long are cut off at so many times the time of ours in the same round, which
# goes before them: they count as having taken that long at the least. Else one run would take an
# hour and more.
_LIMITS = {
    10_000: {"openai (Python)": 25, "openai (JS)": 5, "AI SDK": 5},
    100_000: {"openai (Python)": 22, "openai (JS)": 2, "AI SDK": 2},
}

Call = Callable[..., Any]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Job:
    """One kind of answer, in one pattern, in one place."""

    where: str
    kind: str
    pattern: str
    count: int

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "pattern": self.pattern, "count": self.count}


@dataclass(frozen=True)
class Sample:
    """Milliseconds; ``cut`` where it would have been more."""

    ms: float
    cut: bool = False


@dataclass
class Results:
    """The samples of a job in the order of the rounds, and what else was found."""

    runs: dict[tuple[Job, str], list[Sample]] = field(default_factory=lambda: defaultdict(list))
    firsts: dict[tuple[str, str], list[dict[str, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    before: dict[str, dict[str, int]] = field(default_factory=dict)
    after: dict[str, dict[str, int]] = field(default_factory=dict)

    def median_ms(self, job: Job, who: str) -> float:
        return median(sample.ms for sample in self.runs[job, who])

    def is_cut(self, job: Job, who: str) -> bool:
        """Whether the median is only known to be more."""
        samples = self.runs[job, who]
        return sum(sample.cut for sample in samples) * 2 > len(samples)

    def ratio(self, job: Job, who: str, base: str) -> float:
        """The median of the rounds' ratios."""
        pairs = zip(self.runs[job, who], self.runs[job, base], strict=True)
        return median(one.ms / other.ms for one, other in pairs)


def list_jobs(kind: str) -> Iterator[Job]:
    """The padded kind is OpenAI's own; it differs where much comes at once."""
    patterns = PATTERNS[:1] if kind == "padded" else PATTERNS
    for count, pattern, where in product(COUNTS, patterns, PLACES):
        yield Job(where, kind, pattern, count)


class Contest:
    """Runs it. ``call`` calls a function of the page, ``tell`` says how far it is."""

    def __init__(self, call: Call, tell: Tell) -> None:
        self._call = call
        self._tell = tell
        self._random = random.Random(8)
        self.results = Results()

    def run_all(self) -> None:
        for where in PLACES:
            self.count_what_stays(where)
            self.time_firsts(where)
        for kind in PEERS:
            for job in list_jobs(kind):
                self.run_job(job)

    def run_job(self, job: Job) -> None:
        began = time.monotonic()
        self._call("prepare", job.where, job.to_json())
        everybody = [OURS, *PEERS[job.kind]]
        factors = _LIMITS.get(job.count, {})
        # The first time is for the compilers.
        for who in everybody:
            if who not in factors:
                self._run(job, who, None)
        for _ in range(ROUNDS[job.count]):
            limits: dict[str, float] = {}
            for who in self._draw_order(everybody, factors):
                sample = self._run(job, who, limits.get(who))
                self.results.runs[job, who].append(sample)
                if who == OURS:
                    limits = {peer: sample.ms * factor for peer, factor in factors.items()}
        self._tell(f"{job} {time.monotonic() - began:.1f} s {self._summary(job, everybody)}")

    def _draw_order(self, everybody: list[str], late: Container[str]) -> list[str]:
        drawn = self._random.sample(everybody, len(everybody))
        return sorted(drawn, key=lambda who: who in late)

    def _run(self, job: Job, who: str, limit: float | None) -> Sample:
        answer = build_answer(job.kind, job.count)
        expected = str(len(answer.body)) if who == "bare" else answer.text
        got = self._call("run", job.where, who, job.to_json(), limit)
        if got["text"] is None:
            return Sample(got["ms"], cut=True)
        if got["text"] != expected:
            raise ValueError(f"{who} read another text: {job}")
        return Sample(got["ms"])

    def _summary(self, job: Job, everybody: list[str]) -> str:
        return ", ".join(
            f"{who} {'>' * self.results.is_cut(job, who)}{self.results.median_ms(job, who):.1f} ms"
            for who in everybody
        )

    def time_firsts(self, where: str) -> None:
        job = Job(where, "sse", "paced", 10)
        self._call("prepare", where, job.to_json())
        for turn in range(FIRST_ROUNDS + 10):
            for who in self._random.sample([OURS, "plain"], 2):
                got = self._call("first", where, who, job.to_json())
                if turn >= 10:
                    self.results.firsts[where, who].append(got)
        self._tell(f"first text, {where}")

    def count_what_stays(self, where: str) -> None:
        job = Job(where, "sse", "write", 100)
        self._call("prepare", where, job.to_json())
        self._call("trace", where, True)
        self._call("repeat", where, 30)
        self.results.before[where] = self._measure(where)
        text = self._call("repeat", where, ANSWERS_IN_A_ROW)
        self.results.after[where] = self._measure(where)
        self._call("trace", where, False)
        if text != build_answer(job.kind, job.count).text:
            raise ValueError(f"another text at the end of {ANSWERS_IN_A_ROW} answers")
        self._tell(f"what stays, {where}: {self.results.before[where]} {self.results.after[where]}")

    def _measure(self, where: str) -> dict[str, int]:
        # Timers that are set end within a second.
        time.sleep(1.5)
        measured: dict[str, int] = self._call("measure", where)
        return measured
