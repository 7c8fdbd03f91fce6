"""Providers by others: registered by a call, or found by an entry point."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from runt_pyodide import AIConfig, ProviderRegistry, register_provider_type
from runt_pyodide.config import ProviderSettings, ServiceSettings
from runt_pyodide.errors import ConfigError
from runt_pyodide.llm import settings as llm_settings
from runt_pyodide.llm.messages import ChatRequest, Message
from runt_pyodide.llm.test.provider import TestProvider
from runt_pyodide.llm.test.settings import TestSettings
from runt_pyodide.llm.transport.scripted import ScriptedTransport

MODULE = """
from runt_pyodide.config import ProviderSettings, ServiceSettings
from runt_pyodide.llm.messages import FinishDelta, TextDelta
from runt_pyodide import AIProvider

class ParrotSettings(ProviderSettings):
    times: int = 1

class Parrot(AIProvider):
    Settings = ParrotSettings

    def __init__(self, name, settings, transport):
        self.name, self.models, self._times = name, ("parrot",), settings.times

    async def execute_prompt_stream(self, request):
        yield TextDelta(request.messages[-1].content * self._times)
        yield FinishDelta("stop")
"""


@pytest.fixture(autouse=True)
def own_types(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers goes with it."""
    monkeypatch.setattr(llm_settings, "_TYPES", dict(llm_settings._TYPES))


def install(folder: Path) -> None:
    """A package that is installed and was never imported."""
    (folder / "parrots.py").write_text(MODULE, "utf-8")
    info = folder / "parrots-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: parrots\nVersion: 1.0\n", "utf-8")
    entry = "[runt_pyodide.providers]\nparrot = parrots:Parrot\n"
    (info / "entry_points.txt").write_text(entry, "utf-8")


async def test_an_entry_point_is_a_type_that_a_configuration_can_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "parrots", raising=False)
    read = AIConfig.read({"providers": {"polly": {"type": "parrot", "times": 2}}})
    polly = ProviderRegistry.from_config(read, ScriptedTransport()).require("polly")
    answer = await polly.execute_prompt(ChatRequest((Message("user", "hi"),), "parrot"))
    assert (polly.name, answer.text) == ("polly", "hihi")
    with pytest.raises(ConfigError, match="unknown key 'colour'; known keys: model, times, type"):
        AIConfig.read({"providers": {"parrot": {"colour": "green"}}})


def test_a_type_is_registered_by_a_call_and_once() -> None:
    register_provider_type("mine", TestSettings, lambda name, own, _: TestProvider(name, own))
    read = AIConfig.read({"providers": {"mine": {}}})
    registry = ProviderRegistry.from_config(read, ScriptedTransport())
    assert isinstance(registry.get_default(), TestProvider)
    with pytest.raises(
        ConfigError, match=r"already is a provider type 'mine': .*under another name"
    ):
        register_provider_type("mine", ProviderSettings, lambda *_: TestProvider())


@pytest.mark.parametrize("settings", [ProviderSettings, ServiceSettings])
def test_a_class_that_is_defined_again_replaces_what_it_was(
    settings: type[ProviderSettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llm_settings, "_TYPES", dict(llm_settings._TYPES))
    registry, transport = None, ScriptedTransport()
    for _ in range(2):

        class Again(TestProvider):
            def __init__(self, name: str, _settings: object, _transport: object) -> None:
                super().__init__(name)

        register_provider_type("again", settings, Again)
        read = AIConfig.read({"providers": {"again": {}}})
        registry = ProviderRegistry.from_config(read, transport, registry)
        assert type(registry.require("again")) is Again


def test_whoever_listens_is_told_of_a_type_that_is_registered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(llm_settings, "_TYPES", {})
    monkeypatch.setattr(llm_settings, "_LISTENERS", [])
    known: list[str] = []
    llm_settings.when_registered(known.append)
    for _ in range(2):
        llm_settings.register_provider_type("own", ProviderSettings, object)
    assert known == ["own", "own"]
