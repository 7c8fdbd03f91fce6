"""The packages of a Pyodide: those in its lock file, and those that micropip gets from indexes."""

from __future__ import annotations

import functools
import json
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import distributions
from importlib.util import find_spec
from typing import Any, Protocol

import pyodide_js
from pyodide.code import find_imports
from pyodide.ffi import create_proxy

from ..errors import CellError, RuntError
from .packages import (
    Installation,
    LoadProgress,
    Say,
    Versions,
    say_installed,
    say_uninstalled,
)

# micropip's name for the index that it asks by default.
_PYPI = "PYPI"


class Downloads(Protocol):
    """What fetches the files of Pyodide's packages: a JavaScript object."""

    def watch(self, tell: Callable[[str], object]) -> int:
        """Report what is loaded from here on, as JSON: see ``LoadProgress``. Return a number."""

    def unwatch(self, number: int, is_stopped: bool) -> None:
        """Report no more. If it was stopped, give up what is being fetched."""


class PyodidePackages:
    """The packages of the Pyodide that this runs in. ``index_url`` is the index that the runtime
    came from; it is asked before the public one. Without ``downloads``, there is no progress."""

    unloaded: Collection[str] = ()

    def __init__(self, index_url: str | None = None, downloads: Downloads | None = None) -> None:
        self._index_urls = [index_url, _PYPI] if index_url else [_PYPI]
        self._downloads = downloads

    async def load(self, name: str) -> None:
        """Make a package of Pyodide's lock file importable, by the name of its module. Raise
        RuntError if it cannot be loaded."""
        if find_spec(name) is not None:
            return
        with self._following(_nothing) as progress:
            complaints = await _load(pyodide_js.loadPackage, name.lower())
        # loadPackage resolves even if it could not fetch a file.
        if find_spec(name) is None:
            why = progress.complaints or complaints
            raise RuntError("; ".join(why) or "Pyodide gave no reason.")

    async def load_imports(self, source: str, show: Say) -> None:
        """Load the packages in Pyodide's lock file that a source imports."""
        self.unloaded = ()
        # Parsing a big source a second time is slow, so look for a reason first.
        if "import" not in source or not find_imports(source):
            return
        with self._following(show) as progress:
            complaints = await _load(pyodide_js.loadPackagesFromImports, source)
        self.unloaded = progress.unloaded
        if why := progress.complaints or complaints:
            show("\n".join(why))
        else:
            progress.end()

    async def install(self, wanted: Installation, say: Say, show: Say) -> None:
        """Install packages. Raise CellError with the reason that micropip gives, or why a package
        of Pyodide's could not be loaded."""
        micropip = await self._micropip()
        before = _versions()
        say(f"Installing {', '.join(wanted.requirements)}")
        urls = [*(wanted.index_urls or self._index_urls), *wanted.extra_index_urls]
        try:
            with self._following(show) as progress:
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
        progress.end()
        if progress.complaints:
            names = ", ".join(wanted.requirements)
            raise CellError(f"%pip could not install {names}. {' '.join(progress.complaints)}")
        say_installed(_versions() - before, say)

    async def uninstall(self, names: Sequence[str], say: Say) -> None:
        micropip = await self._micropip()
        before = _versions()
        micropip.uninstall([*names])
        say_uninstalled(before - _versions(), say)

    def list(self) -> Sequence[tuple[str, str]]:
        return sorted(_versions())

    @contextmanager
    def _following(self, show: Say) -> Iterator[LoadProgress]:
        """Show the progress of what is loaded within. What is being fetched is given up if that is
        left early."""
        progress = LoadProgress(show)
        if self._downloads is None:
            yield progress
            return
        tell = create_proxy(lambda report: progress.take(json.loads(report)))
        number = self._downloads.watch(tell)
        is_over = False
        try:
            yield progress
            is_over = True
        finally:
            self._downloads.unwatch(number, not is_over)
            tell.destroy()

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


async def _load(load: Callable[..., Awaitable[Any]], what: str) -> list[str]:
    """Let Pyodide load something, and return the errors that it reports meanwhile."""
    complaints: list[str] = []
    _hearing.append(complaints)
    try:
        await load(what, **_callbacks())
    finally:
        _hearing[:] = [one for one in _hearing if one is not complaints]
    return complaints


def _tell_all(text: str, *_: object) -> None:
    for one in _hearing:
        one.append(text)


_hearing: list[list[str]] = []


@functools.cache
def _callbacks() -> dict[str, Any]:
    """Return what Pyodide calls meanwhile. Where loads overlap, it goes on with the callbacks of
    one that is over: these stay. An import makes none, as a snapshot could not hold them."""
    ignore = create_proxy(lambda *_: None)
    return {"messageCallback": ignore, "errorCallback": create_proxy(_tell_all)}


def _nothing(_text: str) -> None:
    """Show nothing."""
