"""The packages that the cells' Python has, and those that it can install."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

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
    """The packages of one Python. Progress is reported to ``say``, line by line."""

    async def load(self, name: str) -> None:
        """Make a package importable that comes with this Python, by the name of its module. Raise
        RuntError if it cannot be loaded."""

    async def load_imports(self, source: str, say: Say) -> None:
        """Load the packages that a source imports and that come with this Python. If one cannot be
        loaded, report that to ``say``; the import fails when it runs."""

    async def install(self, wanted: Installation, say: Say) -> None:
        """Install packages. Raise CellError if that fails."""

    async def uninstall(self, names: Sequence[str], say: Say) -> None:
        """Uninstall packages."""

    def list(self) -> Sequence[tuple[str, str]]:
        """Return the names and versions of the installed packages."""


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
