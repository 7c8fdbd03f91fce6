"""schema/config.json and schema/ai-record.json say what the package reads and writes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from runt_pyodide.ai.record import fields
from runt_pyodide.config import AIConfig
from runt_pyodide.errors import ConfigError
from scripts.paths import ROOT


def schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((ROOT / "schema" / f"{name}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(loaded)
    return loaded


def accepts(config: object) -> bool:
    try:
        AIConfig.read(config)
    except ConfigError:
        return False
    return True


@pytest.mark.parametrize(
    ("config", "is_good"),
    [
        ({}, True),
        ({"providers": {"openai": {"apiKey": "k", "baseUrl": "https://example.org/v1"}}}, True),
        ({"providers": {"ollama": {"numCtx": 8192, "keepAlive": "10m"}}}, True),
        ({"providers": {"groq": {"model": "m"}, "work": {"type": "openai"}}}, True),
        ({"providers": {"test": {"responses": {"a": "b"}, "delay": 0}}}, True),
        ({"limits": {"turns": 3, "tokens": None}, "tools": {"run": "never"}}, True),
        ({"limits": {"turns": 0}}, False),
        ({"limits": {"turn": 1}}, False),
        ({"tools": {"run": "sometimes"}}, False),
        ({"providers": {"openai": {"apiKei": "k"}}}, False),
        ({"providers": {"openai": {"preset": "none-such"}}}, False),
        ({"providers": {"ollama": {"numCtx": 0}}}, False),
        ({"providers": {"mine": {"model": "m"}}}, False),
    ],
)
def test_a_configuration_is_good_for_the_schema_if_it_can_be_read(
    config: object, is_good: bool
) -> None:
    assert Draft202012Validator(schema("config")).is_valid(config) is is_good is accepts(config)


def test_what_a_run_writes_is_what_the_schema_says() -> None:
    record = schema("ai-record")
    change = fields.AIRecord.of_metadata({"anode": {"role": "tool", "change": None}})
    written = [
        ("AIRecord", change.to_json()),
        ("AIRecord", fields.AIRecord(role="assistant", finish_reason="stop").to_json()),
        ("AIRecord", fields.AIRecord(run=fields.RunAccount(turns=2, price_usd=0.1)).to_json()),
        ("CallData", fields.CallData("t", "run", {"code": "1"}).to_json()),
        ("ResultData", fields.ResultData("t", "error", result=[1]).to_json()),
    ]
    for name, value in written:
        Draft202012Validator({**record, "anyOf": [{"$ref": f"#/$defs/{name}"}]}).validate(value)
    assert not Draft202012Validator(record).is_valid({"role": 7, "tool_call_id": 1})
