"""Cassettes in files, which are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from ...errors import ConfigError
from .cassette import Cassette


def read_cassette(path: Path, how: str) -> Cassette:
    """Return the cassette in a file. Raise ConfigError if there is none, or if it cannot be read,
    in one sentence, and with ``how`` it is recorded."""
    try:
        return Cassette.read(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        said, advice = f"There is no cassette {str(path)!r}.", f"Record it: {how}"
    except UnicodeDecodeError:
        said, advice = f"{str(path)!r} is no cassette: it is not text in UTF-8.", None
    except OSError as error:
        said, advice = f"The cassette {str(path)!r} cannot be read ({error.strerror}).", None
    except ConfigError as error:
        said, advice = error.message.replace("The cassette", f"The cassette {str(path)!r}", 1), None
    raise ConfigError(said, advice=advice or f"Record it again: {how}") from None


def write_cassette(path: Path, cassette: Cassette) -> None:
    """Write a cassette, and the folder if there is none. Who reads the file meanwhile reads the old
    one, and that stays if this fails. Raise OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = f"{cassette.to_json()}\n"
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        try:
            file.write(text)
            file.close()
            os.chmod(file.name, _mode_of(path))
            os.replace(file.name, path)
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
