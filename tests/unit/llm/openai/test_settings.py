"""The addresses of OpenAI's API, as people paste them."""

from __future__ import annotations

import pytest

from runt_pyodide.llm.openai.settings import normalise_base_url


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("https://api.openai.com", "https://api.openai.com/v1"),
        ("https://api.openai.com/v1/", "https://api.openai.com/v1"),
        (" https://api.openai.com/v1/chat/completions ", "https://api.openai.com/v1"),
        ("api.groq.com/openai/v1", "https://api.groq.com/openai/v1"),
        ("localhost:8080", "http://localhost:8080/v1"),
        ("127.0.0.1:1234/v1/models", "http://127.0.0.1:1234/v1"),
        ("192.168.1.7:8080", "http://192.168.1.7:8080/v1"),
        ("http://[::1]:8080/", "http://[::1]:8080/v1"),
        ("box:8080", "http://box:8080/v1"),
        ("https://host/proxy", "https://host/proxy"),
        ("ann:pw@localhost:8080", "http://ann:pw@localhost:8080/v1"),
        ("https://ann:pw@host/v1/models", "https://ann:pw@host/v1"),
        ("https://host/v1/completions", "https://host/v1"),
        ("https://host/v1/responses/", "https://host/v1"),
        ("https://host//v1//", "https://host/v1"),
        ("HTTPS://API.OpenAI.com/v1", "https://api.openai.com/v1"),
        ("https://api.openai.com:443/v1", "https://api.openai.com/v1"),
        ("https://host/V1#models", "https://host/V1"),
        ("https://host/d/chat/completions?api-version=1", "https://host/d?api-version=1"),
        ("https://host?key=a%20b#c", "https://host/v1?key=a%20b"),
        ("'https://host/v1'\n", "https://host/v1"),
        ("//host/v1", "http://host/v1"),
        ("api.groq.com", "https://api.groq.com/openai/v1"),
        ("openrouter.ai", "https://openrouter.ai/api/v1"),
        ("llm.example.com:8000", "https://llm.example.com:8000/v1"),
    ],
)
def test_base_urls_as_people_paste_them(pasted: str, meant: str) -> None:
    assert normalise_base_url(pasted) == meant
