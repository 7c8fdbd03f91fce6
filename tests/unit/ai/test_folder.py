"""The notebook's folder, as a model may see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from runt_pyodide.ai.folder import File, Folder
from runt_pyodide.errors import CellError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "home"
    for path in ("a.csv", "data/b.csv", ".ipython/h", "__pycache__/m.pyc", "notebook.db"):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("text", "utf-8")
    (tmp_path / "secret").write_text("secret", "utf-8")
    (root / "link").symlink_to(tmp_path / "secret")
    (root / "out").symlink_to(tmp_path)
    return root


def test_files_are_listed_and_those_of_the_session_are_not(root: Path) -> None:
    assert Folder(root).files() == [File("a.csv", 4), File("data/b.csv", 4)]
    assert File("data/b.csv", 4).folder == "data/"


@pytest.mark.parametrize("path", ["data/b.csv", "./data/b.csv"])
def test_a_file_is_found_by_its_path(root: Path, path: str) -> None:
    folder = Folder(root)
    assert folder.read(folder.find(path), 2, 1) == b"ex"
    assert folder.find(f"{root}/{path.removeprefix('./')}").path == "data/b.csv"


@pytest.mark.parametrize(
    "path",
    [
        *("../secret", "data/../../secret", "link", "out/secret", "/etc/passwd", "notebook.db"),
        *("", "data", ".ipython/h", "a.csv/", "data/../a.csv"),
    ],
)
def test_nothing_else_can_be_read(root: Path, path: str) -> None:
    with pytest.raises(CellError, match="There is no file"):
        Folder(root).find(path)


def test_a_file_that_is_gone_is_told(root: Path) -> None:
    folder = Folder(root)
    file = folder.find("a.csv")
    (root / "a.csv").unlink()
    with pytest.raises(CellError, match="cannot be read"):
        folder.read(file, 10)


def test_an_empty_folder_is_empty(tmp_path: Path) -> None:
    assert Folder(tmp_path).is_empty()
    assert Folder(tmp_path / "none").is_empty()
