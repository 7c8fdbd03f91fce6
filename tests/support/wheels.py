"""Wheels of a test's own."""

from __future__ import annotations

import zipfile
from pathlib import Path

from scripts.wheels import Wheel


def make_wheel(folder: Path, name: str, *files: str, requires: tuple[str, ...] = ()) -> Wheel:
    """Make a wheel with these empty files, of version 1.5."""
    path = folder / f"{name}-1.5-py3-none-any.whl"
    metadata = ["Metadata-Version: 2.4", f"Name: {name}", "Version: 1.5"]
    metadata += [f"Requires-Dist: {requirement}" for requirement in requires]
    with zipfile.ZipFile(path, "w") as archive:
        for file in files:
            archive.writestr(file, "")
        archive.writestr(f"{name}-1.5.dist-info/METADATA", "\n".join(metadata) + "\n")
    return Wheel(path)
