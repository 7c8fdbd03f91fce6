"""Servers that do not describe their models: they work, are asked for it once, and say so."""

from __future__ import annotations

import pytest

from runt_pyodide import doctor, errors
from runt_pyodide.llm.ollama.provider import OllamaProvider
from runt_pyodide.llm.transport.scripted import Scripted
from tests.support.llm.scripted_ollama import (
    NOT_FOUND,
    REQUEST,
    Answer,
    Server,
    answer,
    provider,
    shown,
)

NO_SHOW: list[Answer] = [
    Scripted(404),
    Scripted(404, {}, [b"404 page not found"]),
    answer({"error": "Not Found"}, 404),
    answer({"error": "Unexpected endpoint or method. (POST /api/show)"}, 405),
    answer({"error": "not implemented"}, 501),
    Scripted(200, {}, [b"Ollama is running"]),
    Scripted(200, {"Content-Type": "text/html"}, [b"<html>"]),
]
TAGS = answer({"models": [{"name": "llama3.2"}, {"name": "qwen3"}]})


async def ask(asked: OllamaProvider, times: int) -> list[str]:
    """The notices of so many turns."""
    return [(await asked.execute_prompt(REQUEST)).notice for _ in range(times)]


@pytest.mark.parametrize("show", NO_SHOW)
async def test_a_server_that_describes_nothing_is_asked_for_it_once_and_says_so(
    show: Answer,
) -> None:
    server = Server(show=show)
    first, *others = await ask(provider(server), 3)
    assert first.startswith("This server does not describe its models")
    assert others == ["", ""]
    assert (len(server.bodies("show")), len(server.bodies("chat"))) == (1, 3)


@pytest.mark.parametrize("show", NO_SHOW)
async def test_the_doctor_finds_that_it_works(show: Answer) -> None:
    server = Server(show=show, tags=TAGS)
    diagnosis = await doctor(provider(server))
    assert diagnosis.ok
    assert "is there. This server does not describe its models" in diagnosis.steps[-1].found
    assert len(server.bodies("chat")) == 1


async def test_a_list_does_not_ask_again() -> None:
    server = Server(show=Scripted(404), tags=TAGS)
    asked = provider(server)
    await ask(asked, 1)
    assert len(await asked.list_models()) == 2
    await asked.list_models()
    assert len(server.bodies("show")) == 1


async def test_a_fault_that_may_pass_is_tried_again_but_not_for_ever() -> None:
    server = Server(show=answer({"error": "broke"}, 500))
    assert await ask(provider(server), 6) == [""] * 6
    assert len(server.bodies("show")) == 3
    server = Server(show=[answer({"error": "broke"}, 500), shown("completion")])
    await ask(provider(server), 4)
    assert len(server.bodies("show")) == 2


async def test_a_refusal_is_about_one_model_and_not_tried_again() -> None:
    server = Server(show=answer({"error": "invalid model name"}, 400))
    assert await ask(provider(server), 4) == [""] * 4
    assert len(server.bodies("show")) == 1


async def test_a_model_that_is_not_there_says_nothing_of_the_others() -> None:
    server = Server(show=[NOT_FOUND, shown("completion")])
    asked = provider(server)
    with pytest.raises(errors.ModelNotFoundError):
        await asked.execute_prompt(REQUEST)
    assert await ask(asked, 2) == ["", ""]
    assert len(server.bodies("show")) == 2
    with pytest.raises(errors.ModelNotFoundError):
        await provider(Server(show=NOT_FOUND)).check_model("llama3.2")
