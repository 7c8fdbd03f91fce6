"""The notebook's folder, as a model may see it: the files that are listed, and no others."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import CellError

# As in js/runtime/files/file-system.js: what belongs to the session.
_OF_THE_SESSION = re.compile(r"^\.|^notebook\.db(-\w+)?$|(^|/)__pycache__(/|$)")


@dataclass(frozen=True, slots=True)
class File:
    """A file by its path in the folder, with ``size`` in bytes."""

    path: str
    size: int

    @property
    def folder(self) -> str:
        """The folder that it is in, with a slash at its end; "" for the notebook's own."""
        return self.path[: self.path.rfind("/") + 1]


class Folder:
    """The files in a folder and those below it."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def files(self) -> list[File]:
        """Return the files, by their paths."""
        return sorted(self._walk(), key=lambda file: file.path)

    def is_empty(self) -> bool:
        return next(self._walk(), None) is None

    def find(self, path: str) -> File:
        """Return a file by its path, which may begin with "/home/" or "./". Raise CellError if
        there is none: only what is listed can be read."""
        wanted = path.removeprefix(f"{self._root.as_posix()}/").removeprefix("./")
        found = next((file for file in self._walk() if file.path == wanted), None)
        if found is None:
            advice = "list_files tells which there are."
            raise CellError(f"There is no file {path!r}.", advice=advice)
        return found

    def read(self, file: File, length: int, offset: int = 0) -> bytes:
        """Return bytes of a file. Raise CellError if it cannot be read."""
        try:
            with (self._root / file.path).open("rb") as opened:
                opened.seek(offset)
                return opened.read(length)
        except OSError as error:
            raise CellError(f"The file {file.path!r} cannot be read: {error.strerror}.") from None

    def _walk(self) -> Iterator[File]:
        for place, folders, names in os.walk(self._root):
            within = Path(place).relative_to(self._root)
            folders[:] = [one for one in folders if not self._is_hidden(within / one)]
            for name in names:
                if self._is_hidden(within / name):
                    continue
                try:
                    size = (self._root / within / name).lstat().st_size
                except OSError:
                    continue
                yield File((within / name).as_posix(), size)

    def _is_hidden(self, path: Path) -> bool:
        return (self._root / path).is_symlink() or bool(_OF_THE_SESSION.search(path.as_posix()))
