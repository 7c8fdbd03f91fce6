"""Providers by name, and which one is the default."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from runt_pyodide import AIProvider, doctor, register_provider_type
from runt_pyodide.config import AIConfig, ProviderSettings
from runt_pyodide.errors import ConfigError, NetworkError, ProviderError
from runt_pyodide.llm import settings as llm_settings
from runt_pyodide.llm.messages import AiModel, ChatRequest, Delta, FinishDelta, Message
from runt_pyodide.llm.registry import ProviderRegistry
from runt_pyodide.llm.test.provider import TestProvider
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport


def registry(**config: Any) -> ProviderRegistry:
    return ProviderRegistry.from_config(AIConfig.read(config), ScriptedTransport())


def test_providers_come_in_their_order_and_by_name() -> None:
    providers = registry(providers={"test": {}, "work": {"type": "openai"}})
    assert [provider.name for provider in providers.list()] == ["test", "work"]
    assert providers.get("work") is providers.list()[1]
    assert providers.get("home") is None


def test_a_second_of_the_same_name_is_refused() -> None:
    with pytest.raises(ConfigError, match="already is a provider named 'test'"):
        registry(providers={"test": {}}).register(TestProvider())


def test_a_miss_names_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="named 'home'; configured: test, openai"):
        registry(providers={"test": {}, "openai": {}}).require("home")


def test_the_default_is_the_named_one_else_the_first_that_is_ready_else_the_first() -> None:
    both: dict[str, Any] = {"openai": {}, "test": {}}
    assert registry(providers=both, default_provider="openai").get_default().name == "openai"
    assert registry(providers=both).get_default().name == "test"
    assert registry(providers={"openai": {}}).get_default().name == "openai"
    with pytest.raises(ConfigError, match="No AI provider is configured"):
        ProviderRegistry().get_default()


class _Silent(TestProvider):
    async def get_available_models(self) -> list[AiModel]:
        raise NetworkError("Nobody answers.")


async def test_a_provider_that_cannot_tell_its_models_takes_none_from_the_others() -> None:
    providers = registry(providers={"test": {}})
    providers.register(_Silent("silent"))
    (test, listed), (silent, failure) = await providers.list_models()
    assert (test.name, silent.name) == ("test", "silent")
    assert isinstance(listed, list)
    assert listed
    assert isinstance(failure, NetworkError)


@pytest.mark.parametrize(
    ("model", "name", "provider", "own"),
    [
        ("", "", "openai", ""),
        ("gpt-x", "", "openai", "gpt-x"),
        ("router", "", "router", ""),
        ("router/vendor/model:free", "", "router", "vendor/model:free"),
        ("router/openai/gpt-x", "", "router", "openai/gpt-x"),
        ("vendor/model", "router", "router", "vendor/model"),
        ("router/auto", "router", "router", "router/auto"),
        ("openai/gpt-x", "openai", "openai", "gpt-x"),
        ("gpt-x", "openai", "openai", "gpt-x"),
        ("", "router", "router", ""),
        (" openai / gpt-x\n", "", "openai", "gpt-x"),
        ("gpt-x", " openai ", "openai", "gpt-x"),
        ("deepseek-r1", "", "openai", "deepseek-r1"),
        ("openai:gpt-x", "", "openai", "gpt-x"),
        ("openai-chat:gpt-x", "", "openai", "gpt-x"),
        ("router:vendor/model:free", "", "router", "vendor/model:free"),
    ],
)
def test_a_choice_names_a_provider_and_a_model(
    model: str, name: str, provider: str, own: str
) -> None:
    providers = registry(providers={"openai": {}, "router": {"type": "openrouter"}})
    found, rest = providers.choose(model, name)
    assert (found.name, rest) == (provider, own)


@pytest.mark.parametrize(
    ("model", "name", "said"),
    [
        ("ollama/qwen3", "", "No AI provider is named 'ollama'; configured: openai, router."),
        ("vendor/model", "", "name before it: router/vendor/model."),
        ("/qwen3", "", "No AI provider is named ''"),
        ("qwen3", "ollama", "No AI provider is named 'ollama'"),
        ("ollama/qwen3", "openai", "The provider 'openai' has no model 'ollama/qwen3'"),
        ("router/x", "openai", "Choose the provider 'router', if it is configured"),
        ("Ollama/qwen3", "", "No AI provider is named 'Ollama'"),
        (" ollama/qwen3", "", "No AI provider is named 'ollama'"),
        ("\u200bollama/qwen3", "", "No AI provider is named 'ollama'"),
        ("ollama", "", "No AI provider is named 'ollama'"),
        ("LMStudio", "", "No AI provider is named 'LMStudio'"),
        ("ollama:qwen3", "", "No AI provider is named 'ollama'"),
        ("ollama\\qwen3", "", "No AI provider is named 'ollama'"),
        ("ollama qwen3", "", "No AI provider is named 'ollama'"),
        ("ollama\u2215qwen3", "", "No AI provider is named 'ollama'"),
        ("openai:", "", "Write a model with a slash: openai/model."),
    ],
)
def test_a_choice_of_a_provider_that_is_not_configured_is_nobody_s(
    model: str, name: str, said: str
) -> None:
    providers = registry(providers={"openai": {}, "router": {"type": "openrouter"}})
    with pytest.raises(ConfigError) as caught:
        providers.choose(model, name)
    assert said in str(caught.value)


def test_a_service_that_stays_the_same_keeps_what_it_has_learnt() -> None:
    transport = ScriptedTransport()

    def read(model: str) -> AIConfig:
        one = {"type": "openai", "baseUrl": "http://host", "apiKey": "k"}
        return AIConfig.read({"providers": {"a": one, "b": {**one, "model": model}, "test": {}}})

    before = ProviderRegistry.from_config(read("m"), transport)
    after = ProviderRegistry.from_config(read("n"), transport, before)
    kept = [one.name for one in after.list() if one is before.get(one.name)]
    # A script of the Test provider begins anew.
    assert kept == ["a"]
    other = ProviderRegistry.from_config(read("n"), ScriptedTransport(), after)
    assert [one.name for one in other.list() if one is after.get(one.name)] == []


async def test_one_whose_settings_changed_is_told_what_is_still_true() -> None:
    listed = Scripted(200, {}, [b'{"data": [{"id": "m", "context_length": 4096}]}'])
    transport = ScriptedTransport([listed])

    def read(model: str) -> AIConfig:
        one = {"type": "openai", "baseUrl": "http://host", "model": model}
        return AIConfig.read({"providers": {"a": one}})

    before = ProviderRegistry.from_config(read("m"), transport)
    await before.require("a").list_models()
    after = ProviderRegistry.from_config(read("n"), transport, before)
    about = await after.require("a").describe_model("m")
    assert about is not None
    assert about.context_length == 4096


def test_a_server_of_one_s_own_may_call_its_models_as_services_are_called() -> None:
    providers = registry(providers={"ollama": {}})
    provider, model = providers.choose("mistral")
    assert (provider.name, model) == ("ollama", "mistral")


@pytest.mark.parametrize(
    ("word", "provider", "model"),
    [("mistral:7b", "ollama", "mistral:7b"), ("mistral:large", "mistral", "large")],
)
def test_a_colon_is_a_slash_only_if_nothing_else_can_be_meant(
    word: str, provider: str, model: str
) -> None:
    """Before a server of one's own, a word with a colon is a model of that server."""
    mistral = {"type": "mistral", "model": "large"}
    providers = registry(defaultProvider="ollama", providers={"ollama": {}, "mistral": mistral})
    found, own = providers.choose(word)
    assert (found.name, own) == (provider, model)


async def test_a_type_that_may_still_be_registered_is_a_provider_that_says_so() -> None:
    config = {"default_provider": "own", "providers": {"own": {"apiKey": "k"}, "test": {}}}
    with pytest.raises(ConfigError, match="unknown type 'own'"):
        AIConfig.read(config)
    read = AIConfig.read(config, may_register=True)
    assert "k" not in repr(read.providers["own"])
    own = ProviderRegistry.from_config(read, ScriptedTransport()).get_default()
    why = r"unknown type 'own'.*Run the cell that registers the type.*Known types: anthropic, "
    with pytest.raises(ProviderError, match=why):
        await own.execute_prompt(ChatRequest((Message("user", "Hi"),), "own"))
    failed = (await doctor(own)).failed
    assert failed is not None
    assert "unknown type 'own'" in failed.found
    assert "Run the cell" in failed.fix


class Bare(AIProvider):
    """Has what its class is given, and nothing else."""

    def __init__(self, _name: str, _settings: object, _transport: object) -> None:
        pass

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        yield FinishDelta("stop")


class Abstract(AIProvider):
    def __init__(self, *_: object) -> None:
        pass


BROKEN: list[tuple[Any, str]] = [
    (Bare, "has no name"),
    (type("Named", (Bare,), {"name": "own", "models": "own-1"}), "has no sequence of models"),
    (type("Other", (Bare,), {"name": "b", "models": ()}), "has another name, 'b'"),
    (Abstract, r"could not be made \(TypeError: .*execute_prompt_stream"),
    (lambda: None, r"could not be made \(TypeError: "),
    (lambda *_: None, "is a NoneType, and no AIProvider"),
]


@pytest.mark.parametrize(("make", "problem"), BROKEN, ids=[problem for _, problem in BROKEN])
async def test_a_provider_that_cannot_be_used_is_told_in_a_sentence_and_the_others_go_on(
    make: Any, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llm_settings, "_TYPES", dict(llm_settings._TYPES))
    register_provider_type("own", ProviderSettings, make)
    providers = registry(providers={"own": {}, "test": {}})
    with pytest.raises(ProviderError, match=f"^The provider 'own' of the type 'own' {problem}"):
        await providers.require("own").execute_prompt(ChatRequest((), "own"))
    assert (await doctor(providers.require("test"))).ok


def test_what_the_settings_of_one_s_own_lack_is_an_error_of_the_configuration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(llm_settings, "_TYPES", dict(llm_settings._TYPES))

    def refuse(*_: object) -> AIProvider:
        raise ConfigError("It needs a town.")

    register_provider_type("own", ProviderSettings, refuse)
    with pytest.raises(ConfigError, match="It needs a town"):
        registry(providers={"own": {}})
