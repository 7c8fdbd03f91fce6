"""The manifest of what a model was sent, and how a person reads it."""

from __future__ import annotations

from runt_pyodide.ai.prompt.manifest import explain
from tests.support.notebook.logs import cell, fold
from tests.support.notebook.prompt import (
    PROMPT,
    context_of,
    hidden,
    long_notebook,
)


def test_what_has_no_room_is_left_out_from_the_top() -> None:
    context = context_of(long_notebook(100), window=4_000)
    numbers = [message.content.split()[3] for message in context.messages[:-1]]
    first = int(numbers[0])
    assert numbers == [str(n) for n in range(first, 100)]
    assert 50 < first < 99
    manifest = context.manifest.to_json()
    last = f"c{first - 1:05}"
    assert manifest["no_room"] == {"cells": first, "first": "c00000", "last": last}
    assert manifest["tokens"] <= 4_000 - 400
    told = explain(context.manifest)
    assert f"No room for {first} cells above: from c00000 to {last}." in told


def test_what_was_hidden_is_named_and_nothing_of_it_is_told() -> None:
    notebook = fold(cell("a", "code", "secret"), hidden("a"), PROMPT)
    assert context_of(notebook).manifest.hidden == ("a",)
    assert "Hidden from AI: a." in explain(context_of(notebook).manifest)


def test_a_manifest_of_very_many_messages_sums_the_topmost_up() -> None:
    messages = context_of(long_notebook(300, 4)).manifest.to_json()["messages"]
    assert len(messages) == 100
    assert messages[1]["source"] == "c00000 to c00202"
    assert messages[2]["source"] == "c00203"
