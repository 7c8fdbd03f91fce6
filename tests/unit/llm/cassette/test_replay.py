"""The Test provider plays a cassette, and refuses a request that was not recorded."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from runt_pyodide.config import AIConfig
from runt_pyodide.errors import BadRequestError, ConfigError, RateLimitError
from runt_pyodide.llm.cassette.recorder import Recorder
from runt_pyodide.llm.messages import (
    ChatRequest,
    ChatSettings,
    Delta,
    Image,
    Message,
    TextDelta,
    ToolSpec,
)
from runt_pyodide.llm.provider import AIProvider
from runt_pyodide.llm.registry import ProviderRegistry
from runt_pyodide.llm.test.provider import TestProvider
from runt_pyodide.llm.test.settings import TestSettings
from runt_pyodide.llm.transport.scripted import ScriptedTransport

TOOL = ToolSpec("add", "Adds.", {"type": "object"})


def ask(*contents: str, model: str = "scripted", **more: Any) -> ChatRequest:
    return ChatRequest(tuple(Message("user", content) for content in contents), model, **more)


def original() -> TestProvider:
    """Answers "a" and "b"; the second only when it was asked before."""
    fault = {"status": 429, "times": 1, "message": "Slow down"}
    responses = [
        {"prompt": "a", "text": "A is the first."},
        {"prompt": "b", "turns": [{"text": "B", "thinking": "Hm.", "fault": fault}]},
    ]
    return TestProvider("openai", TestSettings.model_validate({"responses": responses}))


def player(recorder: Recorder) -> AIProvider:
    """From the configuration, as a page gives it, under the recorded provider's name."""
    cassette = json.loads(recorder.cassette.to_json())
    config = AIConfig.read({"providers": {"openai": {"type": "test", "cassette": cassette}}})
    return ProviderRegistry.from_config(config, ScriptedTransport()).require("openai")


async def record(*requests: ChatRequest) -> AIProvider:
    """What plays the answers to these requests."""
    recorder = Recorder(original())
    for request in requests:
        await outcome(recorder, request)
    return player(recorder)


async def outcome(provider: AIProvider, request: ChatRequest) -> list[Delta] | str:
    """The deltas, or what the error said."""
    try:
        return [delta async for delta in provider.execute_prompt_stream(request)]
    except RateLimitError as error:
        return f"{error} {error.status} {error.provider} {error.model}"


async def test_what_was_recorded_is_played_and_errors_too() -> None:
    requests = [ask("a"), ask("b"), ask("b"), ask("a")]
    expected = original()
    played = await record(*requests)
    for request in requests:
        assert await outcome(played, request) == await outcome(expected, request)


async def test_pictures_are_compared_and_a_large_one_is_told_by_its_hash() -> None:
    def showing(data: str) -> ChatRequest:
        image = Image("image/png", data)
        return ChatRequest((Message("user", "a", images=(image,)),), "scripted")

    played = await record(showing("A" * (4 << 20)))
    assert await outcome(played, showing("A" * (4 << 20))) == await outcome(original(), ask("a"))
    with pytest.raises(BadRequestError) as caught:
        await outcome(played, showing("B" * (4 << 20)))
    assert "messages[0].images[0].data" in caught.value.message
    assert "+sha256 " in caught.value.message
    assert len(caught.value.message) < 1_000


async def test_the_order_of_different_requests_is_free_and_the_last_of_equal_ones_stays() -> None:
    played = await record(ask("a"), ask("b"), ask("b"))
    assert "429" in await outcome(played, ask("b"))
    answer = await outcome(played, ask("b"))
    assert TextDelta("B") in answer
    assert TextDelta("A") in await outcome(played, ask("a"))
    assert await outcome(played, ask("b")) == answer


async def test_its_models_are_the_recorded_ones() -> None:
    played = await record(ask("a", model="m2"), ask("a", model="m1"), ask("b", model="m2"))
    assert [*played.models] == ["m2", "m1"]


async def mismatch(played: AIProvider, request: ChatRequest) -> str:
    with pytest.raises(BadRequestError) as caught:
        await outcome(played, request)
    assert (caught.value.provider, caught.value.model) == ("openai", request.model)
    return str(caught.value)


async def test_a_text_that_differs_is_shown_by_lines() -> None:
    source = "first line\nsecond line\nthird line"
    played = await record(ask("a"), ask(source))
    await outcome(played, ask("a"))
    said = await mismatch(played, ask(source.replace("second", "SECOND")))
    assert said == (
        "The cassette holds no turn for this request. The nearest, turn 2 of 2, differs from it "
        "in\n\n"
        "messages[0].content:\n"
        "  @@ -1,3 +1,3 @@\n"
        "   first line\n"
        "  -second line\n"
        "  +SECOND line\n"
        "   third line\n\n"
        "Lines with - were recorded, lines with + were asked. "
        "Undo the change, or record it again."
    )


@pytest.mark.parametrize(
    ("changed", "path", "lines"),
    [
        (ask("a", model="other"), "model", ["-scripted", "+other"]),
        (ask("a", "more"), "messages[1]", ["+{", '+ "role": "user",', '+ "content": "more"', "+}"]),
        (ask("a", system_prompt="Be brief."), "systemPrompt", ["+Be brief."]),
        (ask("a", settings=ChatSettings(seed=7)), "settings", ["+{", '+ "seed": 7', "+}"]),
        (ask("a", tools=(replace(TOOL, name="sum"),)), "tools", ["+[", '+  "name": "sum",']),
        (ask("a", response_format={"type": "object"}), "responseFormat", ['+ "type": "object"']),
    ],
)
async def test_any_field_that_differs_is_named(
    changed: ChatRequest, path: str, lines: list[str]
) -> None:
    said = await mismatch(await record(ask("a")), changed)
    assert f"\n\n{path}:\n" in said
    assert [f"  {line}" for line in lines if f"  {line}" not in said.split("\n")] == []


async def test_a_number_that_differs_is_named_with_its_place() -> None:
    settings = ChatSettings(temperature=0.5)
    played = await record(ask("a", settings=settings, tools=(TOOL,)))
    asked = ask("a", settings=replace(settings, temperature=1), tools=(TOOL,))
    said = await mismatch(played, asked)
    assert "settings.temperature:\n  @@ -1 +1 @@\n  -0.5\n  +1.0\n" in said


async def test_the_nearest_differs_least_and_was_not_played() -> None:
    played = await record(ask("x", "y"), ask("a"), ask("b"))
    assert "turn 2 of 3" in await mismatch(played, ask("c"))
    await outcome(played, ask("a"))
    assert "turn 3 of 3" in await mismatch(played, ask("c"))
    assert "turn 1 of 3" in await mismatch(played, ask("x", "z"))


async def test_many_and_long_differences_are_cut() -> None:
    played = await record(ask("\n".join(f"{n}" for n in range(100)), *"bcdefg"))
    said = await mismatch(played, ask("\n".join(f"-{n}" for n in range(100)), *"hijklm"))
    assert "... and 2 more" in said
    assert len(said.splitlines()) < 60
    words = "word " * 200
    said = await mismatch(await record(ask(words)), ask(words + "end"))
    assert max(map(len, said.splitlines())) < 120


async def test_an_empty_cassette_says_so() -> None:
    assert "holds no turns" in await mismatch(player(Recorder(original())), ask("a"))


async def test_keys_are_neither_compared_nor_shown() -> None:
    first, second = "sk-" + "0123456789" * 2, "sk-" + "9876543210" * 2
    played = await record(ask(f"use {first}"))
    assert await outcome(played, ask(f"use {second}"))
    said = await mismatch(played, ask(f"use no {second}"))
    assert "+use no [key]" in said
    assert "9876543210" not in said


def test_a_cassette_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ConfigError, match="The cassette is of the version 3, and"):
        TestProvider("test", TestSettings(cassette={"version": 3}))
