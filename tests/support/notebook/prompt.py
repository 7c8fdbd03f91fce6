"""The messages that are sent with a prompt below some cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from runt_pyodide.ai.prompt.context import (
    Budget,
    Context,
    build_context,
)
from runt_pyodide.llm.messages import Message
from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.state import Notebook
from tests.support.notebook.logs import cell, fold

PROMPT = cell("z", "ai", "What now?")


ASKED = Message("user", "What now?")


def messages_of(*parts: Any) -> list[Message]:
    """Return the messages that are sent with a prompt below these cells and outputs, without it."""
    notebook = fold(*parts, PROMPT)
    *above, prompt = context_of(notebook).messages
    assert prompt == ASKED
    return above


def context_of(
    notebook: Notebook, window: int = 100_000, turns: Sequence[Message] = (), **more: Any
) -> Context:
    return build_context(
        notebook,
        notebook.cells["z"],
        turns,
        budget=Budget(window, window // 10),
        **more,
    )


def hidden(cell_id: str) -> ev.CellAiContextVisibilityToggled:
    return ev.CellAiContextVisibilityToggled(id=cell_id, ai_context_visible=False)


def long_notebook(cells: int, size: int = 400) -> Notebook:
    parts = [cell(f"c{n:05}", "markdown", f"{n} " + "x" * size) for n in range(cells)]
    return fold(*parts, PROMPT)
