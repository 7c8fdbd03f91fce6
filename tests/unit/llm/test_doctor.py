"""The doctor: which step fails, and the fix that it names."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from runt_pyodide import (
    AIProvider,
    Diagnosis,
    OllamaProvider,
    OpenAIProvider,
    TestProvider,
    doctor,
    errors,
)
from runt_pyodide.config import OllamaSettings, OpenAISettings
from runt_pyodide.llm.messages import AiModel, ChatRequest, Delta, FinishDelta
from runt_pyodide.llm.transport.base import Request, Response
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport

Answer = Scripted | errors.ProviderError
ORIGIN = "https://notebooks.example"


def answer(value: Any, status: int = 200) -> Scripted:
    return Scripted(status, {"Content-Type": "application/json"}, [json.dumps(value).encode()])


SAID = Scripted(
    200,
    {"Content-Type": "text/event-stream"},
    [b'data: {"choices":[{"delta":{"content":"ok"},"finish_reason":"stop"}]}\n\n'],
)
LISTED = answer({"data": [{"id": "m"}, {"id": "n"}]})
PAGE = Scripted(404, {"Content-Type": "text/html"}, [b"<title>404 Not Found</title>"])
WRONG_KEY = answer({"error": {"message": "Incorrect API key", "code": "invalid_api_key"}}, 401)
TAGS = answer({"models": [{"name": "qwen3:latest", "digest": "1", "details": {}}]})
SHOWN = answer({"capabilities": ["completion"], "model_info": {"a.context_length": 4096}})
NO_MODEL = answer({"error": "model 'm' not found"}, 404)


def cors(times: int = 1) -> list[Answer]:
    # Each its own: providers add to an error what they know.
    return [errors.CorsError("It says no (CORS).", origin=ORIGIN) for _ in range(times)]


def refused(times: int = 1) -> list[Answer]:
    return [errors.NetworkError("No answer from the server.") for _ in range(times)]


def openai(*answers: Answer, url: str = "http://host/v1", **settings: Any) -> OpenAIProvider:
    own = OpenAISettings.model_validate({"base_url": url, **settings})
    return OpenAIProvider("openai", own, ScriptedTransport(answers))


def ollama(*answers: Answer, url: str = "https://host:11434", **settings: Any) -> OllamaProvider:
    own = OllamaSettings.model_validate({"base_url": url, **settings})
    return OllamaProvider("ollama", own, ScriptedTransport(answers))


def outcomes(diagnosis: Diagnosis) -> dict[str, str]:
    return {step.name: step.outcome for step in diagnosis.steps}


async def test_what_a_page_is_told() -> None:
    told = (await doctor(openai(LISTED, WRONG_KEY, api_key="sk-1"))).to_json()
    steps = told.pop("steps")
    assert told == {"ok": False, "provider": "openai", "baseUrl": "http://host/v1"}
    assert steps[0] == {
        "name": "online",
        "outcome": "ok",
        "found": "This machine is on the network.",
        "fix": "",
    }
    assert [step["outcome"] for step in steps] == ["ok"] * 6 + ["failed", "skipped"]
    assert "Check the API key" in steps[6]["fix"]
    assert "baseUrl" not in (await doctor(TestProvider())).to_json()


async def test_all_is_well() -> None:
    diagnosis = await doctor(openai(LISTED, SAID))
    assert diagnosis.ok and diagnosis.failed is None
    assert set(outcomes(diagnosis).values()) == {"ok"}
    assert [*outcomes(diagnosis)] == [
        "online",
        "mixed content",
        "reachable",
        "local network access",
        "CORS",
        "path",
        "key",
        "model",
    ]
    assert str(diagnosis).startswith("The provider 'openai' at http://host/v1 is ready.\n")


async def test_ollama_s_model_is_not_loaded_for_it() -> None:
    provider = ollama(TAGS, SHOWN, SHOWN)
    assert (await doctor(provider)).ok


CASES: list[tuple[AIProvider, str, str, str]] = [
    (openai(errors.OfflineError("Offline.")), "online", "Offline.", "Connect"),
    (ollama(errors.OfflineError("Offline.")), "online", "Offline.", "Connect"),
    (
        openai(*[errors.MixedContentError("By http.")] * 6),
        "mixed content",
        "By http.",
        "https address",
    ),
    (openai(*refused(6)), "reachable", "No answer", "that the server is running"),
    (ollama(*refused()), "reachable", "No answer", "`ollama serve`"),
    (openai(answer({}, 500), *refused(6)), "reachable", "HTTP 500", "server's log"),
    (
        openai(errors.LocalNetworkError("Kept from it.")),
        "local network access",
        "Kept from it.",
        "site settings",
    ),
    (openai(*cors(6)), "CORS", "says no", "origin on the server"),
    (ollama(*cors()), "CORS", "says no", f'OLLAMA_ORIGINS="{ORIGIN}"'),
    (openai(LISTED, *cors()), "CORS", "says no", "origin on the server"),
    (openai(*[PAGE] * 6), "path", "404 Not Found", "most end in /v1"),
    (ollama(PAGE), "path", "404 Not Found", "type openai"),
    (openai(WRONG_KEY, api_key="sk-1"), "key", "Incorrect API key", "Check the API key"),
    (openai(LISTED, WRONG_KEY, api_key="sk-1"), "key", "Incorrect API key", "Check the API key"),
    (
        openai(answer({"error": "broke", "code": "insufficient_quota"}, 429)),
        "key",
        "broke",
        "Wait a little",
    ),
    (
        openai(WRONG_KEY, url="https://api.openai.com"),
        "key",
        "has no API key",
        "Enter it in the AI",
    ),
    (openai(*cors(7), url="https://api.openai.com"), "key", "has no API key", "Enter it"),
    (openai(LISTED, url="https://api.openai.com"), "key", "has no API key", "Enter it"),
    (openai(*[PAGE] * 6, WRONG_KEY, model="m"), "key", "Incorrect API key", "Check the API key"),
    (openai(*[PAGE] * 7, model="m"), "path", "404 Not Found", "most end in /v1"),
    (
        openai(LISTED, answer({"error": {"message": "No m"}}, 404), model="m"),
        "model",
        "No m",
        "The server has m, n.",
    ),
    (
        ollama(TAGS, SHOWN, NO_MODEL, model="m"),
        "model",
        "model 'm' not found",
        "`ollama pull m` on the server, or choose a model that it has. The server has qwen3",
    ),
    (ollama(answer({"models": []})), "model", "lists none", "Install one on the server"),
]


@pytest.mark.parametrize(("provider", "step", "found", "fix"), CASES)
async def test_the_first_thing_that_fails_is_named_with_its_fix(
    provider: AIProvider, step: str, found: str, fix: str
) -> None:
    diagnosis = await doctor(provider)
    assert diagnosis.failed is not None and not diagnosis.ok
    assert diagnosis.failed.name == step
    assert found in diagnosis.failed.found
    assert fix in diagnosis.failed.fix
    names = [*outcomes(diagnosis)]
    at = names.index(step)
    assert {outcomes(diagnosis)[name] for name in names[at + 1 :]} <= {"skipped"}
    assert "failed" not in [outcomes(diagnosis)[name] for name in names[:at]]
    assert f"failed  {step}: " in str(diagnosis)


async def test_what_cannot_be_known_is_not_said_to_be_well() -> None:
    diagnosis = await doctor(openai(errors.LocalNetworkError("Kept from it.")))
    assert outcomes(diagnosis)["reachable"] == "skipped"


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


async def test_a_server_that_lists_nothing_may_answer() -> None:
    assert (await doctor(openai(*[PAGE] * 6, SAID, model="m"))).ok


async def test_a_server_that_hangs_is_given_up() -> None:
    hanging = Scripted(200, {}, [asyncio.Event()])
    diagnosis = await doctor(openai(hanging, *refused(6)), patience=0.02)
    assert diagnosis.failed is not None
    assert (diagnosis.failed.name, diagnosis.failed.found) == (
        "reachable",
        "http://host/v1 did not answer within 0.02 s.",
    )


async def test_the_test_provider_asks_no_server() -> None:
    diagnosis = await doctor(TestProvider())
    assert diagnosis.ok
    assert set(outcomes(diagnosis).values()) == {"skipped"}


class Foreign(AIProvider):
    """A third party's: nothing but what it must have, and an address."""

    name = "foreign"
    models = ("f",)
    base_url = "https://foreign.example"

    def __init__(self, error: errors.ProviderError | None = None) -> None:
        self._error = error

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        assert (request.model, request.settings.max_tokens) == ("f", 16)
        if self._error is not None:
            raise self._error
        yield FinishDelta("stop")


async def test_any_provider_can_be_diagnosed() -> None:
    assert await Foreign().list_models() == [AiModel("f", "foreign", "f")]
    assert (await doctor(Foreign())).ok
    failed = (await doctor(Foreign(errors.CorsError("It says no.")))).failed
    assert failed is not None and failed.name == "CORS"


async def test_no_key_is_in_what_it_says() -> None:
    echo = answer({"error": {"message": "Incorrect API key provided: sk-secret"}}, 401)
    for provider in (openai(echo, api_key="sk-secret"), ollama(echo, api_key="sk-secret")):
        diagnosis = await doctor(provider)
        assert not diagnosis.ok
        assert "sk-secret" not in f"{diagnosis} {diagnosis!r}"


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
    settings = {"base_url": base_url, "model": "m", "api_key": SECRET, "type": "x"}
    read = OpenAISettings if kind is OpenAIProvider else OllamaSettings
    asked = kind("mine", read.model_validate(settings), transport)  # type: ignore[arg-type]
    diagnosis = await doctor(asked)
    assert not diagnosis.ok
    assert transport.requests[0].headers["Authorization"] == f"Bearer {SECRET}"
    others = [one for one in transport.requests if not one.url.startswith(f"{asked.base_url}/")]
    assert len(others) >= 1 or status == 401
    for request in others:
        assert "Authorization" not in request.headers
        assert SECRET not in f"{request.url} {request.headers} {request.body!r}"
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
