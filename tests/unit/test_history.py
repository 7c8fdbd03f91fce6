"""The notebook above a cell as messages."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide import events as ev
from runt_pyodide.ai.history import build_messages, build_system_prompt
from runt_pyodide.messages import Message
from runt_pyodide.notebook import Notebook
from tests.unit.logs import cell, delta, fold, output

PROMPT = cell("z", "ai", "What now?")
ASKED = Message("user", "What now?")


def messages_of(*parts: Any) -> list[Message]:
    """The messages that a prompt below these cells and outputs is sent with, without itself."""
    notebook = fold(*parts, PROMPT)
    *above, prompt = build_messages(notebook, notebook.cells["z"])
    assert prompt == ASKED
    return above


def hidden(cell_id: str) -> ev.CellAiContextVisibilityToggled:
    return ev.CellAiContextVisibilityToggled(id=cell_id, ai_context_visible=False)


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
            "Its output:\n```\n1\n```\n\n"
            "Its output:\n```\nt\n```\n\n"
            "Its output:\n```\n**m**\n```\n\n"
            "Its output:\n```\nTraceback\nZeroDivisionError: by zero\n```",
        ),
        Message("user", "A sql cell:\n```sql\nselect 1\n```\n\nIts output:\n```\n| 1 |\n```"),
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
        [cell("a", "code", " \n"), output("terminal", "o", "a", data="of an earlier source")],
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
    ("shown", "text"),
    [
        (output("terminal", "o", data="\n\n  a\n b \n\n"), "  a\n b "),
        (output("terminal", "o", data=" \n"), None),
        (output("display", "o", data={"image/png": "iVBORw"}), None),
        (output("display", "o", data={"text/plain": 1}), None),
        (output("display", "o", data={"text/plain": ev.Artifact(artifact_id="x")}), None),
        (
            output(
                "display",
                "o",
                data={"text/markdown": ev.Artifact(artifact_id="x"), "text/plain": "p"},
            ),
            "p",
        ),
        (output("error", "o", data={"ename": "E", "evalue": "bad", "traceback": []}), "E: bad"),
        (output("error", "o", data={"ename": "E", "evalue": "bad"}), "E: bad"),
        (output("error", "o", data={"ename": "E", "evalue": "b", "traceback": "odd"}), "E: b"),
    ],
)
def test_an_output_as_text(shown: Any, text: str | None) -> None:
    (message,) = messages_of(cell("c", "code", "x"), shown)
    expected = "" if text is None else f"\n\nIts output:\n```\n{text}\n```"
    assert message.content == f"A code cell:\n```python\nx\n```{expected}"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("\x1b[1;31mred\x1b[0m \x1b[38;5;9mmore\x1b[m", "red more"),
        ("\x1b[2K\x1b[1Aup\x1b[?25l", "up"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bM\x1bcreset", "reset"),
        ("\x1b(Bplain\x1b7\x1b8", "plain"),
        ("\x1bPq#0\x1b\\sixel \x1b_app\x1b\\gone", "sixel gone"),
        ("[31m is no sequence", "[31m is no sequence"),
    ],
)
def test_control_sequences_of_terminals_are_left_out(written: str, plain: str) -> None:
    (message,) = messages_of(cell("c", "code", "x"), output("terminal", "o", data=written))
    assert message.content.endswith(f"Its output:\n```\n{plain}\n```")


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
    (message,) = messages_of(cell("c", "code", text), output("terminal", "o", data=text))
    assert message.content == (
        f"A code cell:\n{fence}python\n{text}\n{fence}\n\nIts output:\n{fence}\n{text}\n{fence}"
    )


def test_only_what_stands_above_is_told_in_the_order_of_the_notebook() -> None:
    notebook = fold(
        cell("b", "raw", "second", index="b"),
        cell("a", "raw", "first", index="c"),
        ev.CellMoved(id="a", fractional_index="a"),
        cell("z", "ai", "What now?", index="m"),
        cell("y", "raw", "below", index="n"),
    )
    contents = [m.content for m in build_messages(notebook, notebook.cells["z"])]
    assert contents == ["A raw cell:\n\nfirst", "A raw cell:\n\nsecond", "What now?"]


def test_the_prompt_is_the_source_as_it_stands() -> None:
    notebook = Notebook(cell("z", "ai", "  Keep ``` all\n\n of it \n"))
    assert build_messages(notebook, notebook.cells["z"]) == (
        Message("user", "  Keep ``` all\n\n of it \n"),
    )


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
