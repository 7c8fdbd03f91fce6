"""What names tell of Gemini's models, and what its list tells."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runt_pyodide.errors import ProtocolError
from runt_pyodide.llm.gemini.models import (
    checks_signatures,
    choose_thinking,
    describe,
    read_models,
    thinking_of,
)


@pytest.mark.parametrize(
    ("model", "thinking", "checks"),
    [
        ("gemini-4-argon", "level", True),
        ("gemini-3.8-flash", "level", True),
        ("gemini-9-new", "level", True),
        ("gemini-flash-latest", "level", True),
        ("gemini-2.5-flash-lite", "budget", False),
        ("gemini-2.0-flash", "never", False),
        ("gemini-1.5-pro", "never", False),
        ("gemma-3-27b-it", "never", False),
    ],
)
def test_what_a_name_tells(model: str, thinking: str, checks: bool) -> None:
    assert thinking_of(model) == thinking
    assert checks_signatures(model) is checks
    about = describe(model, "gemini")
    assert ("thinking" in about.capabilities) == (thinking != "never")
    assert (about.context_length is not None) == model.startswith("gemini-")
    assert "vision" in about.capabilities


@pytest.mark.parametrize(
    ("model", "effort", "config"),
    [
        ("gemini-3.8-flash", None, {}),
        ("gemini-3.8-flash", "none", {"thinkingLevel": "minimal"}),
        ("gemini-3.8-flash", "medium", {"thinkingLevel": "medium"}),
        ("gemini-3.8-flash", "max", {"thinkingLevel": "high"}),
        ("gemini-3.1-pro-preview", "minimal", {"thinkingLevel": "low"}),
        ("gemini-4-argon", "none", {"thinkingLevel": "low"}),
        ("gemini-4-neon", "xhigh", {"thinkingLevel": "xhigh"}),
        ("gemini-2.5-flash", "low", {"thinkingBudget": 1024}),
        ("gemini-2.5-flash", "max", {"thinkingBudget": 24_576}),
        ("gemini-2.5-pro", "none", {"thinkingBudget": 128}),
    ],
)
def test_how_a_model_is_to_think(model: str, effort: Any, config: dict[str, Any]) -> None:
    assert choose_thinking(model, effort) == {"includeThoughts": True, **config}


def test_a_model_that_does_not_think() -> None:
    assert choose_thinking("gemini-2.0-flash", "high") is None
    assert choose_thinking("gemini-2.5-flash", "none") == {"thinkingBudget": 0}


def test_the_list() -> None:
    chats = {"supportedGenerationMethods": ["generateContent"]}
    rows = [
        {"name": "models/gemini-3.8-flash", "displayName": "Flash", "inputTokenLimit": 9, **chats},
        {"name": "models/gemini-9-x", "thinking": False, **chats},
        {"name": "models/gemma-4-it", "thinking": True, **chats},
        {"name": "models/gemini-3.8-live", **chats},
        {"name": "models/gemini-3.8-flash-tts", **chats},
        {"name": "models/gemini-embedding-2", "supportedGenerationMethods": ["embedContent"]},
        {"name": None},
    ]
    flash, other, gemma = read_models(json.dumps({"models": rows}).encode(), "g")
    assert (flash.name, flash.display_name) == ("gemini-3.8-flash", "Flash")
    assert flash.context_length == 9
    assert "thinking" not in other.capabilities
    assert "thinking" in gemma.capabilities


@pytest.mark.parametrize("body", ["", "[]", '{"data": []}', '{"models": [1]}', '{"models": [{}]}'])
def test_what_is_no_list(body: str) -> None:
    with pytest.raises(ProtocolError, match="not a list"):
        read_models(body.encode(), "g")
