"""Replace modules in wheels, and in Pyodide's standard library, by their bytecode.

This runs in the Pyodide that will load them: bytecode is of use to one version of Python alone.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import py_compile
import tempfile
import zipfile
from collections.abc import Collection
from pathlib import Path, PurePosixPath


def compile_archive(file: Path, folder: str, modules: Collection[str]) -> None:
    """Compile the modules of the zip or wheel `file` that are among `modules`, in place.

    `folder` is where the archive will be when it is loaded, and `modules` are paths there, as in
    "/lib/python3.14/site-packages/IPython/__init__.py". A module that is compiled loses its source:
    with it, a site would be a tenth bigger.
    """
    with zipfile.ZipFile(file) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    for name in [name for name in members if f"{folder}/{name}" in modules]:
        members[f"{name}c"] = _compile(members.pop(name), f"{folder}/{name}")
    for name in [name for name in members if PurePosixPath(name).match("*.dist-info/RECORD")]:
        members[name] = _record(members, name)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def _compile(source: bytes, path: str) -> bytes:
    """Return the bytecode of a module that will never be compared with its source."""
    with tempfile.TemporaryDirectory() as folder:
        module, compiled = Path(folder, "module.py"), Path(folder, "module.pyc")
        module.write_bytes(source)
        mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
        py_compile.compile(str(module), str(compiled), path, doraise=True, invalidation_mode=mode)
        return compiled.read_bytes()


def _record(members: dict[str, bytes], name: str) -> bytes:
    """Return a wheel's RECORD, by which micropip uninstalls it."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    for path, content in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
        known = ["", ""] if path == name else [f"sha256={digest}", len(content)]
        writer.writerow([path, *known])
    return lines.getvalue().encode()
