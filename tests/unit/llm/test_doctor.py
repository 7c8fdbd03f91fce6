"""The doctor: which step fails, and the fix that it names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from runt_pyodide import (
    AIProvider,
    Diagnosis,
    TestProvider,
    doctor,
    errors,
)
from runt_pyodide.llm.messages import AiModel, ChatRequest, Delta, FinishDelta
from runt_pyodide.llm.transport.scripted import Scripted
from tests.support.llm.services import (
    LISTED,
    NO_MODEL,
    ORIGIN,
    PAGE,
    SAID,
    SHOWN,
    TAGS,
    WRONG_KEY,
    answer,
    cors,
    ollama,
    openai,
    refused,
)


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
        "check the plan and billing",
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


GEMINI = {"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}}
XAI = {"code": "Client specified an invalid argument", "error": "Incorrect API key provided"}


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize(
    "refusal",
    [
        answer([GEMINI], 400),
        answer(GEMINI, 400),
        answer(XAI, 400),
        answer({"error": {"message": "No auth credentials found", "code": 401}}, 401),
        answer({"error": {"message": "Authentication Error, No api key passed in."}}, 500),
        answer({"detail": "Invalid API key"}, 403),
        answer({"message": "Unauthorized"}, 401),
    ],
)
async def test_a_wrong_key_is_blamed_whatever_its_status_is(refusal: Any, listed: bool) -> None:
    answers = [LISTED, refusal] if listed else [refusal]
    failed = (await doctor(openai(*answers, api_key="sk-1"))).failed
    assert failed is not None and failed.name == "key"
    assert "Check the API key" in failed.fix


@pytest.mark.parametrize("key", ["sk-1", ""])
async def test_what_is_documented_of_a_service_is_told_with_its_date(key: str) -> None:
    for preset, told in (
        ("scaleway", "Scaleway, as of 2026: It lets any page read its answers, but not its errors"),
        ("nvidia", "NVIDIA NIM, as of 2026: It lets no page read its answers"),
        ("lmstudio", "LM Studio, as of 2026-11: CORS is off by default."),
    ):
        failed = (await doctor(openai(*cors(9), preset=preset, api_key=key))).failed
        assert failed is not None and failed.name == "CORS"
        assert told in failed.fix
        if not key and preset != "lmstudio":
            assert failed.found.startswith("No API key is set. ")
            assert failed.fix.startswith("If the service wants a key, enter one")
        if key and preset == "scaleway":
            assert failed.fix.startswith("Check the API key in the AI settings: a service that")
    steps = (await doctor(openai(LISTED, SAID, preset="vllm"))).steps
    assert steps[4].found.endswith("vLLM, as of 2026-11: It lets any page read its answers.")


@pytest.mark.parametrize("provider", [openai, ollama])
async def test_both_causes_are_named_where_the_page_cannot_tell(provider: Any) -> None:
    def hidden() -> errors.NetworkError:
        error = errors.NetworkError("No answer, or none to read.", advice="Allow the origin.")
        error.may_be_cors, error.origin = True, ORIGIN
        return error

    failed = (await doctor(provider(*[hidden() for _ in range(9)]))).failed
    assert failed is not None and failed.name == "reachable"
    assert "none to read" in failed.found
    if provider is ollama:
        assert "ollama serve" in failed.fix and f'OLLAMA_ORIGINS="{ORIGIN}"' in failed.fix
    else:
        assert "No API key is set" in failed.found and "Allow the origin" in failed.fix


async def test_what_cannot_be_known_is_not_said_to_be_well() -> None:
    diagnosis = await doctor(openai(errors.LocalNetworkError("Kept from it.")))
    assert outcomes(diagnosis)["reachable"] == "skipped"


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


async def test_no_key_of_an_address_s_query_is_in_what_it_says() -> None:
    address = "http://host/v1?api_key=K123456789&version=2"
    for told in (WRONG_KEY, LISTED, NO_MODEL):
        diagnosis = await doctor(openai(told, *[SAID] * 9, url=address))
        assert "K123456789" not in f"{diagnosis} {diagnosis!r} {diagnosis.to_json()}"
        assert diagnosis.base_url == "http://host/v1?api_key=[key]&version=2"
