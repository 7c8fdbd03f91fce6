"""Builds of the site that a test may change."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from scripts.paths import SITE


def copy_site(folder: Path) -> Path:
    """Copy the site's own files, without its documentation, as a build that can be changed."""
    ignored = shutil.ignore_patterns("docs")
    shutil.copytree(SITE, folder, ignore=ignored, copy_function=os.link)
    return folder


def rebuild(folder: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Change a file of a build, and list it."""
    path = folder / name
    data = change(path.read_bytes())
    path.unlink()
    path.write_bytes(data)
    files = json.loads((folder / "files.json").read_text("utf-8"))
    files["files"][name] = base64.b64encode(hashlib.sha256(data).digest()).decode()
    (folder / "files.json").unlink()
    (folder / "files.json").write_text(json.dumps(files), "utf-8")
