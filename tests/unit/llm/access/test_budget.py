"""What a key may spend, as OpenRouter tells it, and in words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runt_pyodide.errors import ProtocolError
from runt_pyodide.llm.access.budget import Budget


@pytest.mark.parametrize(
    ("told", "budget", "words"),
    [
        ({"usage": 0, "limit": None}, Budget(0), "The key has used $0.00; it has no limit"),
        ({"usage": 0.0042}, Budget(0.0042), "The key has used $0.0042; it has no limit"),
        (
            {"usage": 1.2, "limit": 10},
            Budget(1.2, 10, 8.8),
            "The key has $8.80 left of $10.00; it has used $1.20.",
        ),
        (
            {"usage": 25, "limit": 10, "limit_remaining": 3.5, "limit_reset": "monthly"},
            Budget(25, 10, 3.5, "monthly"),
            "The key has $3.50 left of $10.00, renewed monthly; it has used $25.00.",
        ),
        ({"usage": 12, "limit": 10}, Budget(12, 10, 0), "The key has $0.00 left of $10.00"),
        ({"usage": "1", "limit": True}, Budget(0), "The key has used $0.00"),
    ],
)
def test_budgets(told: dict[str, Any], budget: Budget, words: str) -> None:
    read = Budget.read(json.dumps({"data": told}).encode())
    assert read == budget
    assert str(read).startswith(words)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"data": null}', b"<html>"])
def test_what_is_no_budget(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        Budget.read(body)
