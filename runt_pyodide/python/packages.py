"""The packages that the cells' Python has, and those that it can install."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Installation:
    """What to install. ``index_urls`` replace the default package indexes, and are asked in order;
    ``extra_index_urls`` are asked after them."""

    requirements: Sequence[str]
    upgrade: bool = False
    pre: bool = False
    dependencies: bool = True
    index_urls: Sequence[str] = ()
    extra_index_urls: Sequence[str] = ()


class Packages(Protocol):
    """The packages of one Python. What was done is reported to ``say``, line by line, and progress
    to ``show``, where each text takes the place of the one before."""

    unloaded: Collection[str]
    """The modules that the last ``load_imports`` could not load, and said so."""

    async def load(self, name: str) -> None:
        """Make a package importable that comes with this Python, by the name of its module. Raise
        RuntError if it cannot be loaded."""

    async def load_imports(self, source: str, show: Say) -> None:
        """Load the packages that a source imports and that come with this Python. If one cannot be
        loaded, report that to ``show``; the import fails when it runs."""

    async def install(self, wanted: Installation, say: Say, show: Say) -> None:
        """Install packages. Raise CellError if that fails."""

    async def uninstall(self, names: Sequence[str], say: Say) -> None:
        """Uninstall packages."""

    def list(self) -> Sequence[tuple[str, str]]:
        """Return the names and versions of the installed packages."""


class LoadProgress:
    """How far the packages are that are being loaded, in words for people.

    A report has ``packages``, of which each has a name, a version, how many bytes have come and, if
    that is known, its size; and ``failures``: each is a package with its imports, the one that is
    missing (itself, or one that it needs), what is the matter with that, and what to do.
    """

    def __init__(self, show: Say) -> None:
        self._show = show
        self._shown = ""
        self._packages: Sequence[Mapping[str, Any]] = ()
        self._failures: Sequence[Mapping[str, Any]] = ()

    @property
    def unloaded(self) -> set[str]:
        """The modules of the packages that could not be loaded."""
        return {module for one in self._failures for module in one["imports"]}

    @property
    def complaints(self) -> list[str]:
        """Why packages could not be loaded; what has the same reason is told together."""
        groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        for one in self._failures:
            groups.setdefault((one["predicate"], one["advice"]), []).append(one)
        return [_complain(group, *reason) for reason, group in groups.items()]

    def take(self, report: Mapping[str, Any]) -> None:
        """Take a report, which replaces the one before, and show it."""
        self._packages, self._failures = report["packages"], report["failures"]
        if not self._failures:
            self._show_once(_describe(self._packages))

    def end(self) -> None:
        """Show how it ended, if there was anything to load."""
        if self._failures:
            self._show_once(f"Could not load {_join_words(map(_title, self._failures))}")
        elif self._packages:
            self._show_once(f"Loaded {_join_words(map(_with_size, self._packages))}")

    def _show_once(self, text: str) -> None:
        if text != self._shown:
            self._shown = text
            self._show(text)


def _describe(packages: Sequence[Mapping[str, Any]]) -> str:
    names = _join_words(map(_title, packages))
    done = sum(one["bytes"] for one in packages)
    if not done:
        return f"Loading {names}"
    if all("size" in one for one in packages):
        return f"Loading {names}: {_size(done)} of {_size(sum(one['size'] for one in packages))}"
    return f"Loading {names}: {_size(done)} so far"


def _complain(failures: Iterable[Mapping[str, Any]], predicate: str, advice: str) -> str:
    missing = dict.fromkeys(one["missing"] for one in failures)
    needy = dict.fromkeys(title for one in failures if (title := _title(one)) not in missing)
    subject = _join_words(missing)
    if needy:
        verb = "needs" if len(needy) == 1 else "need"
        subject = f"{_join_words(needy)} {verb} {subject}, which"
    return f"{subject} {predicate}. {advice}"


def _title(one: Mapping[str, Any]) -> str:
    return f"{one['name']} {one['version']}"


def _with_size(one: Mapping[str, Any]) -> str:
    return f"{_title(one)} ({_size(one['bytes'])})"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{-(-count // 1000)} kB"


def _join_words(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


Versions = set[tuple[str, str]]
"""Packages, each a name and a version."""


def say_installed(new: Versions, say: Say) -> None:
    """Report what an installation has brought."""
    say(f"Installed {_join(new)}" if new else "Everything was installed already")


def say_uninstalled(gone: Versions, say: Say) -> None:
    """Report what is not there any more."""
    say(f"Uninstalled {_join(gone)}" if gone else "None of it was installed")


def _join(some: Versions) -> str:
    return " ".join(f"{name}-{version}" for name, version in sorted(some))
