"""What is installed to build and test this is what was looked at: each file has a known hash."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
REQUIREMENTS = sorted(ROOT.glob("requirements-*.txt"))
LOCKS = [ROOT / "package-lock.json", ROOT / "packaging/servers/package-lock.json"]
_ASKED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[.*\])?==(\S+)", re.M)

_PINNED = re.compile(
    r"[a-z0-9-]+(\[[a-z,-]+\])?==[^ ;]+( ; [^\\]+?)? +(--hash=sha256:[0-9a-f]{64} *)+"
)


def entries(text: str) -> list[str]:
    """The requirements of a file, each with its hashes in one line."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^\s*#.*\n?", "", text, flags=re.M))
    return joined.split("\n")[:-1]


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_each_requirement_is_pinned_and_has_hashes(path: Path) -> None:
    for one in entries(path.read_text("utf-8")):
        assert _PINNED.fullmatch(one), one


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_what_is_asked_for_is_what_is_pinned(path: Path) -> None:
    asked = _ASKED.findall(path.with_suffix(".in").read_text("utf-8"))
    pinned = {re.sub(r"\[.*\]", "", one.split(" ")[0]) for one in entries(path.read_text("utf-8"))}
    wanted = {f"{re.sub('[-_.]+', '-', name).lower()}=={version}" for name, version in asked}
    assert wanted and wanted <= pinned


@pytest.mark.parametrize("path", [*REQUIREMENTS, *LOCKS], ids=lambda path: path.name)
def test_no_file_names_a_host(path: Path) -> None:
    named = re.findall(r"^.*(?:resolved|index-url|find-links|@ ).*$", path.read_text("utf-8"), re.M)
    assert named == []


@pytest.mark.parametrize("path", LOCKS, ids=["packages", "servers"])
def test_each_package_of_javascript_has_a_hash(path: Path) -> None:
    packages = json.loads(path.read_text("utf-8"))["packages"]
    without = [name for name, one in packages.items() if name and not one.get("integrity")]
    assert without == []
    assert len(packages) > 1
