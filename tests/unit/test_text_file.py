"""Files are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from runt_pyodide.text_file import write_whole


def test_a_file_is_replaced_with_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "out.ipynb"
    path.write_text("old", "utf-8")
    path.chmod(0o640)
    write_whole(path, "new \u2603\n")
    assert path.read_bytes() == "new \u2603\n".encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["out.ipynb"]


def test_the_file_that_a_link_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old", "utf-8")
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text("utf-8") == "new"


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "out.ipynb"
    path.write_text("old", "utf-8")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "\ud800")  # writers of notebooks escape it
    assert path.read_text("utf-8") == "old"
    assert os.listdir(tmp_path) == ["out.ipynb"]
