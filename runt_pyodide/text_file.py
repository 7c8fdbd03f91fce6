"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write a file in UTF-8 in one step, with the permissions that it has; of a link, the file that
    it leads to. Who reads it meanwhile reads the old one, and that stays if this fails. Raise
    OSError."""
    target = path.resolve()
    with tempfile.NamedTemporaryFile(
        "w",
        encoding="utf-8",
        newline="\n",
        dir=target.parent,
        prefix=f".{target.name}.",
        delete=False,
    ) as file:
        try:
            file.write(text)
            file.close()
            os.chmod(file.name, _mode_of(target))
            os.replace(file.name, target)
        except BaseException:
            file.close()
            os.unlink(file.name)
            raise


def _mode_of(path: Path) -> int:
    """Return the permissions of the file, or those that a new one gets: a temporary file is for its
    owner alone."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
