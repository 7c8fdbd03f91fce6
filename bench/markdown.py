"""What all reports share: tables in Markdown, verdicts, and the machine that was measured."""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from scripts.paths import ROOT, SITE

Row = Sequence[object]


def opening(title: str) -> str:
    return f"# {title}\n\nMeasured on {datetime.now(UTC):%Y-%m-%d} by `make bench`."


def table(head: Row, rows: Iterable[Row]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def verdict(holds: bool) -> str:
    return "holds" if holds else "**does not hold**"


def describe_machine(chromium: str, *more: str) -> str:
    """Processor, load and versions, and ``more`` lines of the part's own."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    info = json.loads((SITE / "pyodide" / "pyodide-lock.json").read_text("utf-8"))["info"]
    lines = [
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.platform()}",
        f"load average at the end: {os.getloadavg()[2]:.1f} over 15 minutes",
        f"Chromium {chromium}, Python {info['python']} in Pyodide {npm_version('pyodide')}",
        *more,
    ]
    return "## On what\n\n" + "\n".join(f"- {line}" for line in lines)


def npm_version(name: str) -> str:
    package = ROOT / "node_modules" / name / "package.json"
    version: str = json.loads(package.read_text("utf-8"))["version"]
    return version


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()
