"""Where Gemini, or a server that speaks its API, is."""

from __future__ import annotations

import pytest

from runt_pyodide.config import GeminiSettings
from runt_pyodide.llm.gemini.settings import alternative_addresses, normalise_base_url

OWN = "https://generativelanguage.googleapis.com/v1beta"


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("https://generativelanguage.googleapis.com", OWN),
        ("generativelanguage.googleapis.com/v1beta/", OWN),
        (f"{OWN}/openai", OWN),
        (f"{OWN}/openai/chat/completions", OWN),
        (f"{OWN}/models/gemini-3.8-flash:streamGenerateContent", OWN),
        (
            "https://host/v1/projects/p/publishers/google",
            "https://host/v1/projects/p/publishers/google",
        ),
        ("http://localhost:4000/gemini", "http://localhost:4000/gemini/v1beta"),
        ("https://host/v1beta?x=1", "https://host/v1beta?x=1"),
    ],
)
def test_an_address_in_any_form(pasted: str, meant: str) -> None:
    assert normalise_base_url(pasted) == meant


def test_the_service_s_own_and_others() -> None:
    assert GeminiSettings().address == OWN
    assert alternative_addresses("https://host/v1?x=1") == [
        "https://host/v1beta",
        "https://host/gemini/v1beta",
    ]
