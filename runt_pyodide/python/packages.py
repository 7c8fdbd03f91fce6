"""The packages that the Python of the cells has and can get."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Installation:
    """What to install. ``index_urls`` are the package indexes to ask, in their order, in place of
    those that are asked else; ``extra_index_urls`` are asked after them."""

    requirements: Sequence[str]
    upgrade: bool = False
    pre: bool = False
    dependencies: bool = True
    index_urls: Sequence[str] = ()
    extra_index_urls: Sequence[str] = ()


class Packages(Protocol):
    """The packages of one Python. Progress is told to ``say``, by lines."""

    async def load_ipython(self) -> None:
        """Make IPython importable. Raises RuntError where it cannot be had."""

    async def load_imports(self, source: str, say: Say) -> None:
        """Load what a source imports, of the packages that come with this Python. What cannot be
        loaded is said; it is the import that fails."""

    async def install(self, wanted: Installation, say: Say) -> None:
        """Raises CellError."""

    def uninstall(self, names: Sequence[str], say: Say) -> None: ...

    def list(self) -> Sequence[tuple[str, str]]:
        """Names and versions of what is installed."""
