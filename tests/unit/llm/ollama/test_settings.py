"""Ollama's address, as people paste it."""

from __future__ import annotations

import pytest

from runt_pyodide.llm.ollama.settings import alternative_addresses, normalise_base_url


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("", "http://127.0.0.1:11434"),
        ("http://localhost:11434", "http://localhost:11434"),
        (" http://localhost:11434/ ", "http://localhost:11434"),
        ("http://localhost:11434/v1", "http://localhost:11434"),
        ("http://localhost:11434/v1/chat/completions", "http://localhost:11434"),
        ("http://localhost:11434/api/", "http://localhost:11434"),
        ("http://localhost:11434/api/chat", "http://localhost:11434"),
        ("localhost", "http://localhost:11434"),
        ("localhost:8080/api", "http://localhost:8080"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:11434", "http://127.0.0.1:11434"),
        ("http://0.0.0.0:8080", "http://127.0.0.1:8080"),
        (":8080", "http://127.0.0.1:8080"),
        ("[::]:11434", "http://[::1]:11434"),
        ("::1", "http://[::1]:11434"),
        ("[fe80::1]", "http://[fe80::1]:11434"),
        ("192.168.1.7", "http://192.168.1.7:11434"),
        ("https://host/ollama/api", "https://host/ollama"),
        ("https://host", "https://host"),
        ("ollama.com", "https://ollama.com"),
        ("ann:pw@box", "http://ann:pw@box:11434"),
        ("http://ann:pw@box:8080/api", "http://ann:pw@box:8080"),
    ],
)
def test_base_urls_as_people_paste_them(pasted: str, meant: str) -> None:
    assert normalise_base_url(pasted) == meant
    assert normalise_base_url(meant) == meant


@pytest.mark.parametrize(
    ("base_url", "others"),
    [
        ("http://localhost:11434", ["https://localhost"]),
        ("https://host/ollama", ["https://host", "https://host:11434"]),
        ("http://[::1]", ["http://[::1]:11434", "https://[::1]"]),
        ("http://[::1", []),
    ],
)
def test_where_else_it_may_be(base_url: str, others: list[str]) -> None:
    assert alternative_addresses(base_url) == others
