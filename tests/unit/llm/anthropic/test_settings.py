"""Where Anthropic, or a server that speaks its API, is."""

from __future__ import annotations

import pytest

from runt_pyodide.config import AnthropicSettings
from runt_pyodide.llm.anthropic.settings import alternative_addresses, normalise_base_url


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("https://api.anthropic.com", "https://api.anthropic.com/v1"),
        ("api.anthropic.com/v1/", "https://api.anthropic.com/v1"),
        ("https://api.anthropic.com/v1/messages", "https://api.anthropic.com/v1"),
        ("https://api.anthropic.com/v1/models/claude-x", "https://api.anthropic.com/v1"),
        ("https://api.minimax.io/anthropic", "https://api.minimax.io/anthropic/v1"),
        ("http://localhost:4000", "http://localhost:4000/v1"),
        ("https://host/v1?x=1", "https://host/v1?x=1"),
    ],
)
def test_an_address_in_any_form(pasted: str, meant: str) -> None:
    assert normalise_base_url(pasted) == meant


def test_the_service_s_own_and_a_query() -> None:
    assert AnthropicSettings().address == "https://api.anthropic.com/v1"
    assert AnthropicSettings(query={"a": "b"}).address == "https://api.anthropic.com/v1?a=b"


def test_other_addresses() -> None:
    assert alternative_addresses("https://host/v1?x=1") == [
        "https://host/anthropic/v1",
        "https://host/api/v1",
    ]
