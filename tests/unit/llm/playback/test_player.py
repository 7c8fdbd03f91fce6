"""The player in place of a provider: what it knows without asking, and what it passes on."""

from __future__ import annotations

import pytest

from runt_pyodide.config import OpenAISettings
from runt_pyodide.errors import ConfigError, NotRecordedError
from runt_pyodide.llm.cassette.cassette import Cassette
from runt_pyodide.llm.cassette.recorder import Recorder
from runt_pyodide.llm.cassette.replay import Replay
from runt_pyodide.llm.messages import ChatRequest, Message
from runt_pyodide.llm.openai.provider import OpenAIProvider
from runt_pyodide.llm.playback.player import Player, RecordedOnly
from runt_pyodide.llm.provider import AIProvider
from runt_pyodide.llm.test.provider import TestProvider
from runt_pyodide.llm.test.settings import TestSettings
from runt_pyodide.llm.transport.scripted import ScriptedTransport


def asking(prompt: str, model: str = "m") -> ChatRequest:
    return ChatRequest((Message("user", prompt),), model)


def answering(text: str, name: str = "openai") -> TestProvider:
    responses = [{"pattern": "", "text": text}]
    settings = {"responses": responses, "tools": False, "context_length": 777, "model": "m"}
    return TestProvider(name, TestSettings.model_validate(settings))


async def recorded() -> Replay:
    recorder = Recorder(answering("Yes."))
    await recorder.describe_model("m")
    assert not recorder.supports_tools("m")
    await recorder.execute_prompt(asking("a"))
    return Replay(Cassette.read(recorder.cassette.to_json()))


def unreachable() -> AIProvider:
    return OpenAIProvider("openai", OpenAISettings(), ScriptedTransport())


async def test_it_knows_of_models_what_was_known_when_they_were_asked() -> None:
    player = Player(unreachable(), await recorded())
    about = await player.describe_model("m")
    assert about is not None
    assert (about.provider, about.context_length) == ("openai", 777)
    assert not player.supports_tools("m")
    assert player.supports_tools("another")
    assert await player.describe_model("another") is None
    assert [model.name for model in await player.list_models()] == ["m"]
    assert player.missing() is None
    await player.look_up("m")
    await player.check_model("m")


async def test_who_is_not_configured_is_known_by_name_and_not_asked() -> None:
    replay = await recorded()
    player = Player(RecordedOnly("openai", replay), replay)
    assert [*player.models] == ["m"]
    assert (await player.execute_prompt(asking("a"))).text == "Yes."
    with pytest.raises(ConfigError, match="is not configured"):
        await RecordedOnly("openai", replay).execute_prompt(asking("b"))


async def test_what_is_not_recorded_goes_on_to_the_provider_if_there_is_one() -> None:
    replay = await recorded()
    player = Player(unreachable(), replay, otherwise=answering("New."))
    assert (await player.execute_prompt(asking("a"))).text == "Yes."
    assert (await player.execute_prompt(asking("b"))).text == "New."
    assert not player.plays_recording
    with pytest.raises(NotRecordedError) as caught:
        await Player(unreachable(), replay).execute_prompt(asking("b"))
    assert (caught.value.provider, caught.value.model) == ("openai", "m")
    with pytest.raises(ConfigError, match="no answer to this request, and"):
        await Player(unreachable(), replay, otherwise=unreachable()).execute_prompt(asking("c"))
