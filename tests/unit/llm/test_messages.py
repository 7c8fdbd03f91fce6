"""The chat vocabulary."""

from __future__ import annotations

import dataclasses

import pytest

from runt_pyodide.llm.messages import AiModel, TextDelta


def test_a_model_as_events_and_pages_have_it() -> None:
    assert AiModel("m", "p", "M").to_json() == {
        "name": "m",
        "displayName": "M",
        "provider": "p",
        "capabilities": ["completion"],
    }
    known = AiModel("m", "p", "M", ("completion", "vision"), 8192, "7B").to_json()
    assert known["capabilities"] == ["completion", "vision"]
    assert known["metadata"] == {"contextLength": 8192, "parameterSize": "7B"}


def test_values_are_equal_by_what_they_hold_and_cannot_be_changed() -> None:
    assert TextDelta("a") == TextDelta("a")
    with pytest.raises(dataclasses.FrozenInstanceError):
        TextDelta("a").text = "b"  # type: ignore[misc]
