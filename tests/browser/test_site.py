"""What `make dist` builds: the wheel, the index, and a site that needs no other."""

import base64
import hashlib
import json
import subprocess
import sys
import zipfile
from email.parser import BytesParser
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page

from runt_pyodide import __version__
from scripts.paths import DIST, ROOT, SITE
from scripts.serve import serving

WHEEL = DIST / f"runt_pyodide-{__version__}-py3-none-any.whl"
DIST_INFO = f"runt_pyodide-{__version__}.dist-info"
APART = {
    "runt_pyodide_command_line": "runt_pyodide/command_line",
    "runt_pyodide_testing": "runt_pyodide/testing",
}
PROJECTS = sorted(path.parent.name for path in SITE.glob("pypi/simple/*/index.json"))


# ---- The wheel ----


def test_wheel_is_small() -> None:
    assert WHEEL.stat().st_size < 650_000


def sources_of(package: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / package).rglob("*")
        if path.suffix in (".py", ".json") or path.name == "py.typed"
    }


def test_wheel_holds_the_package_as_it_is_and_its_metadata_alone() -> None:
    sources = sources_of("runt_pyodide").difference(*map(sources_of, APART.values()))
    metadata = {
        f"{DIST_INFO}/{name}" for name in ("METADATA", "WHEEL", "RECORD", "licenses/LICENSE")
    }
    with zipfile.ZipFile(WHEEL) as archive:
        names = archive.namelist()
        kept = {name: archive.read(name) == (ROOT / name).read_bytes() for name in sources}
    assert all(kept.values()), kept  # docstrings and comments too
    assert sorted(names) == sorted(sources | metadata)
    assert "runt_pyodide/py.typed" in names


def test_wheel_says_what_it_needs() -> None:
    with zipfile.ZipFile(WHEEL) as archive:
        metadata = BytesParser().parsebytes(archive.read(f"{DIST_INFO}/METADATA"))
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata.get_all("Requires-Dist") == [
        "pydantic>=2",
        "httpx>=0.27; extra == 'cpython'",
        "ipython; extra == 'cpython'",
        "runt-pyodide-command-line; extra == 'cpython'",
        "nbdime>=4; extra == 'diff'",
        "ipython; extra == 'notebook'",
        "runt-pyodide-testing; extra == 'testing'",
    ]
    assert metadata["License-Expression"] == "BSD-3-Clause"


@pytest.mark.parametrize("name", APART)
def test_what_a_browser_has_no_use_for_has_a_wheel_of_its_own(name: str) -> None:
    with zipfile.ZipFile(DIST / f"{name}-{__version__}-py3-none-any.whl") as archive:
        modules = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert modules == sources_of(APART[name])


# ---- The index ----


def test_index_lists_every_project(site: str) -> None:
    root = read_json(f"{site}/pypi/simple/index.json")
    assert [project["name"] for project in root["projects"]] == PROJECTS
    links = read_links(f"{site}/pypi/simple/")
    assert [link["href"] for link in links] == [f"{name}/" for name in PROJECTS]
    assert {"runt-pyodide", "pydantic", "pydantic-core", "micropip"} <= set(PROJECTS)


@pytest.mark.parametrize("name", PROJECTS)
def test_json_index_is_true(site: str, name: str) -> None:
    """The keys are those of PEP 691, with `size` and `versions` of PEP 700 (API version 1.1)."""
    address = f"{site}/pypi/simple/{name}/index.json"
    project = read_json(address)
    assert project["meta"] == {"api-version": "1.1"}
    assert project["name"] == name
    (file,) = project["files"]
    wheel = read(urljoin(address, file["url"]))
    assert file["filename"] == file["url"].rpartition("/")[2]
    assert file["filename"].split("-")[1] in project["versions"]
    assert file["hashes"] == {"sha256": hashlib.sha256(wheel).hexdigest()}
    assert file["size"] == len(wheel)
    metadata = read(urljoin(address, f"{file['url']}.metadata"))
    assert file["core-metadata"] == {"sha256": hashlib.sha256(metadata).hexdigest()}
    assert BytesParser().parsebytes(metadata)["Requires-Python"] == file.get("requires-python")


@pytest.mark.parametrize("name", PROJECTS)
def test_html_index_says_the_same(site: str, name: str) -> None:
    (file,) = read_json(f"{site}/pypi/simple/{name}/index.json")["files"]
    (link,) = read_links(f"{site}/pypi/simple/{name}/")
    assert urldefrag(link["href"]) == (file["url"], f"sha256={file['hashes']['sha256']}")
    assert link["data-core-metadata"] == f"sha256={file['core-metadata']['sha256']}"
    assert link.get("data-requires-python") == file.get("requires-python")
    assert link["text"] == file["filename"]


def test_pip_reads_the_index(site: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check"]
    command += ["download", "--no-deps", "--no-cache-dir", "--quiet", "--dest", str(tmp_path)]
    command += ["--index-url", f"{site}/pypi/simple", "runt-pyodide"]
    subprocess.run(command, check=True, timeout=60)
    assert [path.name for path in tmp_path.iterdir()] == [WHEEL.name]


def test_pip_finds_what_the_extra_for_tests_names(site: str) -> None:
    command = [sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check"]
    command += ["install", "--dry-run", "--no-cache-dir", "--quiet", "--report", "-"]
    command += ["--index-url", f"{site}/pypi/simple", "runt-pyodide[testing]"]
    done = subprocess.run(command, check=True, timeout=60, capture_output=True, text=True)
    found = {one["metadata"]["name"] for one in json.loads(done.stdout)["install"]}
    assert found == {"runt-pyodide", "runt-pyodide-testing"}


# ---- The server ----


@pytest.mark.parametrize(
    ("path", "mime_type"),
    [
        ("", "text/html; charset=utf-8"),
        ("index.html", "text/html; charset=utf-8"),
        ("js/index.js", "text/javascript"),
        ("pyodide/pyodide.mjs", "text/javascript"),
        ("pyodide/pyodide.asm.wasm", "application/wasm"),
        ("pyodide/pyodide-lock.json", "application/json"),
        (f"pypi/files/{WHEEL.name}", "application/zip"),
        ("pypi/simple/runt-pyodide/", "text/html; charset=utf-8"),
        ("pypi/simple/runt-pyodide/index.json", "application/vnd.pypi.simple.v1+json"),
    ],
)
def test_files_come_with_their_type_and_isolated(site: str, path: str, mime_type: str) -> None:
    with urlopen(f"{site}/{path}") as response:
        headers = response.headers
    assert headers["Content-Type"] == mime_type
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "credentialless"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Cache-Control"] == "no-cache"


# ---- In the browser ----

INSTALL = """
import json
import micropip
await micropip.install(**json.loads(arguments))
import runt_pyodide
installed = {name: wheel for name, wheel in micropip.list().items() if "runt" in name}
if "runt-pyodide-testing" in installed:
    from runt_pyodide.testing import ProviderContract
    assert ProviderContract.skipped
json.dumps([runt_pyodide.__version__, installed["runt-pyodide"].source, sorted(installed)])
"""

RUN_IN_PYODIDE = """
async ([pyodideURL, packages, source, argumentsText]) => {
  const { loadPyodide } = await import(`${pyodideURL}pyodide.mjs`);
  const pyodide = await loadPyodide({ indexURL: pyodideURL });
  await pyodide.loadPackage(packages);
  pyodide.globals.set("arguments", argumentsText);
  return pyodide.runPythonAsync(source);
}
"""


def run_in_pyodide(page: Page, base: str, package: str, source: str, arguments: Any = None) -> Any:
    """The JSON value of `source`, run by a new Pyodide on a page of the site that has no script."""
    page.goto(f"{base}/pypi/simple/")
    values = [f"{base}/pyodide/", [package], source, json.dumps(arguments)]
    return json.loads(page.evaluate(RUN_IN_PYODIDE, values))


def install_by_name(page: Page, base: str) -> None:
    """From the index, and not from the lock file, whose packages have the source "pyodide"; with
    what the extra for tests names."""
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    arguments = {"requirements": "runt-pyodide[testing]", "index_urls": f"{base}/pypi/simple"}
    version, source, installed = run_in_pyodide(page, base, "micropip", INSTALL, arguments)
    assert (version, source) == (__version__, "pypi")
    assert installed == ["runt-pyodide", "runt-pyodide-testing"]
    assert f"{base}/pypi/simple/runt-pyodide/" in requested
    assert f"{base}/pypi/files/{WHEEL.name}" in requested
    assert [url for url in requested if not url.startswith(f"{base}/")] == []


def test_micropip_installs_by_name_from_the_index(page: Page, site: str) -> None:
    install_by_name(page, site)


def test_micropip_installs_by_address(page: Page, site: str) -> None:
    address = f"{site}/pypi/files/{WHEEL.name}"
    version, source, _ = run_in_pyodide(page, site, "micropip", INSTALL, {"requirements": address})
    assert (version, source) == (__version__, address)


def test_site_works_below_a_path(page: Page) -> None:
    with serving(SITE.parent) as address:
        install_by_name(page, f"{address}/{SITE.name}")


def test_lock_file_brings_the_package_without_micropip(page: Page, site: str) -> None:
    source = "import json, runt_pyodide; json.dumps(runt_pyodide.__version__)"
    assert run_in_pyodide(page, site, "runt-pyodide", source) == __version__


def test_pages_are_cross_origin_isolated(page: Page, site: str) -> None:
    page.goto(f"{site}/pypi/simple/")
    assert page.evaluate("crossOriginIsolated") is True


# ---- Reading the site ----


class Links(HTMLParser):
    """The attributes of each link, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, Any]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        if self.found:
            self.found[-1].setdefault("text", data)


def read(address: str) -> bytes:
    with urlopen(address) as response:
        content: bytes = response.read()
    return content


def read_json(address: str) -> Any:
    return json.loads(read(address))


def read_links(address: str) -> list[dict[str, Any]]:
    links = Links()
    links.feed(read(address).decode())
    return links.found


def test_the_site_has_no_source_maps() -> None:
    assert [path.name for path in SITE.rglob("*.map")] == []


def test_the_site_lists_its_files_with_their_hashes() -> None:
    """By which the service worker knows them."""
    listed = json.loads((SITE / "files.json").read_text("utf-8"))["files"]
    own = {SITE / "files.json", SITE / "service-worker.js"}
    files = [path for path in SITE.rglob("*") if path.is_file() and path not in own]
    hashes = {
        path.relative_to(SITE).as_posix(): hashlib.sha256(path.read_bytes()).digest()
        for path in files
    }
    assert {name: base64.b64decode(kept) for name, kept in listed.items()} == hashes
