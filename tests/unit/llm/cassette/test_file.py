"""Cassettes in files: written whole, and what is wrong with one is said in one sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from runt_pyodide.errors import ConfigError
from runt_pyodide.llm.cassette.cassette import Cassette, RecordedTurn
from runt_pyodide.llm.cassette.file import check_writable, read_cassette, write_cassette
from runt_pyodide.llm.messages import ChatRequest

HOW = "with record(...): ..."
CASSETTE = Cassette(provider="p", turns=(RecordedTurn(request=ChatRequest((), "m")),))


def test_a_file_comes_back_and_its_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.json"
    write_cassette(path, CASSETTE)
    assert read_cassette(path, HOW) == CASSETTE
    assert path.read_text("utf-8").endswith("}\n")


def test_it_is_as_readable_as_any_file_and_stays_as_it_was(tmp_path: Path) -> None:
    path, other = tmp_path / "c.json", tmp_path / "other"
    other.touch()
    write_cassette(path, CASSETTE)
    assert path.stat().st_mode == other.stat().st_mode
    path.chmod(0o640)
    write_cassette(path, CASSETTE)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_file_that_cannot_be_written_whole_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "c.json"
    path.write_text("before")

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_cassette(path, CASSETTE)
    assert path.read_text() == "before"
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "cannot be read: it is not JSON"),
        (b'{"version": 2, "turns": [', "cannot be read: it is not JSON"),
        (b"<<<<<<< HEAD\n{}", "cannot be read: it is not JSON"),
        (b"[" * 5000, "cannot be read: it is not JSON"),
        (b"\xff\xfe{\x00}\x00", "is no cassette: it is not text in UTF-8."),
        (b"[]", "cannot be read: it is not an object."),
        (b'"text"', "cannot be read: it is not an object."),
        (b"null", "cannot be read: it is not an object."),
        (b'{"version": 99, "turns": []}', "is of the version 99, and this runt-pyodide reads"),
        (b'{"version": "two"}', "cannot be read: version:"),
        (b'{"turns": [{}]}', "cannot be read: turns.0.request:"),
        (b'{"tracks": []}', "cannot be read: unknown key 'tracks'"),
        (
            b'{"turns": [{"request": {"messages": [], "model": "m"}, '
            b'"error": {"type": "ValueError", "message": ""}}]}',
            "cannot be read: turns.0.error.type: it names no error of a provider: 'ValueError'.",
        ),
    ],
)
def test_what_is_no_cassette_is_said_with_what_to_do(
    data: bytes, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "c.json"
    path.write_bytes(data)
    with pytest.raises(ConfigError) as caught:
        read_cassette(path, HOW)
    text = str(caught.value)
    assert f"{str(path)!r} {said}" in text
    assert text.endswith(HOW)
    assert "\n" not in text


def test_one_of_the_first_version_is_read(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text(
        '\ufeff{"version": 1, "provider": "p", "turns": [{"request": {"messages": '
        '[{"role": "user", "content": "Hi"}], "model": "m"}, "deltas": [{"text": "Hello"}]}]}',
        "utf-8",
    )
    (turn,) = read_cassette(path, HOW).turns
    assert (turn.provider, turn.cancelled_after) == ("", None)


def test_a_folder_is_no_cassette(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be read \(Is a directory\)"):
        read_cassette(tmp_path, HOW)


@pytest.mark.parametrize("path", ["", ".", "folder", "folder/..", "file/c.json", "file/a/c.json"])
def test_where_no_file_can_be_is_said_at_once(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("file").touch()
    with pytest.raises(ConfigError, match=r"No cassette can be written to .* \(.*\)\."):
        check_writable(Path(path))
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "folder"]


def test_the_check_leaves_nothing_but_the_folder(tmp_path: Path) -> None:
    check_writable(tmp_path / "a" / "c.json")
    assert [*tmp_path.rglob("*")] == [tmp_path / "a"]
