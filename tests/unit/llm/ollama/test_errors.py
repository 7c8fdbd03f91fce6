"""Ollama's errors, and the next step that they name."""

from __future__ import annotations

import pytest

from runt_pyodide import errors
from runt_pyodide.llm.transport.scripted import Scripted
from tests.support.llm.scripted_ollama import NOT_FOUND, Answer, Server, answer, ask

PULL = "`ollama pull llama3.2`"
WORDS: list[tuple[dict[str, Answer], type[errors.ProviderError], str]] = [
    ({"show": NOT_FOUND}, errors.ModelNotFoundError, PULL),
    ({"chat": NOT_FOUND}, errors.ModelNotFoundError, PULL),
    (
        {"show": Scripted(404, {}, [b"404 page not found"]), "chat": Scripted(404, {}, [b""])},
        errors.ModelNotFoundError,
        "Check that it is Ollama which listens at http://127.0.0.1:11434;",
    ),
    ({"show": errors.NetworkError("No answer.")}, errors.NetworkError, "`ollama serve`"),
    (
        {"show": errors.CorsError("It may not.", origin="https://a.example")},
        errors.CorsError,
        'OLLAMA_ORIGINS="https://a.example"',
    ),
    ({"chat": answer({"error": "unauthorized"}, 401)}, errors.AuthenticationError, "signin"),
    ({"show": Scripted(403)}, errors.PermissionDeniedError, "OLLAMA_HOST=0.0.0.0"),
    (
        {"chat": answer({"error": "model requires more system memory (9 GiB) than is"}, 500)},
        errors.ServerError,
        "smaller `numCtx`",
    ),
    (
        {"chat": answer({"error": "the prompt is longer than the context length"}, 400)},
        errors.ContextLengthError,
        "Hide cells above",
    ),
    ({"chat": answer({"error": "server busy"}, 503)}, errors.OverloadedError, "Wait a moment"),
    (
        {"chat": Scripted(200, {"Content-Type": "text/html"}, [b"<html>"])},
        errors.ProtocolError,
        "type openai",
    ),
    ({"chat": Scripted(200, {}, [b'{"message":{"content":"a"}'])}, errors.CutStreamError, "again"),
    ({"chat": Scripted(200)}, errors.CutStreamError, "again"),
]


@pytest.mark.parametrize(("answers", "kind", "advice"), WORDS)
async def test_what_goes_wrong_is_told_with_the_next_step(
    answers: dict[str, Answer], kind: type[errors.ProviderError], advice: str
) -> None:
    server = Server(**answers)
    with pytest.raises(errors.ProviderError) as caught:
        await ask(server)
    assert type(caught.value) is kind
    assert advice in caught.value.advice
    assert (caught.value.provider, caught.value.model) == ("ollama", "llama3.2")
    assert not any("/api/pull" in one.url for one in server.requests)


async def test_a_model_that_cannot_be_described_is_asked_all_the_same() -> None:
    for broken in (answer({}, 500), Scripted(404), Scripted(200, {}, [b"[]"])):
        assert (await ask(Server(show=broken))).text == "hi"


async def test_a_key_is_in_no_error() -> None:
    server = Server(chat=answer({"error": "bad key sk-secret"}, 401))
    with pytest.raises(errors.AuthenticationError) as caught:
        await ask(server, api_key="sk-secret")
    assert "sk-secret" not in f"{caught.value!r} {caught.value}"
    assert "signin" not in caught.value.advice


async def test_no_key_of_the_address_is_in_the_advice() -> None:
    server = Server(show=errors.NetworkError("No answer."))
    with pytest.raises(errors.NetworkError) as caught:
        await ask(server, base_url="http://ann:hush-1@host:1?sig=hush-2", query={"key": "hush-3"})
    assert "host:1" in caught.value.advice
    assert "hush" not in f"{caught.value} {caught.value.advice} {caught.value.url}"
    assert server.requests[0].url == "http://host:1/api/show?sig=hush-2&key=hush-3"
