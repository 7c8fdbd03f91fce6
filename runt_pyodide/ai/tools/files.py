"""The tools with which a model reads the notebook's files. They are offered where there are files,
and a person who allows one call for a folder allows that run the others for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from ..folder import File, Folder
from ..text import sizes
from ..text.file import decode, describe_file
from ..tool import ToolResult, check_arguments
from .actions import Arguments
from .notebook import NotebookTool


class ListFiles(Arguments):
    folder: str = Field(default="", description="A folder, such as data/; default: all files")


class ReadFile(Arguments):
    path: str = Field(description="The file's path, such as data/sales.csv")
    offset: int = Field(default=0, ge=0, description="Bytes from its start")


class FileTool(NotebookTool):
    """A tool whose calls are allowed by folder."""

    def scope(self, arguments: Mapping[str, Any]) -> str | None:
        asked = check_arguments(self._arguments, self.spec.name, arguments)
        if isinstance(asked, ReadFile):
            return File(_plain(asked.path), 0).folder
        return _as_folder(asked.folder) if isinstance(asked, ListFiles) else None


def file_tools(folder: Folder) -> list[NotebookTool]:
    """Return the tools for the files of a folder; none if there are no files."""
    if folder.is_empty():
        return []

    async def list_files(asked: ListFiles) -> ToolResult:
        within = _as_folder(asked.folder)
        files = [one for one in folder.files() if one.path.startswith(within)]
        lines = [f"{one.path} ({one.size:,} bytes)" for one in files[: sizes.LISTED_FILES]]
        more = len(files) - len(lines)
        if more > 0:
            lines.append(f"and {more} more")
        return ToolResult("\n".join(lines) or "None.")

    async def read_file(asked: ReadFile) -> ToolResult:
        file = folder.find(_plain(asked.path))
        data = folder.read(file, sizes.READ_FILE, asked.offset)
        if asked.offset == 0 and len(data) < file.size:
            return ToolResult(describe_file(file.path, file.size, data))
        end = asked.offset + len(data)
        text, _ = decode(data, is_whole=end >= file.size)
        said = "These bytes are not text." if text is None else text
        return ToolResult(f"Bytes {asked.offset:,} to {end:,} of {file.size:,}:\n{said}")

    return [
        FileTool(
            "list_files",
            f"List the notebook's files, at most {sizes.LISTED_FILES}.",
            ListFiles,
            list_files,
            "ask",
            reads_only=True,
        ),
        FileTool(
            "read_file",
            f"Read a file of the notebook: at most {sizes.READ_FILE:,} bytes of it at a time.",
            ReadFile,
            read_file,
            "ask",
            reads_only=True,
        ),
    ]


def _plain(path: str) -> str:
    return path.removeprefix("/home/").removeprefix("./")


def _as_folder(path: str) -> str:
    plain = _plain(f"{path.strip('/')}/" if path.strip("/.") else "").removeprefix("home/")
    return plain
