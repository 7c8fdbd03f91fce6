"""The files of the command line: read with one sentence for each fault, written whole or not at
all."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from ..errors import ConfigError, FileError
from ..ipynb import decode_file
from ..text_file import write_whole


def read_text(path: Path) -> str:
    """Return the text of a notebook's file. Raise FileError."""
    try:
        return decode_file(path.read_bytes())
    except OSError as error:
        raise FileError(f"It cannot be read: {describe(error)}.") from None


def read_json(path: Path) -> Any:
    """Return what a file of the configuration holds. Raise ConfigError."""
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        problem = describe(error)
    except UnicodeDecodeError:
        problem = "it is not text in UTF-8"
    except (ValueError, RecursionError) as error:
        problem = f"it is not JSON: {error}"
    raise ConfigError(f"The configuration {str(path)!r} cannot be read: {problem}.")


def check_writable(path: Path) -> None:
    """Raise FileError if a file cannot be written there, before anything is run for it."""
    try:
        if path.is_dir():
            raise IsADirectoryError(None, "it is a folder")
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise FileError(f"{str(path)!r} cannot be written: {describe(error)}.") from None


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raise FileError."""
    try:
        write_whole(path, text)
    except OSError as error:
        raise FileError(f"{str(path)!r} cannot be written: {describe(error)}.") from None


def describe(error: OSError) -> str:
    """Return what the system says, as the middle of a sentence."""
    said = error.strerror or str(error)
    return said[:1].lower() + said[1:]
