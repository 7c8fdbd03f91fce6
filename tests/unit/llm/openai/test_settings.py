"""The addresses of OpenAI's API, as people paste them."""

from __future__ import annotations

from itertools import product

import pytest

from runt_pyodide.llm.access.address import Address
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
        ("::1", "http://[::1]/v1"),
        ("//host/v1", "http://host/v1"),
        ("api.groq.com", "https://api.groq.com/openai/v1"),
        ("openrouter.ai", "https://openrouter.ai/api/v1"),
        ("llm.example.com:8000", "https://llm.example.com:8000/v1"),
    ],
)
def test_base_urls_as_people_paste_them(pasted: str, meant: str) -> None:
    assert normalise_base_url(pasted) == meant


SCHEMES = ("", "http://", "HTTPS://", "//")
CREDENTIALS = ("", "ann:pw@")
HOSTS = ("Host.Example", "localhost:8080", "[::1]:80", "me.openai.azure.com", "api.groq.com:443")
PATHS = ("", "/", "/v1", "/V1/", "/openai/deployments/{model}", "/api//v1")
ENDPOINTS = ("", "/chat/completions", "/completions/", "/models", "/responses")
TAILS = ("", "?a=1&key=b", "#top", "?api-version=2024-10-21#x", "?")


def test_what_was_made_of_an_address_is_made_of_itself() -> None:
    for parts in product(SCHEMES, CREDENTIALS, HOSTS, PATHS, ENDPOINTS, TAILS):
        scheme, credentials, host, *rest = parts
        pasted = scheme + credentials + host + "".join(rest)
        meant = normalise_base_url(pasted)
        assert normalise_base_url(meant) == meant, pasted
        address = Address.read(meant)
        assert address.scheme in ("http", "https")
        assert address.credentials == credentials.rstrip("@")
        assert address.path, pasted
        assert not address.path.endswith(("/completions", "/models", "/responses"))
        assert "#" not in meant
        given = rest[-1].partition("#")[0].strip("?")
        assert address.query.startswith(given)
