"""What goes into a snapshot, in the Pyodide whose memory it holds."""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_SITE_PACKAGES = Path(importlib.import_module("site").getsitepackages()[0])


def libraries() -> list[str]:
    """Return the paths of the packages' compiled code."""
    return [str(path) for path in sorted(_SITE_PACKAGES.rglob("*.so"))]


def prepare(modules: Iterable[str]) -> list[str]:
    """Import modules, forget what belongs to this process, and return the paths of the packages'
    files that a process which starts from here needs."""
    for name in list(modules):
        with suppress(ImportError):
            importlib.import_module(name)
    sys.path.remove("")  # Pyodide adds it whenever it starts
    importlib.invalidate_caches()
    sys.path_importer_cache.clear()
    files = _files_to_bring()
    gc.collect()
    gc.freeze()
    return files


def _files_to_bring() -> list[str]:
    imported = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    return [
        str(path)
        for path in sorted(_SITE_PACKAGES.rglob("*"))
        if path.is_file()
        and path.suffix != ".so"
        and str(path) not in imported
        and not {"__pycache__", "sboms"}.intersection(path.parts)
    ]
