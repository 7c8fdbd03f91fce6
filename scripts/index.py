"""Write a package index of static files.

It has HTML pages (PEP 503), which any static host serves correctly and which micropip and pip read;
beside them JSON (PEP 691) as `index.json`; and each wheel's metadata beside the wheel (PEP 658).
All links are relative, so that the index works wherever it is put.
https://packaging.python.org/en/latest/specifications/simple-repository-api/
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from shutil import copyfile
from typing import Any

from scripts.wheels import Wheel

API_VERSION = "1.1"
JsonObject = dict[str, Any]


def write_index(folder: Path, wheels: Sequence[Wheel]) -> None:
    """Write `simple/` and `files/` into `folder`, which must not contain them yet."""
    files = folder / "files"
    files.mkdir(parents=True)
    for wheel in wheels:
        copyfile(wheel.path, files / wheel.path.name)
        (files / f"{wheel.path.name}.metadata").write_bytes(wheel.metadata_bytes)
        _write_project(folder / "simple" / wheel.name, wheel)
    _write_root(folder / "simple", sorted(wheel.name for wheel in wheels))


def _write_root(folder: Path, names: Sequence[str]) -> None:
    links = (f'<a href="{name}/">{name}</a>' for name in names)
    (folder / "index.html").write_text(_page("Packages", links), "utf-8")
    projects = [{"name": name} for name in names]
    _write_json(folder, {"meta": {"api-version": API_VERSION}, "projects": projects})


def _write_project(folder: Path, wheel: Wheel) -> None:
    folder.mkdir(parents=True)
    entry = _file(wheel)
    (folder / "index.html").write_text(_page(wheel.name, [_link(entry)]), "utf-8")
    project = {
        "meta": {"api-version": API_VERSION},
        "name": wheel.name,
        "versions": [str(wheel.version)],
        "files": [entry],
    }
    _write_json(folder, project)


def _file(wheel: Wheel) -> JsonObject:
    metadata_sha256 = hashlib.sha256(wheel.metadata_bytes).hexdigest()
    entry: JsonObject = {
        "filename": wheel.path.name,
        "url": f"../../files/{wheel.path.name}",
        "hashes": {"sha256": wheel.sha256},
        "size": wheel.path.stat().st_size,
        "core-metadata": {"sha256": metadata_sha256},
    }
    if wheel.metadata.requires_python is not None:
        entry["requires-python"] = str(wheel.metadata.requires_python)
    return entry


def _link(entry: JsonObject) -> str:
    href = f"{entry['url']}#sha256={entry['hashes']['sha256']}"
    attributes = {
        "href": href,
        "data-core-metadata": f"sha256={entry['core-metadata']['sha256']}",
    }
    if "requires-python" in entry:
        attributes["data-requires-python"] = entry["requires-python"]
    text = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
    return f"<a {text}>{escape(entry['filename'])}</a>"


def _page(title: str, links: Iterable[str]) -> str:
    body = "\n".join(f"    {link}<br>" for link in links)
    return f"""<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="pypi:repository-version" content="{API_VERSION}">
    <title>{escape(title)}</title>
  </head>
  <body>
{body}
  </body>
</html>
"""


def _write_json(folder: Path, value: JsonObject) -> None:
    (folder / "index.json").write_text(json.dumps(value, indent=2) + "\n", "utf-8")
