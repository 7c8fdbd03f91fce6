"""`python -m bench.run [part ...]`: runs the benchmark, or parts of it, each in its own Chromium;
prints the tables and writes them beside this file."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from bench.asks import measure_asks
from bench.boot import measure_boot
from bench.contest import PLACES, Call, Contest, Tell
from bench.demo import measure_demo
from bench.live_store import measure_live_store
from bench.notebooks import measure_notebooks
from bench.server import serving
from bench.streams_report import write_report
from scripts.paths import BUILD, ROOT, SITE
from scripts.wheels import Platform, Wheel, fetch_wheels, read_pins

HERE = ROOT / "bench"
PAGES = BUILD / "bench"
CHROMIUM = shutil.which("chromium") or "chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def build_pages() -> None:
    """The pages, bundled with the peers."""
    PAGES.mkdir(parents=True, exist_ok=True)
    command = ["node_modules/.bin/esbuild", "bench/page/page.js", "bench/page/worker.js"]
    command += ["--bundle", "--format=esm", "--target=es2022", f"--outdir={PAGES}"]
    command += ["--external:/js/*", "--log-level=warning"]
    subprocess.run(command, cwd=ROOT, check=True)
    shutil.copy(HERE / "page" / "index.html", PAGES)
    shutil.copytree(HERE / "page" / "pyodide", PAGES / "pyodide", dirs_exist_ok=True)


def fetch_sdk() -> list[Wheel]:
    """The wheels of the openai Python SDK, and of what it needs."""
    info = json.loads((SITE / "pyodide" / "pyodide-lock.json").read_text())["info"]
    platform = Platform.of(info["python"], info["abi_version"])
    return fetch_wheels(read_pins(HERE / "wheels.toml", ["bench"]), PAGES / "wheels", platform)


@contextmanager
def opened(url: str) -> Iterator[None]:
    """A Chromium without DevTools that shows the page."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [CHROMIUM, "--headless", *FLAGS, f"--user-data-dir={profile}", url]
        quiet = subprocess.DEVNULL
        with subprocess.Popen(command, stdout=quiet, stderr=quiet) as chromium:
            try:
                yield
            finally:
                chromium.terminate()


def measure_streams(call: Call, tell: Tell, chromium: str) -> str:
    """The report. ``call`` calls a function of the page, ``tell`` says how far it is."""
    wheels = fetch_sdk()
    urls = [f"/bench/wheels/{wheel.path.name}" for wheel in wheels]
    call("open", PLACES)
    for where in PLACES:
        call("loadWheels", where, urls)
        call("loadPython", where, "bench_sdk", (HERE / "page" / "sdk.py").read_text("utf-8"))
    contest = Contest(call, tell)
    contest.run_all()
    return write_report(contest.results, chromium, wheels)


def in_bench_page(measure: Callable[[Call, Tell, str], str]) -> Callable[[Tell], str]:
    """A part that runs in the benchmark's own page."""

    def run(tell: Tell) -> str:
        said = subprocess.run([CHROMIUM, "--version"], capture_output=True, text=True, check=True)
        with serving(PAGES) as site, opened(f"{site.address}/bench/index.html"):
            return measure(site.call, tell, said.stdout.split()[1])

    return run


def in_demo(tell: Tell) -> str:
    with serving(PAGES) as site:
        return measure_demo(site.address, tell)


def in_empty_page(tell: Tell) -> str:
    with serving(PAGES) as site:
        return measure_boot(site.address, tell)


def without_page(measure: Callable[[Tell, str], str]) -> Callable[[Tell], str]:
    """A part that needs no browser."""

    def run(tell: Tell) -> str:
        said = subprocess.run([CHROMIUM, "--version"], capture_output=True, text=True, check=True)
        return measure(tell, said.stdout.split()[1])

    return run


# The parts, and where the results of each are written.
PARTS: dict[str, tuple[Callable[[Tell], str], str]] = {
    "streams": (in_bench_page(measure_streams), "RESULTS.md"),
    "notebooks": (in_bench_page(measure_notebooks), "RESULTS-notebooks.md"),
    "asks": (without_page(measure_asks), "RESULTS-asks.md"),
    "live_store": (without_page(measure_live_store), "RESULTS-live_store.md"),
    "demo": (in_demo, "RESULTS-demo.md"),
    "boot": (in_empty_page, "RESULTS-boot.md"),
}


def main(names: Sequence[str]) -> None:
    if unknown := set(names) - set(PARTS):
        sys.exit(f"There is no part {', '.join(unknown)}; known: {', '.join(PARTS)}.")
    build_pages()
    for name in names or PARTS:
        measure, file = PARTS[name]
        report = measure(tell)
        (HERE / file).write_text(report, "utf-8")
        print(report)


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
