"""Files are written whole or not at all, and each fault is a sentence."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from runt_pyodide.command_line.files import check_writable, read_json, read_text, write_text
from runt_pyodide.errors import ConfigError, FileError


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "it is a folder"), ("nowhere/out.ipynb", "no such file or directory")],
)
def test_where_nothing_can_be_written_is_told_before(tmp_path: Path, name: str, said: str) -> None:
    for check in (check_writable, partial(write_text, text="")):
        with pytest.raises(FileError, match="cannot be written: "):
            check(tmp_path / name)
    with pytest.raises(FileError, match=f"cannot be written: {said}"):
        check_writable(tmp_path / name)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="It cannot be read: no such file or directory"):
        read_text(tmp_path / "none.ipynb")
    with pytest.raises(FileError, match="It cannot be read: is a directory"):
        read_text(tmp_path)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "no such file or directory"),
        (b"{", "it is not JSON"),
        (b"\xff\xfe\xfa", "it is not text in UTF-8"),
        (b"[" * 100_000, "it is not JSON"),
    ],
)
def test_a_configuration_that_cannot_be_read_is_told(
    tmp_path: Path, data: bytes | None, said: str
) -> None:
    path = tmp_path / "config.json"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ConfigError, match=f"The configuration '.*' cannot be read: {said}"):
        read_json(path)
