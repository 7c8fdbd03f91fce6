"""The tools with which a model reads files, and how a person allows them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from runt_pyodide.ai.folder import Folder
from runt_pyodide.ai.text.sizes import READ_FILE
from runt_pyodide.ai.tool import ToolResult
from runt_pyodide.ai.tools.files import file_tools
from runt_pyodide.ai.tools.notebook import NotebookTool
from runt_pyodide.errors import ToolArgumentsError


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "data").mkdir()
    (tmp_path / "a.csv").write_text("x,y\n1,2\n", "utf-8")
    (tmp_path / "data" / "b.txt").write_text("b" * (READ_FILE + 5), "utf-8")
    return Folder(tmp_path)


def call(files: Folder, name: str, /, **arguments: Any) -> str:
    tool = next(one for one in file_tools(files) if one.spec.name == name)
    return asyncio.run(_made(tool, arguments)).text


async def _made(tool: NotebookTool, arguments: dict[str, Any]) -> ToolResult:
    return await tool.bind(arguments)()


def test_tools_are_offered_where_there_are_files_and_ask(folder: Folder, tmp_path: Path) -> None:
    tools = file_tools(folder)
    assert [(one.spec.name, one.policy) for one in tools] == [
        ("list_files", "ask"),
        ("read_file", "ask"),
    ]
    assert file_tools(Folder(tmp_path / "none")) == []


def test_files_are_listed_with_their_sizes(folder: Folder) -> None:
    assert call(folder, "list_files") == f"a.csv (8 bytes)\ndata/b.txt ({READ_FILE + 5:,} bytes)"
    for name in ("data", "data/", "/home/data"):
        assert call(folder, "list_files", folder=name).startswith("data/b.txt")
    assert call(folder, "list_files", folder="dat") == "None."


def test_a_file_is_read_in_parts(folder: Folder) -> None:
    assert call(folder, "read_file", path="a.csv") == "Bytes 0 to 8 of 8:\nx,y\n1,2\n"
    assert "Its beginning:" in call(folder, "read_file", path="data/b.txt")
    rest = call(folder, "read_file", path="/home/data/b.txt", offset=READ_FILE)
    assert rest.endswith(":\nbbbbb")


def test_what_is_not_there_is_told_and_wrong_arguments_too(folder: Folder) -> None:
    assert "There is no file '../x'" in call(folder, "read_file", path="../x")
    with pytest.raises(ToolArgumentsError):
        call(folder, "read_file", path="a.csv", offset=-1)


def test_a_call_is_allowed_with_those_of_the_same_folder(folder: Folder) -> None:
    listing, reading = file_tools(folder)
    for path in ("data/b.txt", "/home/data/c", "./data/d"):
        assert reading.scope({"path": path}) == "data/"
    assert reading.scope({"path": "a.csv"}) == ""
    assert listing.scope({}) == "" and listing.scope({"folder": "data"}) == "data/"
