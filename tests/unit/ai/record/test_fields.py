"""What an AI run writes into its outputs, by name, and how it is read."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from runt_pyodide.ai.record.changes import Change, OwnSettings, Snapshot
from runt_pyodide.ai.record.fields import (
    AIRecord,
    CallData,
    Manifest,
    ManifestEntry,
    NoRoom,
    Notice,
    ResultData,
    RunAccount,
    manifest_of,
)
from runt_pyodide.llm.messages import ToolCall, Usage
from runt_pyodide.notebook.events import AiSettings

CELL = {
    "cell_type": "code",
    "source": "x",
    "fractional_index": "b",
    "source_visible": True,
    "output_visible": False,
    "ai_context_visible": True,
}
OWN = {"provider": "p", "model": "m", "settings": {"temperature": 1, "max_tokens": 5}}
MANIFEST = {
    "window": 100,
    "reserved": 10,
    "tokens": 50,
    "messages": [{"role": "user", "source": "c", "characters": 3, "tokens": 1, "cut": 2}],
    "hidden": ["h"],
    "no_room": {"cells": 2, "first": "a", "last": "b"},
    "images_left_out": 1,
}
# As the page and earlier versions write it; each name stands on the wire.
TEXT: dict[str, Any] = {
    "role": "assistant",
    "run_id": "q",
    "iteration": 1,
    "ai_provider": "test",
    "ai_model": "m",
    "thinking": True,
    "notices": [
        {"kind": "retry", "text": "Again.", "until": "2026-01-01T00:00:02.000Z"},
        {"kind": "fallback", "text": "Another."},
    ],
    "prompt": "Why?",
    "manifest": MANIFEST,
    "finish_reason": "length",
    "usage": {"input_tokens": 3, "output_tokens": 0},
    "run": {
        "turns": 1,
        "tool_calls": 0,
        "duration_ms": 12,
        "usage": {"input_tokens": 3},
        "first_token_ms": 4,
        "tokens_per_second": 80.5,
        "price_usd": 0.001,
        "unpriced": ["m"],
        "limit": "The run reached its limit of 1 turns.",
    },
    "continued_by": "r",
    "origin": "0123456789abcdef m",
    "service_state": [{"type": "t", "signature": "s"}],
    "sources": [{"url": "https://example.com/", "title": "A page"}],
}
CALL: dict[str, Any] = {
    "role": "function_call",
    "run_id": "q",
    "iteration": 1,
    "ai_provider": "test",
    "ai_model": "m",
    "tool_call": True,
    "tool_call_id": "c",
    "tool_name": "f",
    "tool_args": {},
    "state": "success",
    "seen": {"a": "x = 1"},
    "duration_ms": 5,
    "origin": "0123456789abcdef m",
    "service_state": [{"signature": "s"}],
}
RESULT: dict[str, Any] = {
    "role": "tool",
    "run_id": "q",
    "iteration": 1,
    "tool_call_id": "c",
    "tool_name": "f",
    "tool_error": True,
    "change": {"kind": "modified", "cell_id": "a", "before": CELL, "after": {**CELL, "ai": OWN}},
}


@pytest.mark.parametrize("record", [TEXT, CALL, RESULT, {}])
def test_records_of_all_kinds_are_read_and_written_as_they_are(record: dict[str, Any]) -> None:
    read = AIRecord.read(record)
    assert read is not None
    assert read.to_json() == record
    assert AIRecord.of_metadata(read.to_metadata()) == read


def test_a_record_has_types() -> None:
    read = AIRecord.of_metadata({"anode": TEXT})
    assert read.notices[1] == Notice("fallback", "Another.")
    assert read.usage == Usage(3, 0)
    assert read.run is not None
    assert read.run.usage == Usage(3)
    change = AIRecord.of_metadata({"anode": RESULT}).change
    before = Snapshot("code", "x", "b", True, False, True)
    own = OwnSettings("p", "m", AiSettings(temperature=1, max_tokens=5))
    after = Snapshot("code", "x", "b", True, False, True, own)
    assert change == Change("modified", "a", before, after)
    entry = ManifestEntry("user", "c", 3, 1, cut=2)
    assert manifest_of(read) == Manifest(100, 10, 50, (entry,), ("h",), NoRoom(2, "a", "b"), 1)


@pytest.mark.parametrize("spoilt", [{}, {"anode": None}, {"anode": "x"}, {"anode": [1]}])
def test_metadata_without_a_record_is_an_empty_one(spoilt: dict[str, Any]) -> None:
    assert AIRecord.of_metadata(spoilt) == AIRecord()


@pytest.mark.parametrize("spoilt", [None, 1, [1], {"x": 1}, "no such word", -(2**60), 1.5])
@pytest.mark.parametrize("name", [*TEXT, *CALL, *RESULT])
def test_one_spoilt_value_costs_that_value_alone(name: str, spoilt: object) -> None:
    for record in (TEXT, CALL, RESULT):
        if name in record:
            read = AIRecord.of_metadata({"anode": {**record, name: spoilt}}).to_json()
            read.pop(name, None)
            assert read == {key: value for key, value in record.items() if key != name}


def test_calls_and_results() -> None:
    call = CallData.read({"tool_call_id": "c", "tool_name": "f", "arguments": {"x": 1}})
    assert call is not None
    assert call.to_call() == ToolCall("c", "f", '{"x": 1}')
    assert CallData("c", "f", "no {json").to_call() == ToolCall("c", "f", "no {json")
    assert CallData("c", "f").to_call() == ToolCall("c", "f", "{}")
    assert CallData.read({"tool_call_id": 1, "tool_name": "f"}) is None
    result = ResultData.read({"tool_call_id": "c", "status": "success", "result": [1]})
    assert result is not None
    assert (result.text, ResultData("c").text, ResultData("c", result="r").text) == ("[1]", "", "r")


def test_a_schema_can_be_made_of_them() -> None:
    schema = TypeAdapter(AIRecord).json_schema()
    assert set(schema["properties"]) == {*TEXT, *CALL, *RESULT}
    account = TypeAdapter(RunAccount).json_schema()
    assert set(account["properties"]) == set(TEXT["run"])
