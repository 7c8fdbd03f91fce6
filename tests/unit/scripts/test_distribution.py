"""The site's lock file has all that Pyodide's has, and a build may bring some of it along."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from scripts.build_site import write_site_lock
from scripts.distribution import NONE, Distribution
from scripts.paths import NPM_PYODIDE
from scripts.serve import serving
from tests.support.wheels import make_wheel

VERSION = json.loads((NPM_PYODIDE / "package.json").read_text("utf-8"))["version"]
LOCK = json.loads((NPM_PYODIDE / "pyodide-lock.json").read_text("utf-8"))


def written(folder: Path, mirror: str = "", npm: Path = NPM_PYODIDE) -> dict[str, Any]:
    write_site_lock(folder, Distribution(npm, mirror))
    packages: dict[str, Any] = json.loads((folder / "pyodide-lock.json").read_text("utf-8"))
    return packages


@pytest.mark.parametrize(
    ("mirror", "url"),
    [
        ("", f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"),
        ("https://mirror.test/pyodide", "https://mirror.test/pyodide/"),
        (NONE, "https://distribution.invalid/"),
    ],
)
def test_the_lock_file_has_pyodides_packages_and_before_them_ours(
    tmp_path: Path, mirror: str, url: str
) -> None:
    own = make_wheel(tmp_path, "six", "six.py")
    lock = written(tmp_path, mirror)
    theirs = LOCK["packages"]
    assert lock["info"] == LOCK["info"]
    assert len(theirs) == 357
    assert lock["packages"].keys() == theirs.keys()
    for name, entry in lock["packages"].items():
        if name == "six":
            assert (entry["version"], entry["sha256"]) == ("1.5", own.sha256)
            assert entry["file_name"] == own.path.name
        else:
            assert entry == theirs[name] | {"file_name": url + theirs[name]["file_name"]}
            assert urlsplit(entry["file_name"]).path.rpartition("/")[2] == theirs[name]["file_name"]


def test_time_zones_are_loaded_with_what_reads_them(tmp_path: Path) -> None:
    make_wheel(tmp_path, "tzdata", "tzdata/__init__.py")
    assert written(tmp_path)["packages"]["tzdata"]["imports"] == ["tzdata", "zoneinfo"]


def test_an_address_that_pyodide_does_not_say_is_an_error(tmp_path: Path) -> None:
    shutil.copyfile(NPM_PYODIDE / "package.json", tmp_path / "package.json")
    (tmp_path / "pyodide.mjs").write_text("export const address = undefined;")
    with pytest.raises(ValueError, match=r"pyodide\.mjs does not name one address"):
        _ = Distribution(tmp_path).url


@pytest.fixture
def npm(tmp_path: Path) -> Path:
    """A Pyodide of four packages: `one` needs `two` and `three`, and `four` is a broken file."""
    folder = tmp_path / "npm"
    folder.mkdir()
    packages = {}
    for name, depends in {"one": ["two", "three"], "two": [], "three": [], "four": []}.items():
        wheel = make_wheel(folder, name, f"{name}.py")
        sha256 = hashlib.sha256(b"other").hexdigest() if name == "four" else wheel.sha256
        packages[name] = LOCK["packages"]["six"] | {
            **{"name": name, "version": "1.5", "file_name": wheel.path.name},
            **{"depends": depends, "sha256": sha256, "imports": [name]},
        }
    lock = json.dumps({"info": LOCK["info"], "packages": packages})
    (folder / "pyodide-lock.json").write_text(lock, "utf-8")
    return folder


def test_packages_are_brought_with_what_they_need(tmp_path: Path, npm: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    with serving(npm) as address:
        lacking = Distribution(npm, address).bring(["One", "five"], {"three"}, site)
    assert lacking == ["five is not on the site: Pyodide's distribution has no such package."]
    packages = written(site, "https://mirror.test", npm)["packages"]
    assert {name: entry["file_name"] for name, entry in packages.items()} == {
        "one": "packages/one-1.5-py3-none-any.whl",
        "two": "packages/two-1.5-py3-none-any.whl",
        "three": "https://mirror.test/three-1.5-py3-none-any.whl",
        "four": "https://mirror.test/four-1.5-py3-none-any.whl",
    }
    data = (site / packages["one"]["file_name"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == packages["one"]["sha256"]


def test_what_cannot_be_brought_is_told(tmp_path: Path, npm: Path) -> None:
    (npm / "two-1.5-py3-none-any.whl").unlink()
    with serving(npm) as address:
        lacking = Distribution(npm, address).bring(["two", "four"], (), tmp_path)
        assert lacking[0].startswith(f"two 1.5 is not on the site: {address}/ cannot be reached (")
        assert lacking[1].startswith(f"four 1.5 is not on the site: {address}/ sent another file")
    [gone] = Distribution(npm, address).bring(["one"], {"two", "three"}, tmp_path)
    assert gone.startswith(f"one 1.5 is not on the site: {address}/ cannot be reached (")
    [none] = Distribution(npm, NONE).bring(["four"], (), tmp_path)
    assert none == "four 1.5 is not on the site: no distribution is set."
    assert [*(tmp_path / "packages").iterdir()] == []
