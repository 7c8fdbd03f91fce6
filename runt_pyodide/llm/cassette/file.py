"""Cassettes in files, which are written whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from ...errors import ConfigError
from ...text_file import write_whole
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


def check_writable(path: Path) -> None:
    """Make the folder if there is none, and raise ConfigError unless a cassette can be written
    there: what is recorded is paid for, and must not be lost in the end."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with tempfile.TemporaryFile(dir=path.resolve().parent):
            pass
    except OSError as error:
        said = f"No cassette can be written to {str(path)!r} ({error.strerror})."
        raise ConfigError(said, advice="Give the path of a file in a folder of yours.") from None


def write_cassette(path: Path, cassette: Cassette) -> None:
    """Write a cassette, and the folder if there is none. Who reads the file meanwhile reads the old
    one, and that stays if this fails. Raise OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, f"{cassette.to_json()}\n")
