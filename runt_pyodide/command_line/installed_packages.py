"""The packages of a Python that is installed, and pip. Its counterpart in the browser is
`python/pyodide_packages`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Collection, Sequence
from importlib import invalidate_caches
from importlib.metadata import distributions
from importlib.util import find_spec

from ..errors import CellError, RuntError
from ..python.packages import Installation, Say, Versions, say_installed, say_uninstalled

# Modules of which a cell needs one, and what installs it.
_EXTRAS = {"IPython": "runt-pyodide[cpython]"}


class InstalledPackages:
    """The packages of the Python that this runs in."""

    unloaded: Collection[str] = ()

    async def load(self, name: str) -> None:
        """Raise RuntError if there is no such module."""
        if find_spec(name) is None:
            wanted = _EXTRAS.get(name, name)
            raise RuntError(
                f"The package {name.lower()} is not installed here.",
                advice=f"Install it: pip install '{wanted}'.",
            )

    async def load_imports(self, source: str, show: Say) -> None:
        """Do nothing: what is installed can be imported."""

    async def install(
        self,
        wanted: Installation,
        say: Say,
        show: Say,  # noqa: ARG002 -- pip has nothing to show meanwhile
    ) -> None:
        """Install packages by pip, in this Python's environment. Raise CellError with what it
        says."""
        before = _versions()
        say(f"Installing {', '.join(wanted.requirements)}")
        await _pip("install", *_options_of(wanted), "--", *wanted.requirements)
        say_installed(_versions() - before, say)

    async def uninstall(self, names: Sequence[str], say: Say) -> None:
        before = _versions()
        await _pip("uninstall", "--yes", "--", *names)
        say_uninstalled(before - _versions(), say)

    def list(self) -> Sequence[tuple[str, str]]:
        return sorted(_versions())


def _options_of(wanted: Installation) -> list[str]:
    first, *others = [*wanted.index_urls, *wanted.extra_index_urls] or [""]
    own = bool(wanted.index_urls)
    options = ["--index-url", first] if own else ["--extra-index-url", first] if first else []
    for url in others:
        options += ["--extra-index-url", url]
    told = {"--upgrade": wanted.upgrade, "--pre": wanted.pre, "--no-deps": not wanted.dependencies}
    return [*options, *(name for name, is_told in told.items() if is_told)]


async def _pip(command: str, *arguments: str) -> None:
    own = ("--disable-pip-version-check", "--no-input", "--quiet")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "pip", command, *own, *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await process.communicate()
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    invalidate_caches()
    if process.returncode:
        reason = said.decode("utf-8", "replace").strip()
        raise CellError(f"%pip {command} failed: {reason or f'status {process.returncode}'}")


def _versions() -> Versions:
    return {(one.name, one.version) for one in distributions()}
