"""Addresses that the user may have meant; none of them is sent the key of another."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

import pytest

from runt_pyodide import (
    AIProvider,
    OllamaProvider,
    OpenAIProvider,
    doctor,
    errors,
)
from runt_pyodide.config import OllamaSettings, OpenAISettings
from runt_pyodide.llm.transport.base import Request, Response
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from tests.support.llm.services import (
    LISTED,
    PAGE,
    SHOWN,
    TAGS,
    WRONG_KEY,
    Answer,
    cors,
    ollama,
    openai,
    refused,
)


@pytest.mark.parametrize(
    ("provider", "step", "url"),
    [
        # In the order of the alternative addresses: x/v1, v1, api/v1, ...
        (openai(PAGE, PAGE, PAGE, LISTED, PAGE, PAGE, PAGE, url="http://h/x"), "path", "h/api/v1"),
        (openai(*cors(2), WRONG_KEY, *cors(4), url="http://h/x"), "path", "h/v1"),
        (ollama(PAGE, TAGS, SHOWN, PAGE, url="https://h/x"), "path", "https://h "),
        (ollama(*refused(), TAGS, SHOWN, url="https://h"), "reachable", "https://h:11434 "),
        (
            ollama(errors.MixedContentError("By http."), *refused(), TAGS, SHOWN, url="http://h"),
            "mixed content",
            "https://h ",
        ),
    ],
)
async def test_the_address_that_was_meant_is_named(
    provider: AIProvider, step: str, url: str
) -> None:
    failed = (await doctor(provider)).failed
    assert failed is not None
    assert failed.name == step
    assert failed.fix.startswith("Set the base URL to ")
    assert url in failed.fix


def serve(status: int, address: str) -> Answer:
    """What a server says that is nowhere but at ``address``, in its refusals too."""
    return Scripted(status, {"Content-Type": "text/html"}, [f"<title>{address}</title>".encode()])


SECRET = "correct-horse-battery"


@pytest.mark.parametrize("status", [301, 401, 404, 500])
@pytest.mark.parametrize("kind", [OpenAIProvider, OllamaProvider])
@pytest.mark.parametrize(
    "base_url",
    [
        "https://host.example",
        "https://host.example/x/v1",
        "http://host.example:8080/x",
        "http://ann:correct-horse-battery@host.example/x",
        "ann:correct-horse-battery@localhost:1234",
    ],
)
async def test_no_address_is_asked_with_what_was_given_for_another(
    kind: type[OpenAIProvider] | type[OllamaProvider], base_url: str, status: int
) -> None:
    transport = ScriptedTransport([serve(status, "nobody") for _ in range(20)])
    settings = {
        "base_url": base_url,
        "model": "m",
        "type": "x",
        "api_key": SECRET,
        "headers": {"X-Team": f"a-{SECRET}", "x-goog-api-key": f"b-{SECRET}"},
        "query": {"team": "team-red", "key": f"d-{SECRET}"},
        "extra_body": {"user": f"e-{SECRET}"},
    }
    read = OpenAISettings if kind is OpenAIProvider else OllamaSettings
    asked = kind("mine", read.model_validate(settings), transport)  # type: ignore[arg-type]
    diagnosis = await doctor(asked)
    assert not diagnosis.ok
    assert transport.requests[0].headers["Authorization"] == f"Bearer {SECRET}"
    assert transport.requests[0].headers["X-Team"] == f"a-{SECRET}"
    assert f"d-{SECRET}" in transport.requests[0].url
    own = str(asked.base_url).partition("?")[0]
    others = [one for one in transport.requests if not one.url.startswith(f"{own}/")]
    assert len(others) >= 1 or status == 401
    for request in others:
        assert "Authorization" not in request.headers
        sent = f"{request.url} {request.headers} {request.body!r}"
        assert SECRET not in sent and "team-red" not in sent
    assert SECRET not in f"{diagnosis} {diagnosis!r} {diagnosis.to_json()} {asked!r}"


class Strict:
    """A server whose API is at one address, and which lets pages send no header with a key."""

    def __init__(self, address: str) -> None:
        self._address = address

    def send(self, request: Request) -> AbstractAsyncContextManager[Response]:
        answer: Answer = LISTED if request.url == f"{self._address}/models" else PAGE
        if "Authorization" in request.headers:
            (answer,) = cors()
        return ScriptedTransport([answer]).send(request)


@pytest.mark.parametrize(
    ("base_url", "step", "fix"),
    [
        ("https://host/v1", "CORS", "origin on the server"),
        ("https://host/x", "path", "Set the base URL to https://host/v1 "),
    ],
)
async def test_a_header_that_is_not_allowed_says_nothing_of_the_address(
    base_url: str, step: str, fix: str
) -> None:
    own = OpenAISettings.model_validate({"base_url": base_url, "api_key": "k"})
    failed = (await doctor(OpenAIProvider("openai", own, Strict("https://host/v1")))).failed
    assert failed is not None
    assert failed.name == step
    assert fix in failed.fix


async def test_the_earlier_name_of_alternative_addresses() -> None:
    with pytest.warns(DeprecationWarning, match="alternative_addresses and elsewhere"):
        others = openai(url="https://host/v1", api_key="k").neighbours()
    assert others[0].base_url == "https://host/v1/v1"
    assert others[0].secrets() == ()


async def test_a_service_that_is_at_everybody_s_own_address_wants_one() -> None:
    transport = ScriptedTransport()
    azure = OpenAIProvider("x", OpenAISettings(preset="azure", api_key="k"), transport)
    diagnosis = await doctor(azure)
    assert diagnosis.failed is not None
    assert "Azure OpenAI has none of its own" in diagnosis.failed.found
    assert diagnosis.failed.fix == "Enter it in the AI settings."
    assert transport.requests == []
