"""Files of conversations, and what is said of files that are none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from runt_pyodide import Conversation
from tests.support.stages.ai_stage import say
from tests.support.stages.asking import script

pytestmark = pytest.mark.usefixtures("fresh")


async def saved(path: Path) -> Any:
    script(say("Yes."))
    chat = Conversation()
    await chat("Well?")
    chat.save(path)
    return read(path)


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"text"', "{}", "[" * 100_000])
def test_another_file_is_no_conversation(tmp_path: Path, text: str) -> None:
    path = tmp_path / "chat.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"chat\.json' holds no conversation: give a file that"):
        Conversation.load(path)


def test_bytes_that_are_no_text_are_no_conversation(tmp_path: Path) -> None:
    path = tmp_path / "chat.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="holds no conversation"):
        Conversation.load(path)


def test_a_file_that_is_not_there_is_said_as_python_says_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Conversation.load(tmp_path / "none.json")


async def test_another_version_is_named(tmp_path: Path) -> None:
    path = tmp_path / "chat.json"
    data = await saved(path)
    path.write_text(json.dumps({**data, "version": 2}))
    with pytest.raises(ValueError, match=r"another version of runt-pyodide.* 1, not 2"):
        Conversation.load(path)


@pytest.mark.parametrize("events", [[{"name": 1}], [5], 5, {"a": 1}, [{"name": "v2.CellCreated"}]])
async def test_a_damaged_file_says_where(tmp_path: Path, events: Any) -> None:
    path = tmp_path / "chat.json"
    data = await saved(path)
    path.write_text(json.dumps({**data, "events": events}))
    with pytest.raises(ValueError, match=r"chat\.json' is damaged"):
        Conversation.load(path)


async def test_only_what_a_conversation_holds_is_read(tmp_path: Path) -> None:
    """An execution, a policy or an approval in a file does nothing here."""
    path = tmp_path / "chat.json"
    data = await saved(path)
    policy = {"tool": "run_python", "policy": "auto", "setBy": "file"}
    data["events"].append({"name": "v1.ToolPolicySet", "args": policy})
    path.write_text(json.dumps(data))
    loaded = Conversation.load(path)
    assert loaded.dialogue.notebook.policies == {}
    assert [one.content for one in loaded.messages] == ["Well?", "Yes."]
