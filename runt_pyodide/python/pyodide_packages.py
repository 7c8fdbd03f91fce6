"""The packages of a Pyodide: those in its lock file, and those that micropip gets from indexes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
from importlib.metadata import distributions
from importlib.util import find_spec
from typing import Any

import pyodide_js
from pyodide.code import find_imports

from ..errors import CellError, RuntError
from .packages import Installation, Say, Versions, say_installed, say_uninstalled

# micropip's name for the index that it asks by default.
_PYPI = "PYPI"


class PyodidePackages:
    """The packages of the Pyodide that this runs in. ``index_url`` is the index that the runtime
    came from; it is asked before the public one."""

    def __init__(self, index_url: str | None = None) -> None:
        self._index_urls = [index_url, _PYPI] if index_url else [_PYPI]

    async def load(self, name: str) -> None:
        """Make a package of Pyodide's lock file importable, by the name of its module. Raise
        RuntError if it cannot be loaded."""
        if find_spec(name) is not None:
            return
        complaints = await _load(pyodide_js.loadPackage, name.lower())
        # loadPackage resolves even if it could not fetch a file.
        if find_spec(name) is None:
            raise RuntError("; ".join(complaints) or "Pyodide gave no reason.")

    async def load_imports(self, source: str, say: Say) -> None:
        """Load the packages in Pyodide's lock file that a source imports."""
        # Parsing a big source a second time is slow, so look for a reason first.
        if "import" not in source or not find_imports(source):
            return
        for complaint in await _load(pyodide_js.loadPackagesFromImports, source, say):
            say(f"Could not load a package that this cell imports: {complaint}")

    async def install(self, wanted: Installation, say: Say) -> None:
        """Install packages. Raise CellError with the reason that micropip gives."""
        micropip = await self._micropip()
        before = _versions()
        say(f"Installing {', '.join(wanted.requirements)}")
        urls = [*(wanted.index_urls or self._index_urls), *wanted.extra_index_urls]
        try:
            await micropip.install(
                [*wanted.requirements],
                deps=wanted.dependencies,
                pre=wanted.pre,
                index_urls=urls,
                reinstall=wanted.upgrade,
            )
        except Exception as error:
            asked = " and ".join(map(_name, urls))
            raise CellError(
                f"%pip could not install {', '.join(wanted.requirements)}: {error}",
                advice=(
                    f"The package was looked for at {asked}. The browser can install pure Python "
                    "wheels, and wheels built for this Pyodide. To ask another index, add -i URL."
                ),
            ) from error
        say_installed(_versions() - before, say)

    async def uninstall(self, names: Sequence[str], say: Say) -> None:
        micropip = await self._micropip()
        before = _versions()
        micropip.uninstall([*names])
        say_uninstalled(before - _versions(), say)

    def list(self) -> Sequence[tuple[str, str]]:
        return sorted(_versions())

    async def _micropip(self) -> Any:
        try:
            await self.load("micropip")
        except RuntError as error:
            raise CellError(
                f"%pip cannot be used, since micropip could not be loaded. {error.message}",
                advice="Check the network, and run the cell again.",
            ) from error
        return import_module("micropip")


def _name(index_url: str) -> str:
    return "PyPI" if index_url == _PYPI else index_url


def _versions() -> Versions:
    return {(one.name, one.version) for one in distributions()}


async def _load(
    load: Callable[..., Awaitable[Any]], what: str, say: Say = lambda _: None
) -> list[str]:
    """Let Pyodide load something, and return the errors that it reports."""
    complaints: list[str] = []

    def tell(text: str, *_: object) -> None:
        # Pyodide also reports what was loaded before.
        if text.startswith(("Loading ", "Loaded ")):
            say(text)

    await load(
        what,
        messageCallback=tell,
        errorCallback=lambda text, *_: complaints.append(text),
    )
    return complaints
