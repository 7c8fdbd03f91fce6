"""Histories as nobody would write them: any messages, in any order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from runt_pyodide.llm.messages import Image, Message, ToolCall

_TEXTS = ("", " ", "\n", "Hello.", "größe", "[data 1]\nx\n[end of data 1]")
_ARGUMENTS = ("", "{}", "null", "[1]", '{"a": 1}', '{"a": ', '{"a": NaN}', '{"a": "\n"}', "x")
_NAMES = ("add", "", "functions.add", "größe", "a" * 80)
_IDS = ("", "a", "b", "call_1", "D681PevKs", "D681PevKs_2", "functions.add:0")
_STATES: tuple[tuple[dict[str, Any], ...], ...] = (
    (),
    (),
    ({"type": "x", "call_id": "a"}, {"type": "y"}),
)


def random_message(rng: random.Random) -> Message:
    role = rng.choice(("user", "user", "assistant", "assistant", "tool", "tool", "system"))
    text = rng.choice(_TEXTS)
    if role == "tool":
        return Message("tool", text, tool_call_id=rng.choice(_IDS), tool_name=rng.choice(_NAMES))
    if role == "assistant":
        calls = tuple(
            ToolCall(rng.choice(_IDS), rng.choice(_NAMES), rng.choice(_ARGUMENTS))
            for _ in range(rng.choice((0, 0, 1, 1, 2, 3)))
        )
        return Message("assistant", text, tool_calls=calls, state=rng.choice(_STATES))
    images = (Image("image/png", "aGk="),) * rng.choice((0, 0, 1, 2))
    return Message("system" if role == "system" else "user", text, images=images)


def random_histories(count: int, seed: int = 1) -> Iterator[list[Message]]:
    """Yield histories, the same ones for the same seed."""
    rng = random.Random(seed)
    for _ in range(count):
        yield [random_message(rng) for _ in range(rng.randrange(12))]
