"""Many questions, asked in CPython with the Test provider: in a row, and at once."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from statistics import median
from time import process_time

from bench.contest import Tell
from bench.markdown import Row, describe_machine, opening, table, verdict
from runt_pyodide.asking.ask import Ask, configure
from scripts.paths import ROOT

FEW, MANY = 100, 1_000
ROUNDS = 5
_METHOD = ROOT / "bench" / "asks.md"
Work = Callable[[Ask, int], Awaitable[None]]


async def _in_a_row(ask: Ask, count: int) -> None:
    for number in range(count):
        await ask(f"Is {number} a prime?")


async def _at_once(ask: Ask, count: int) -> None:
    await asyncio.gather(*(ask(f"Is {number} a prime?") for number in range(count)))


WAYS: dict[str, Work] = {"in a row": _in_a_row, "at once": _at_once}


async def _time(work: Work, count: int) -> float:
    """Milliseconds of the processor for each of so many questions of a new conversation."""
    ask = Ask()
    gc.collect()
    began = process_time()
    await work(ask, count)
    return (process_time() - began) * 1000 / count


async def _measure(tell: Tell) -> dict[tuple[str, int], list[float]]:
    configure("test", responses=[{"pattern": "", "text": "Yes, as far as I know."}])
    took: dict[tuple[str, int], list[float]] = {}
    await _time(_in_a_row, FEW)  # the first time is for the caches
    for turn in range(ROUNDS):
        for way, work in WAYS.items():
            for count in (FEW, MANY):
                took.setdefault((way, count), []).append(await _time(work, count))
        tell(f"asks: round {turn + 1} of {ROUNDS}")
    return took


def measure_asks(tell: Tell, chromium: str) -> str:
    """The report."""
    took = asyncio.run(_measure(tell))
    ratios = {
        way: median(many / few for few, many in zip(took[way, FEW], took[way, MANY], strict=True))
        for way in WAYS
    }
    wants: list[Row] = []
    for way, ratio in ratios.items():
        what = f"time of a question, {MANY:,} {way} to {FEW}"
        wants.append([what, "at most 1.5", f"{ratio:.2f}", verdict(ratio <= 1.5)])
    times: list[Row] = [
        [way, f"{count:,}", f"{median(samples):.2f}"] for (way, count), samples in took.items()
    ]
    parts = [
        opening("Many questions"),
        _METHOD.read_text("utf-8").strip(),
        "## What is wanted, and what came out\n\n" + table(["", "wanted", "median", ""], wants),
        "## Times\n\n" + table(["", "questions", "ms for each"], times),
        describe_machine(chromium, f"{ROUNDS} rounds"),
    ]
    return "\n\n".join(parts) + "\n"
