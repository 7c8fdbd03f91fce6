"""Scripts of the Test provider: an error names what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.config import AIConfig
from runt_pyodide.errors import (
    ConfigError,
)

TURN = "responses.0.turns.0"


@pytest.mark.parametrize(
    ("response", "said"),
    [
        ({"text": "a"}, "responses.0: give either prompt or pattern"),
        ({"prompt": "a"}, "responses.0: give one of text, turns and answers"),
        ({"pattern": "(", "text": "a"}, "the pattern is no regular expression: missing )"),
        ({"fault": "late"}, f"{TURN}.fault.kind: Input should be 'status', 'unreachable'"),
        ({"fault": 200}, f"{TURN}.fault.status: Input should be greater"),
        ({"fault": {"times": 1}}, f"{TURN}.fault: give either a status or another kind"),
        ({"fault": {"kind": "cut", "status": 500}}, "give either a status or another kind"),
        ({"fault": {"status": 500, "after": 1}}, "comes before the first delta"),
        ({"parts": [{}]}, f"{TURN}.parts.0: give one of text, thinking and toolCall"),
        ({"parts": [{"text": "a"}], "text": "b"}, f"{TURN}: give either parts or text"),
        ({"toolCall": {}}, f"unknown key '{TURN}.toolCall'; known keys: delay, fault, "),
    ],
)
def test_what_is_wrong_with_a_script_is_named(response: dict[str, Any], said: str) -> None:
    if not {"prompt", "pattern", "text"} & {*response} or "parts" in response:
        response = {"pattern": "", "turns": [response]}
    with pytest.raises(ConfigError) as caught:
        AIConfig.read({"providers": {"test": {"responses": [response]}}})
    assert said in str(caught.value)


def test_a_script_or_a_cassette() -> None:
    both = {"responses": {"a": "b"}, "cassette": {"version": 1}}
    with pytest.raises(ConfigError, match="give either responses or a cassette"):
        AIConfig.read({"providers": {"test": both}})
