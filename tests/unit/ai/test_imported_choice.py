"""A file that comes in chooses among the configured providers, and changes nothing about them: its
prompts go to the service that it names, or to none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from runt_pyodide import AIConfig, ProviderRegistry
from runt_pyodide.ipynb import read_ipynb
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from runt_pyodide.notebook.events import Event, parse_event
from tests.support.stages.ai_stage import AiStage

HOSTS = ("first", "second")
SAID = Scripted(
    200,
    {"Content-Type": "text/event-stream"},
    [b'data: {"choices":[{"delta":{"content":"Hi."},"finish_reason":"stop"}]}\n\n'],
)
FAILED = Scripted(401, {}, [b'{"error": {"message": "Who are you?"}}'])

Settings = Mapping[str, Any]


def from_ipynb(choice: Settings, metadata: Settings) -> list[Event]:
    cell = {
        **{"id": "ai", "cell_type": "code", "source": "%%ai\nDo it.", "outputs": []},
        **{"execution_count": None, "metadata": {"runt": {"ai_settings": choice}}},
    }
    whole = {"runt": {"metadata": dict(metadata)}}
    file = {"nbformat": 4, "nbformat_minor": 5, "metadata": whole, "cells": [cell]}
    ids = iter(f"id{n}" for n in range(100))
    return read_ipynb(json.dumps(file), "somebody", lambda: next(ids))


def from_log(choice: Settings, metadata: Settings) -> list[Event]:
    """The events as one JSON text, as a page keeps them."""
    wire = [
        ("v2.CellCreated", {"cellType": "ai", "fractionalIndex": "a0", "createdBy": "somebody"}),
        ("v1.CellSourceChanged", {"source": "Do it.", "modifiedBy": "somebody"}),
    ]
    chosen = {"cellId": "ai", "provider": "", "model": "", "settings": {}, **choice}
    settings = [("v1.NotebookMetadataSet", {"key": k, "value": v}) for k, v in metadata.items()]
    named = [(name, {"id": "ai", **args}) for name, args in wire]
    text = json.dumps([*named, ("v1.AiSettingsChanged", chosen), *settings])
    events = [parse_event({"name": name, "args": args}) for name, args in json.loads(text)]
    return [event for event in events if event is not None]


WAYS = pytest.mark.parametrize("read", [from_ipynb, from_log])
Read = Callable[[Settings, Settings], list[Event]]


async def ask(
    events: Iterable[Event], *answers: Scripted, **config: Any
) -> tuple[dict[str, int], dict[str, Any]]:
    """Run the imported cell. Return the requests that each service got, and how the run ended."""
    transport = ScriptedTransport(answers or [SAID] * 5)
    providers = {
        host: {"type": "openai", "baseUrl": f"http://{host}/v1", "model": "m"} for host in HOSTS
    }
    read = AIConfig.read({"defaultProvider": "first", "providers": providers, **config})
    stage = AiStage()
    stage.agent.providers = ProviderRegistry.from_config(read, transport)
    stage.agent.receive(list(events))
    stage.agent.start()
    stage.world.take()
    ended = (await stage.run())[-2]["args"]
    counts = {host: sum(f"//{host}/" in one.url for one in transport.requests) for host in HOSTS}
    assert sum(counts.values()) == len(transport.requests)
    return counts, ended


@WAYS
@pytest.mark.parametrize("fallback", [[], ["second"]])
@pytest.mark.parametrize(
    ("choice", "metadata"),
    [
        ({"provider": "ollama", "model": "qwen3"}, {}),
        ({"provider": "", "model": "ollama/qwen3"}, {}),
        ({"provider": "frist", "model": "m"}, {}),
        ({"provider": "http://evil", "model": "m"}, {}),
        ({}, {"ai_provider": "ollama", "ai_model": "qwen3"}),
        ({}, {"ai_provider": "Ollama", "ai_model": ""}),
    ],
)
async def test_a_files_provider_that_is_not_configured_is_nobody_s(
    read: Read, choice: Settings, metadata: Settings, fallback: list[str]
) -> None:
    counts, ended = await ask(read(choice, metadata), fallback=fallback)
    assert (counts, ended["status"]) == ({"first": 0, "second": 0}, "error")
    assert "configured: first, second" in ended["error"]


@WAYS
@pytest.mark.parametrize(
    ("choice", "metadata"),
    [
        ({"provider": "second", "model": "m"}, {}),
        ({"provider": "", "model": "second/m"}, {}),
        ({}, {"ai_provider": "second"}),
        ({"provider": "second", "model": "m"}, {"ai_provider": "first"}),
    ],
)
async def test_a_files_provider_that_is_configured_is_asked_alone(
    read: Read, choice: Settings, metadata: Settings
) -> None:
    counts, ended = await ask(read(choice, metadata))
    assert (counts, ended["status"]) == ({"first": 0, "second": 1}, "success")


CELLS = {"choices": {"ai": {"provider": "second", "model": "m"}}}
MODELS = {"choices": {"ai": {"provider": "", "model": "\u200bsecond /m"}}}
COLON = {"choices": {"ai": {"provider": "", "model": "second-chat:m"}}}
WHOLE = {"choice": {"provider": "second", "model": ""}}
Held = dict[str, Any]


async def ask_held(choice: Settings, held: Any, **config: Any) -> tuple[dict[str, int], str]:
    """Run a cell with this choice in a notebook that a page has imported."""
    json_set = parse_event(
        {"name": "v1.NotebookJsonSet", "args": {"key": "from_file", "value": held}}
    )
    assert json_set is not None
    counts, ended = await ask([*from_log(choice, {}), json_set], **config)
    return counts, ended.get("error") or ended["status"]


@pytest.mark.parametrize("held", [CELLS, MODELS, COLON, WHOLE])
@pytest.mark.parametrize("fallback", [[], ["second"]])
@pytest.mark.parametrize(
    "choice",
    [
        *({"provider": "second", "model": "m"}, {"model": "second/m"}, {"model": "second:m"}),
        {"provider": " second\u200b"},
    ],
)
async def test_a_choice_that_nobody_agreed_to_is_asked_about_before_anything_is_sent(
    held: Held, fallback: list[str], choice: Settings
) -> None:
    counts, said = await ask_held(choice, {**held, "isUsed": None}, fallback=fallback)
    assert counts == {"first": 0, "second": 0}
    assert "chose 'second'" in said and "Instructions from the file" in said


async def test_a_model_with_a_colon_of_ones_own_server_is_nobodys_choice() -> None:
    held = {"choices": {"ai": {"provider": "", "model": "llama:8b"}}, "isUsed": None}
    counts, said = await ask_held({"model": "llama:8b"}, held)
    assert (counts, said) == ({"first": 1, "second": 0}, "success")


@pytest.mark.parametrize(
    ("choice", "held", "default"),
    [
        ({"provider": "second"}, {**CELLS, "isUsed": True}, "first"),
        ({"provider": "second"}, {**CELLS, "isUsed": False}, "first"),  # chosen again since
        ({"provider": "second"}, {**CELLS, "isUsed": None}, "second"),
        ({}, {**CELLS, "isUsed": None}, "second"),
        ({"provider": "second"}, {"choices": {"ai": {"provider": "third", "model": ""}}}, "first"),
    ],
)
async def test_what_a_person_agreed_to_or_prefers_is_asked(
    choice: Settings, held: Held, default: str
) -> None:
    counts, said = await ask_held(choice, held, defaultProvider=default)
    assert (counts, said) == ({"first": 0, "second": 1}, "success")


@pytest.mark.parametrize(
    "held",
    [None, 1, [], {"choices": 1, "choice": []}, {"choices": {"a": None, "b": {"provider": 1}}}],
)
async def test_what_is_malformed_holds_nothing(held: Any) -> None:
    counts, said = await ask_held({"provider": "second"}, held)
    assert (counts, said) == ({"first": 0, "second": 1}, "success")


ELSEWHERE = {"baseUrl": "http://second/v1", "apiKey": "k", "type": "openai"}


@WAYS
@pytest.mark.parametrize(
    ("choice", "metadata"),
    [
        ({"settings": {"fallback": ["second"], **ELSEWHERE}}, {}),
        ({}, {"fallback": '["second"]', "ai_fallback": "second"}),
        ({}, {"providers": json.dumps({"first": ELSEWHERE}), "defaultProvider": "second"}),
        ({}, {"baseUrl": "http://second/v1", "config": json.dumps({"fallback": ["second"]})}),
    ],
)
async def test_a_file_neither_names_fallbacks_nor_moves_a_provider(
    read: Read, choice: Settings, metadata: Settings
) -> None:
    counts, ended = await ask(read(choice, metadata), FAILED, SAID)
    assert (counts, ended["status"]) == ({"first": 1, "second": 0}, "error")
