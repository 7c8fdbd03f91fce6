"""What names tell of Anthropic's models, and what its list tells."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runt_pyodide.errors import ProtocolError
from runt_pyodide.llm.anthropic.models import (
    describe,
    limit_of,
    read_models,
    takes_sampling,
    takes_schemas,
    thinking_of,
)

# Name, when it thinks, whether it takes schemas and a temperature, its limit and its window.
KNOWN = [
    ("claude-opus-5-5", "always", True, False, 32_000, 1_000_000),
    ("claude-sonnet-5-5", "always", True, False, 32_000, 1_000_000),
    ("claude-fable-5-1", "always", True, False, 32_000, 1_000_000),
    ("claude-haiku-5-5", "unless told not to", True, False, 32_000, 1_000_000),
    ("claude-opus-5", "unless told not to", True, False, 32_000, 1_000_000),
    ("claude-sonnet-6", "unless told not to", True, False, 32_000, 1_000_000),
    ("claude-opus-4-8", "if asked", True, False, 32_000, 1_000_000),
    ("claude-sonnet-4-6", "if asked", True, True, 32_000, 1_000_000),
    ("claude-haiku-4-5-20251001", "budget", True, True, 32_000, 200_000),
    ("claude-opus-4-1-20250805", "budget", True, True, 32_000, 200_000),
    ("claude-sonnet-4-20250514", "budget", False, True, 32_000, 200_000),
    ("claude-3-7-sonnet-20250219", "budget", False, True, 32_000, 200_000),
    ("claude-3-5-haiku-20241022", "never", False, True, 8192, 200_000),
    ("claude-3-haiku-20240307", "never", False, True, 4096, 200_000),
    ("us.anthropic.claude-opus-4-6-v1:0", "if asked", True, True, 32_000, 1_000_000),
    ("MiniMax-M3", "never", False, True, 8192, None),
]


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known[0])
def test_what_a_name_tells(known: tuple[Any, ...]) -> None:
    name, thinking, schemas, sampling, limit, window = known
    assert thinking_of(name) == thinking
    assert (takes_schemas(name), takes_sampling(name)) == (schemas, sampling)
    assert limit_of(name) == limit
    model = describe(name, "anthropic")
    assert model.context_length == window
    assert ("thinking" in model.capabilities) == (thinking != "never")
    assert ("vision" in model.capabilities) == name.startswith(("claude-", "us."))


def test_the_list() -> None:
    able = {"image_input": {"supported": False}, "thinking": {"supported": True}}
    rows = [
        {"id": "claude-opus-5-5", "display_name": "Claude Opus 5.5", "max_input_tokens": 900},
        {"id": "claude-3-haiku-20240307", "capabilities": able},
        {"id": None},
    ]
    first, second = read_models(json.dumps({"data": rows}).encode(), "a")
    assert (first.name, first.display_name, first.context_length) == (
        *("claude-opus-5-5", "Claude Opus 5.5"),
        900,
    )
    assert second.capabilities == ("completion", "tools", "thinking")
    assert second.context_length == 200_000


@pytest.mark.parametrize("body", ["", "[]", '{"models": []}', '{"data": [1]}', '{"data": [{}]}'])
def test_what_is_no_list(body: str) -> None:
    with pytest.raises(ProtocolError, match="not a list"):
        read_models(body.encode(), "a")
