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
    ],
)
def test_base_urls_as_people_paste_them(pasted: str, meant: str) -> None:
    assert normalise_base_url(pasted) == meant
