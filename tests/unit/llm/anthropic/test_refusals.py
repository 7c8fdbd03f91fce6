"""What Anthropic's models refuse: what is known of it, and what refusals teach."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runt_pyodide.errors import BadRequestError
from runt_pyodide.llm.messages import ChatSettings
from tests.support.llm.scripted_anthropic import (
    HIGH,
    OK,
    SCHEMA,
    TOOLS,
    Asked,
    refusal,
)


@pytest.mark.parametrize(
    ("said", "settings", "gone", "told"),
    [
        ("`top_p` is deprecated for this model.", {"top_p": 1}, "top_p", "top_p"),
        ("This model does not support the effort parameter.", HIGH, "output_config", "effort"),
        ('"thinking.type.adaptive" is not supported for this model.', HIGH, "thinking", "thinking"),
        ("thinking.display: Extra inputs are not permitted", HIGH, "display", ""),
        ("messages.0.content.0.cache_control: Extra inputs", {}, "cache_control", ""),
        ("max_tokens: 32000 > 8192, which is the maximum allowed", {}, "32000", ""),
    ],
)
async def test_what_is_refused_is_done_without(
    said: str, settings: Any, gone: str, told: str
) -> None:
    asked = Asked(refusal(said), OK, OK)
    wanted = ChatSettings(**settings)
    model = "claude-opus-4-6"
    response = await asked.ask(model=model, settings=wanted, system_prompt="s", tools=TOOLS)
    assert told in response.notice
    await asked.ask(model=model, settings=wanted, system_prompt="s", tools=TOOLS)
    first, *later = map(json.dumps, asked.bodies)
    assert gone in first
    assert all(gone not in body for body in later)


async def test_what_is_known_to_be_refused_is_not_sent() -> None:
    asked = Asked(OK)
    response = await asked.ask(settings=ChatSettings(temperature=0.5, seed=1))
    assert "temperature" not in asked.bodies[0]
    assert response.notice.endswith("temperature, seed.")


async def test_a_limit_of_one_s_own_is_not_lowered() -> None:
    asked = Asked(refusal("max_tokens: 99999 > 8192, which is the maximum allowed"))
    with pytest.raises(BadRequestError, match="8192"):
        await asked.ask(settings=ChatSettings(max_tokens=99_999))


@pytest.mark.parametrize(
    ("model", "sent"),
    [
        ("claude-sonnet-4-5", "output_config"),
        ("claude-3-haiku-20240307", "tool_choice"),
    ],
)
async def test_how_an_answer_is_bound(model: str, sent: str) -> None:
    asked = Asked(OK)
    await asked.ask(model=model, response_format=SCHEMA)
    assert sent in asked.bodies[0]


async def test_a_refused_schema_is_forced_by_a_tool_or_told_in_words() -> None:
    said = "output_config.format.schema: Schema is too complex."
    forced = Asked(refusal(said), refusal("tool_choice: not supported"), OK)
    await forced.ask(model="claude-sonnet-4-5", response_format=SCHEMA)
    _, second, third = forced.bodies
    assert second["tool_choice"] == {"type": "tool", "name": "answer"}
    assert "JSON schema" in third["system"][0]["text"]
    assert "tool_choice" not in third
    thinking = Asked(refusal(said), OK)
    await thinking.ask(response_format=SCHEMA)
    assert "JSON schema" in thinking.bodies[1]["system"][0]["text"]


async def test_an_open_object_is_never_closed() -> None:
    counts = {"type": "object", "additionalProperties": {"type": "integer"}}
    schema = {"type": "object", "properties": {"counts": counts}}
    asked = Asked(OK)
    await asked.ask(model="claude-sonnet-4-5", response_format=schema)
    assert asked.bodies[0]["tools"][0]["input_schema"]["properties"] == {"counts": counts}
