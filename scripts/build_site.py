"""Build dist/site/, one part at a time, and the Pyodide that runs tests/pyodide.

Each part owns its folders and rebuilds them from scratch, so that nothing stale remains. The
Makefile knows what each part depends on, and calls this script with the parts to build.
"""

import argparse
import base64
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path

from scripts.distribution import Distribution
from scripts.index import write_index
from scripts.lock import JsonObject, build_lock
from scripts.paths import (
    CHOICES,
    DIST,
    NPM_PYODIDE,
    PINNED_WHEELS,
    PYODIDE_FOR_TESTS,
    ROOT,
    SITE,
    WHEEL_CACHE,
)
from scripts.wheels import Platform, Wheel, fetch_wheels, read_pins

# What Pyodide loads in a browser. Its npm package also holds consoles and source maps.
PYODIDE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
# The types are served too, for people who write TypeScript against the site's modules.
MODULE_SUFFIXES = {".js", ".ts", ".json"}
# What esbuild reads; all other files of web/ are copied as they are.
BUNDLED_SUFFIXES = {".js", ".jsx", ".css", ".ts", ".tsx"}
# Half of what IPython needs, and only to complete code: python/cell.py loads it then.
LOADED_LATER = ("jedi",)
# Folders of the site that other parts make.
FOREIGN = {"pyodide", "pypi", "js", "docs"}

BuildPart = Callable[[], None]


def build_pyodide(distribution: Distribution, packages: Collection[str]) -> None:
    """Build Pyodide, its packages, and its lock file. What a page imports first is bytecode, and
    what it does not need at first is not loaded with the rest. `packages` of the distribution are
    brought along; what cannot be had is told, and the build goes on."""
    folder = emptied(SITE / "pyodide")
    wheels = _wheels("site")
    write_distribution(folder, wheels)
    subprocess.run(["node", "scripts/bytecode/compile.mjs", folder], check=True, cwd=ROOT)
    lacking = distribution.bring(packages, {wheel.name for wheel in wheels}, folder)
    write_site_lock(folder, distribution)
    _add_snapshot(folder)
    for sentence in lacking:
        print(sentence, file=sys.stderr)
    if lacking:
        CHOICES.unlink(missing_ok=True)  # so that the next `make` tries again


def write_site_lock(folder: Path, distribution: Distribution) -> None:
    """Write the lock file of a site's Pyodide: what is in its folder comes before what the
    distribution has."""
    others = distribution.entries(folder)
    _write_lock(folder, distribution.npm, later=LOADED_LATER, others=others)


def _add_snapshot(folder: Path) -> None:
    """Make the snapshot that pages start from, and name it in the lock file."""
    make = ["node", "scripts/snapshot/make.mjs", str(folder)]
    made = subprocess.run(make, check=True, cwd=ROOT, capture_output=True, text=True)
    path = folder / "pyodide-lock.json"
    lock = json.loads(path.read_text("utf-8"))
    lock["snapshot"] = {"file": made.stdout.strip(), "holds": our_wheel().name}
    path.write_text(json.dumps(lock, indent=1) + "\n", "utf-8")


def build_index() -> None:
    """Write the package index: all that the site's Pyodide has, and our wheel for tests."""
    write_index(emptied(SITE / "pypi"), [*_wheels("site"), our_wheel("runt_pyodide_testing")])


def build_js() -> None:
    _copy_tree(ROOT / "js", emptied(SITE / "js"), lambda path: path.suffix in MODULE_SUFFIXES)


def build_web() -> None:
    """Build the page, at the root of the site, and the examples beside it."""
    SITE.mkdir(parents=True, exist_ok=True)
    for path in SITE.iterdir():
        if path.is_file():
            path.unlink()
        elif path.name not in FOREIGN:
            shutil.rmtree(path)
    subprocess.run(["node", "scripts/bundle.mjs", SITE / "assets"], check=True, cwd=ROOT)
    _copy_tree(ROOT / "web", SITE, lambda path: path.suffix not in BUNDLED_SUFFIXES)
    for page in (ROOT / "docs" / "examples").glob("*.html"):
        shutil.copy(page, SITE / "examples")


def build_tests() -> None:
    """Build a Pyodide distribution for pytest-pyodide: the site's, and what tests need besides. Its
    lock file leads nowhere else, since pytest-pyodide loads whatever it knows that is in there."""
    folder = emptied(PYODIDE_FOR_TESTS)
    shutil.copytree(SITE / "pyodide", folder, dirs_exist_ok=True)
    for wheel in pinned_wheels("tests"):
        shutil.copyfile(wheel.path, folder / wheel.path.name)
    _write_lock(folder, NPM_PYODIDE, later=LOADED_LATER)


def build_files() -> None:
    """List the site's files with their hashes, by which the service worker knows them: SHA-256 in
    base64. All other parts come before this one."""
    own = ("files.json", "service-worker.js")
    paths = [path for path in sorted(SITE.rglob("*")) if path.is_file() and path.name not in own]
    files = {
        path.relative_to(SITE).as_posix(): base64.b64encode(
            hashlib.sha256(path.read_bytes()).digest()
        ).decode()
        for path in paths
    }
    (SITE / "files.json").write_text(json.dumps({"files": files}, indent=0) + "\n", "utf-8")


def parts_of(distribution: Distribution, packages: Collection[str]) -> dict[str, BuildPart]:
    return {
        "pyodide": partial(build_pyodide, distribution, packages),
        "index": build_index,
        "js": build_js,
        "web": build_web,
        "tests": build_tests,
        "files": build_files,
    }


def emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def write_distribution(folder: Path, wheels: list[Wheel], source: Path = NPM_PYODIDE) -> None:
    """Write a Pyodide with its wheels into one folder. `source` is the npm package."""
    _copy_pyodide(folder, source)
    for wheel in wheels:
        shutil.copyfile(wheel.path, folder / wheel.path.name)
    _write_lock(folder, source)


def _copy_pyodide(folder: Path, source: Path) -> None:
    for name in PYODIDE_FILES:
        shutil.copyfile(source / name, folder / name)


def _copy_tree(source: Path, target: Path, wanted: Callable[[Path], bool]) -> None:
    for path in sorted(source.rglob("*")):
        if path.is_file() and wanted(path):
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def _pyodide_info(source: Path) -> JsonObject:
    lock = json.loads((source / "pyodide-lock.json").read_text("utf-8"))
    info: JsonObject = lock["info"]
    return info


def _wheels(*tables: str) -> list[Wheel]:
    """Return the pinned wheels of these tables, and our own."""
    return [*pinned_wheels(*tables), our_wheel()]


def pinned_wheels(*tables: str) -> list[Wheel]:
    info = _pyodide_info(NPM_PYODIDE)
    platform = Platform.of(info["python"], info["abi_version"])
    return fetch_wheels(read_pins(PINNED_WHEELS, tables), WHEEL_CACHE, platform)


def our_wheel(name: str = "runt_pyodide") -> Wheel:
    ours = [Wheel(path) for path in DIST.glob(f"{name}-*.whl")]
    if len(ours) != 1:
        raise FileNotFoundError(f"dist/ holds {len(ours)} wheels of {name}: run `make dist`")
    return ours[0]


def _write_lock(
    folder: Path,
    source: Path,
    later: Collection[str] = (),
    others: Mapping[str, JsonObject] | None = None,
) -> None:
    wheels = [Wheel(path) for path in folder.glob("*.whl")]
    lock = build_lock(_pyodide_info(source), wheels, later, others)
    (folder / "pyodide-lock.json").write_text(json.dumps(lock, indent=1) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("part", nargs="+")
    parser.add_argument("--packages", default="", help="of Pyodide's distribution, with blanks")
    parser.add_argument("--distribution", default="", help="its address, or none")
    options = parser.parse_args()
    distribution = Distribution(NPM_PYODIDE, options.distribution)
    parts = parts_of(distribution, options.packages.split())
    for part in options.part:
        try:
            parts[part]()
        except (ValueError, OSError, subprocess.CalledProcessError) as error:
            sys.exit(f"Could not build the part {part!r} of the site: {error}")


if __name__ == "__main__":
    main()
