"""The package in production builds of Vite (with React), webpack and esbuild: installed from the
file that `npm pack` makes, with Python's files beside the page or on another origin."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from scripts.paths import BUILD, ROOT, SITE
from scripts.serve import serving

PROJECTS = ROOT / "docs" / "examples" / "bundlers"
# Below the repository, so that the bundlers and React are found where it has them.
WORK = BUILD / "bundles"
WEBPACK = """
import webpack from "webpack";
import config from "./webpack.config.mjs";
webpack(config, (error, stats) => {
  const { errors, warnings } = stats?.compilation ?? { errors: [error], warnings: [] };
  for (const one of [...errors, ...warnings]) throw one;
});
"""
BUILDS = {
    "vite": ("react", [ROOT / "node_modules" / ".bin" / "vite", "build"]),
    "webpack": ("plain", ["node", "--input-type=module", "--eval", WEBPACK]),
    "esbuild": ("plain", ["node", "esbuild.mjs"]),
}


@pytest.fixture(scope="module")
def packed() -> Path:
    """A folder for projects, in which the package is installed."""
    shutil.rmtree(WORK, ignore_errors=True)
    installed = WORK / "node_modules" / "runt-pyodide"
    installed.mkdir(parents=True)
    run(["npm", "pack", ROOT / "js", "--pack-destination", WORK], WORK)
    (archive,) = WORK.glob("*.tgz")
    run(["tar", "-xzf", archive, "--strip-components=1", "-C", installed], WORK)
    return WORK


def run(command: list[str | Path], folder: Path, **variables: str) -> None:
    environment = {**os.environ, **variables}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


@pytest.fixture(params=BUILDS)
def built(request: pytest.FixtureRequest, packed: Path, site: str) -> Iterator[str]:
    """The address of a page. With Vite, everything is on one origin; with webpack, the page, its
    scripts and Python on three."""
    source, command = BUILDS[request.param]
    project = packed / request.param
    dist, pages = project / "dist", project / "pages"
    shutil.copytree(PROJECTS / source, project)
    for folder in (dist, pages):
        folder.mkdir()
    with serving(dist) as assets, serving(pages) as elsewhere:
        if request.param == "vite":
            (project / "public").mkdir()
            for name in ("pyodide", "pypi"):
                (project / "public" / name).symlink_to(SITE / name)
        run(command, project, PYTHON=site, ASSETS=f"{assets}/")
        scripts = [path.name for path in dist.rglob("*") if path.suffix == ".js"]
        assert len(scripts) == 2, scripts  # the page's and the workers': nothing by mistake
        page = (project / "index.html").read_text("utf-8")
        if request.param == "esbuild":
            (dist / "index.html").write_text(page, "utf-8")
        if request.param == "webpack":
            page = page.replace("main.js", f"{assets}/main.js")
            (pages / "index.html").write_text(page, "utf-8")
        yield elsewhere if request.param == "webpack" else assets


def test_a_bundled_page_runs_a_python_cell_and_an_ai_cell(built: str, page: Page) -> None:
    page.goto(f"{built}/")
    outputs = page.locator("pre")
    expect(outputs).to_have_count(2)
    page.get_by_role("button", name="Run all").click()
    expect(outputs).to_have_text(["42\n", "It printed **42**."])
    assert len(page.workers) == 2
