"""What stands around the messages, in ever less room."""

from __future__ import annotations

from itertools import groupby

from runt_pyodide.ai.prompt.frame import Frame, build_system_prompt, choose_frame
from runt_pyodide.llm.messages import ToolSpec
from runt_pyodide.notebook import events as ev
from tests.support.notebook.logs import cell, fold

TOOL = ToolSpec("look", "Looks. " * 200, {"type": "object", "properties": {}})
OWN = ev.AiSettings(system_prompt="Answer in French.")
NOTEBOOK = fold(
    cell("z", "ai", "Why?"),
    ev.AiSettingsChanged(cell_id="z", provider="p", model="m", settings=OWN),
)
CELL = NOTEBOOK.cells["z"]


def chosen(room: int, least: int = 0, *tools: ToolSpec) -> Frame:
    return choose_frame(NOTEBOOK, CELL, tools, room, least)


def test_less_stands_around_where_there_is_less_room() -> None:
    whole = build_system_prompt(NOTEBOOK, CELL, with_tools=True)
    frames = [frame for frame, _ in groupby(chosen(n, 0, TOOL) for n in range(2_000, -2, -1))]
    assert frames == [
        Frame(whole, (TOOL,)),
        Frame(build_system_prompt(NOTEBOOK, CELL), (), ("tools",)),
        Frame("Answer in French.", (), ("tools", "the built-in system prompt")),
        Frame("", (), ("tools", "the system prompt")),
    ]
    tokens = [frame.tokens for frame in frames]
    assert tokens == sorted(tokens, reverse=True)
    assert [frame.is_empty for frame in frames] == [False, False, False, True]


def test_what_must_be_sent_has_its_room_first() -> None:
    room = chosen(10_000).tokens + 100
    assert chosen(room, 100).left_out == ()
    assert chosen(room, 101).left_out == ("the built-in system prompt",)


def test_tools_take_no_more_than_half() -> None:
    tokens = chosen(10_000, 0, TOOL).tool_tokens
    assert chosen(2 * tokens, 0, TOOL).tools == (TOOL,)
    assert chosen(2 * tokens - 1, 0, TOOL).tools == ()
