"""The notebook above a cell as messages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.ai.prompt.above import mark_data
from runt_pyodide.ai.prompt.context import Budget, build_context
from runt_pyodide.ai.prompt.frame import build_system_prompt
from runt_pyodide.llm.messages import Message, ToolCall, ToolSpec
from runt_pyodide.llm.tokens import estimate_message
from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.state import Notebook
from tests.support.notebook.logs import (
    cell,
    delta,
    fold,
    output,
)
from tests.support.notebook.prompt import (
    ASKED,
    PROMPT,
    context_of,
    hidden,
    messages_of,
)
from tests.support.pictures import PNG, base64_of

TRACEBACK = "Traceback\nZeroDivisionError: by zero"


def test_a_whole_notebook() -> None:
    assert messages_of(
        cell("a", "markdown", "# Title"),
        cell("b", "code", "print(1)\n1 / 0"),
        output("terminal", "b1", "b", data="1\n", position=0),
        output("display", "b2", "b", data={"text/html": "<b>t</b>", "text/plain": "t"}, position=1),
        output("markdown", "b3", "b", data="**m**", position=2),
        output(
            "error",
            "b4",
            "b",
            data={
                "ename": "ZeroDivisionError",
                "evalue": "by zero",
                "traceback": ["\x1b[31mTraceback\x1b[0m", "ZeroDivisionError: by zero"],
            },
            position=3,
        ),
        cell("c", "sql", "select 1"),
        output("result", "c1", "c", data={"text/plain": "1", "text/markdown": "| 1 |"}),
        cell("d", "raw", "raw text"),
        cell("e", "ai", "Why?"),
        output(
            "markdown", "e1", "e", data="Let me see.", metadata={"anode": {"thinking": True}}
        ),
        output("markdown", "e2", "e", data="Because", position=1),
        delta("e2d", 0, "e2", text=" of zero."),
        output("markdown", "e3", "e", data="And more.", position=2),
        cell("f", "code", "secret"),
        output("terminal", "f1", "f", data="secret"),
        hidden("f"),
    ) == [
        Message("user", "A markdown cell:\n\n# Title"),
        Message(
            "user",
            "A code cell:\n```python\nprint(1)\n1 / 0\n```\n\n"
            f"Its output:\n{mark_data('1')}\n\n"
            f"Its output:\n{mark_data('t')}\n\n"
            f"Its output:\n{mark_data('**m**')}\n\n"
            f"Its output:\n{mark_data(TRACEBACK)}",
        ),
        Message("user", f"A sql cell:\n```sql\nselect 1\n```\n\nIts output:\n{mark_data('| 1 |')}"),
        Message("user", "A raw cell:\n\nraw text"),
        Message("user", "Why?"),
        Message("assistant", "Because of zero.\n\nAnd more."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [cell("zz", "code", "below")],
        [cell("a", "code", "secret"), hidden("a")],
        [cell("a", "ai", "secret"), output("markdown", "o", "a", data="told"), hidden("a")],
        [cell("a", "code", " \n")],
        [cell("a", "ai", "")],
        # A prompt that was never answered, or whose answer is all thinking, failure or blank.
        [cell("a", "ai", "Why?")],
        [cell("a", "ai", "Why?"), output("error", "o", "a", data={"ename": "NetworkError"})],
        [
            cell("a", "ai", "Why?"),
            output("markdown", "o", "a", data="Hm.", metadata={"anode": {"thinking": True}}),
            output("markdown", "p", "a", data=" \n"),
        ],
        [cell("a", "code", "x"), ev.CellDeleted(id="a")],
    ],
)
def test_what_is_not_told(parts: list[Any]) -> None:
    assert messages_of(*parts) == []


@pytest.mark.parametrize(
    ("text", "fence"),
    [
        ("plain", "```"),
        ("`a` and ``b``", "```"),
        ("```python\nx\n```", "````"),
        ("a ````` b ``` c", "``````"),
    ],
)
def test_a_fence_is_longer_than_any_within(text: str, fence: str) -> None:
    (message,) = messages_of(cell("c", "code", text))
    assert message.content == f"A code cell:\n{fence}python\n{text}\n{fence}"


def test_only_what_stands_above_is_told_in_the_order_of_the_notebook() -> None:
    notebook = fold(
        cell("b", "raw", "second", index="b"),
        cell("a", "raw", "first", index="c"),
        ev.CellMoved(id="a", fractional_index="a"),
        cell("z", "ai", "What now?", index="m"),
        cell("y", "raw", "below", index="n"),
    )
    contents = [m.content for m in context_of(notebook).messages]
    assert contents == ["A raw cell:\n\nfirst", "A raw cell:\n\nsecond", "What now?"]


def test_the_prompt_is_the_source_as_it_stands() -> None:
    notebook = Notebook(cell("z", "ai", "  Keep ``` all\n\n of it \n"))
    assert context_of(notebook).messages == (Message("user", "  Keep ``` all\n\n of it \n"),)


@pytest.mark.parametrize(
    ("saved", "own", "added"),
    [
        (None, None, []),
        ("Be kind.", None, ["Be kind."]),
        (None, "Be short.", ["Be short."]),
        ("Be kind.", "Be short.", ["Be kind.", "Be short."]),
        (" \n", "", []),
    ],
)
def test_the_system_prompt(saved: str | None, own: str | None, added: list[str]) -> None:
    notebook = fold(PROMPT)
    ours = build_system_prompt(notebook, notebook.cells["z"])
    assert "notebook" in ours
    if saved is not None:
        notebook.apply(ev.NotebookMetadataSet(key="user_saved_prompt", value=saved))
    settings = ev.AiSettings(system_prompt=own)
    notebook.apply(ev.AiSettingsChanged(cell_id="z", provider="p", model="m", settings=settings))
    assert build_system_prompt(notebook, notebook.cells["z"]) == "\n\n".join([ours, *added])


def test_an_earlier_run_is_told_with_its_calls_and_results() -> None:
    call = {"tool_call_id": "c1", "tool_name": "look", "arguments": {"at": 1}}
    result = {**call, "status": "success", "result": "seen"}
    about = {"anode": {"run_id": "q", "iteration": 1}}
    shown = ev.Inline(data=call, metadata={"anode": {**about["anode"], "role": "function_call"}})
    given = ev.Inline(data=result, metadata={"anode": {**about["anode"], "role": "tool"}})
    assert messages_of(
        cell("a", "ai", "Look."),
        output("markdown", "a1", "a", data="I look.", metadata=about),
        output("display", "a2", "a", data={"application/vnd.anode.aitool+json": shown}, position=1),
        output(
            "display",
            "a3",
            "a",
            data={"application/vnd.anode.aitool.result+json": given},
            position=2,
        ),
        output(
            "markdown",
            "a4",
            "a",
            data="Seen.",
            metadata={"anode": {"run_id": "q", "iteration": 2}},
            position=3,
        ),
    ) == [
        Message("user", "Look."),
        Message("assistant", "I look.", tool_calls=(ToolCall("c1", "look", '{"at": 1}'),)),
        Message("tool", mark_data("seen"), tool_call_id="c1", tool_name="look"),
        Message("assistant", "Seen."),
    ]


def test_where_there_is_little_room_a_cell_is_told_of_without_its_images() -> None:
    notebook = fold(
        cell("a", "code", "plot()", index="a"),
        output("display", "o", "a", data={"image/png": base64_of(PNG), "text/plain": "A plot"}),
        cell("z", "ai", "What now?", index="z"),
    )
    roomy, tight = (context_of(notebook, window=size, sees=True) for size in (5_000, 1_200))
    assert [len(context.messages[0].images) for context in (roomy, tight)] == [1, 0]
    assert [context.manifest.images_left_out for context in (roomy, tight)] == [0, 1]
    assert "A plot" in tight.messages[0].content


def test_state_of_earlier_turns_takes_a_quarter_of_the_room_at_most() -> None:
    """It goes without anything else being lost."""
    parts = []
    for n in range(8):
        state = [{"type": "t", "reasoning": "x" * 8_000}]
        about = {"anode": {"run_id": str(n), "iteration": 1, "service_state": state}}
        parts += [
            *cell(f"c{n}", "ai", "Why?", index=f"b{n}"),
            output("markdown", f"o{n}", f"c{n}", data="Because. " * 20, metadata=about),
        ]
    notebook = fold(*parts, cell("z", "ai", "What now?", index="z"))

    def weigh(message: Message) -> int:
        return estimate_message(message) + len(json.dumps(message.state)) // 4

    budget = Budget(30_000, 2_000, weigh=weigh)
    context = build_context(notebook, notebook.cells["z"], budget=budget)
    answers = [message for message in context.messages if message.role == "assistant"]
    assert [bool(message.state) for message in answers] == [False] * 5 + [True] * 3
    assert {message.content for message in answers} == {"Because. " * 20}


def test_a_long_run_gives_up_its_oldest_results_first() -> None:
    turns = []
    for n in range(6):
        call = ToolCall(f"c{n}", "read", "{}")
        turns += [
            Message("assistant", "", tool_calls=(call,)),
            Message("tool", f"{n}" * 4_000, tool_call_id=f"c{n}", tool_name="read"),
        ]
    notebook = fold(PROMPT)
    context = context_of(notebook, window=6_000, turns=turns)
    lengths = [len(message.content) for message in context.messages if message.role == "tool"]
    assert lengths[0] < 1_000 < lengths[-1]
    assert context.manifest.tokens <= 6_000
    assert sum(entry.cut for entry in context.manifest.messages) > 0


def test_the_tools_are_told_of_where_there_are_some() -> None:
    notebook = fold(PROMPT)
    tool = ToolSpec("look", "Looks.", {"type": "object", "properties": {}})
    with_tools = context_of(notebook, tools=[tool])
    assert "your tools" in with_tools.frame.system_prompt
    assert "your tools" not in context_of(notebook).frame.system_prompt
    assert with_tools.estimate > context_of(notebook).estimate


@given(
    st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 30_000)), max_size=12),
    st.integers(0, 20_000),
    st.sampled_from([0.5, 1.0, 2.5]),
)
def test_the_budget_is_kept_where_the_prompt_fits(
    sizes: list[tuple[int, int]], window: int, scale: float
) -> None:
    parts: list[Any] = []
    for n, (source, shown) in enumerate(sizes):
        parts.append(cell(f"c{n}", "code", "s" * (source + 1), index=f"b{n:02}"))
        parts.append(output("terminal", f"o{n}", f"c{n}", data="o" * shown))
    notebook = fold(*parts, cell("z", "ai", "What now?", index="z"))
    budget = Budget(window, window // 10, scale)
    turns = [
        Message("assistant", "", tool_calls=(ToolCall("c", "look", "{}"),)),
        Message("tool", "r" * 3_000, tool_call_id="c", tool_name="look"),
    ]
    tools = [ToolSpec("look", "Looks. " * 100, {"type": "object"})]
    context = build_context(notebook, notebook.cells["z"], turns, budget=budget, tools=tools)
    asked = estimate_message(ASKED)
    assert context.estimate <= max(budget.room, asked)
    assert context.is_least == (context.estimate == asked)
    assert ASKED in context.messages
    sources = [entry.source for entry in context.manifest.messages if entry.source[0] == "c"]
    assert sources == [f"c{n}" for n in range(len(sizes))][len(sizes) - len(sources) :]
