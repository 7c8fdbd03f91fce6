"""`python -m bench.run`: runs the benchmark in Chromium, prints the tables, writes RESULTS.md."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from bench.contest import Contest
from bench.report import write_report
from bench.server import serving
from scripts.paths import BUILD, ROOT, SITE
from scripts.wheels import Platform, Wheel, fetch_wheels, read_pins

HERE = ROOT / "bench"
PAGES = BUILD / "bench"
RESULTS = HERE / "RESULTS.md"
CHROMIUM = shutil.which("chromium") or "chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def build_pages() -> list[Wheel]:
    """The pages, bundled with the peers, and the wheels of the openai Python SDK."""
    PAGES.mkdir(parents=True, exist_ok=True)
    command = ["node_modules/.bin/esbuild", "bench/page/page.js", "bench/page/worker.js"]
    command += ["--bundle", "--format=esm", "--target=es2022", f"--outdir={PAGES}"]
    command += ["--external:/js/*", "--log-level=warning"]
    subprocess.run(command, cwd=ROOT, check=True)
    shutil.copy(HERE / "page" / "index.html", PAGES)
    shutil.copytree(HERE / "page" / "pyodide", PAGES / "pyodide", dirs_exist_ok=True)
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


def main() -> None:
    wheels = build_pages()
    sdk = (HERE / "page" / "sdk.py").read_text("utf-8")
    with serving(PAGES) as site, opened(f"{site.address}/bench/index.html"):
        urls = [f"{site.address}/bench/wheels/{wheel.path.name}" for wheel in wheels]
        site.call("open", {"wheels": urls, "sdk": sdk})
        contest = Contest(site.call, lambda line: print(line, file=sys.stderr, flush=True))
        contest.run_all()
    version = subprocess.run([CHROMIUM, "--version"], capture_output=True, text=True, check=True)
    report = write_report(contest.results, version.stdout.split()[1], wheels)
    RESULTS.write_text(report, "utf-8")
    print(report)


if __name__ == "__main__":
    main()
