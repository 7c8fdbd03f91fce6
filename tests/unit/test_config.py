"""The configuration: what is read, what is refused, and that keys are not shown."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.config import AIConfig, OllamaSettings, OpenAISettings, ServiceSettings
from runt_pyodide.errors import ConfigError
from runt_pyodide.llm.test.settings import TestSettings

KEY = "sk-secret"


def test_camel_case_and_snake_case_are_the_same() -> None:
    camel = {"defaultProvider": "openai", "providers": {"openai": {"apiKey": KEY, "baseUrl": "x"}}}
    snake = {
        "default_provider": "openai",
        "providers": {"openai": {"api_key": KEY, "base_url": "x"}},
    }
    assert AIConfig.read(camel) == AIConfig.read(snake)


def test_without_a_configuration_there_is_openai_without_a_key() -> None:
    assert AIConfig.read(None).providers == {"openai": OpenAISettings(type="openai")}


def test_a_type_makes_several_of_a_kind() -> None:
    config = AIConfig.read({"providers": {"work": {"type": "openai"}, "test": {}}})
    assert isinstance(config.providers["work"], OpenAISettings)
    assert isinstance(config.providers["test"], TestSettings)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            {"provider": 1},
            "unknown key 'provider'; known keys: default_provider, fallback, limits, prov",
        ),
        (
            {"providers": {"x": {}}},
            "unknown type 'x'. Give it a `type`. Known types: anthropic, gemini, ollama, ",
        ),
        (
            {"providers": {"openai": {"key": KEY}}},
            "Provider 'openai': unknown key 'key'; known keys:",
        ),
        ({"providers": {"openai": {"timeout": 0}}}, "timeout: Input should be greater than 0."),
        (
            {"providers": {"openai": {"baseUrl": "ftp://x"}}},
            "ftp:// is not the address of a server: give",
        ),
        (
            {"providers": {"ollama": {"baseUrl": "ws://x"}}},
            "ws:// is not the address of a server: give",
        ),
        (
            {"providers": {"openai": {"baseUrl": f"ann:{KEY}@ws://x"}}},
            " ws:// is not the address of a server: give",
        ),
        (
            {"providers": {"openai": {"apiKey": f"{KEY}\u2026"}}},
            "Provider 'openai': apiKey: the key holds HORIZONTAL ELLIPSIS (U+2026) at position 10",
        ),
        ({"providers": {"ollama": {"headers": {"X": f"{KEY}\n1"}}}}, "header 'X' holds a line end"),
        ({"providers": {"openai": {"extraBody": {"a": float("nan")}}}}, "what JSON cannot"),
        ({"providers": {"openai": {"maxLine": 0}}}, "maxLine: Input should be greater than 0."),
        ({"providers": {"openai": KEY}}, "configuration of the provider 'openai' is not an object"),
        ({"defaultProvider": "x"}, "no provider is named 'x'; known: openai"),
        ({"providers": {"test": {"responses": [{"text": "a"}]}}}, "either prompt or pattern"),
        (
            {"providers": {"test": {"responses": [{"prompt": "a"}]}}},
            "one of text, turns and answers",
        ),
        ([KEY], "valid dictionary"),
    ],
)
def test_what_is_wrong_is_named(data: Any, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        AIConfig.read(data)
    assert said in str(caught.value)
    assert KEY not in str(caught.value)


def test_no_key_in_what_is_shown_or_dumped() -> None:
    config = AIConfig.read({"providers": {"openai": {"apiKey": KEY}}})
    assert KEY not in f"{config!r} {config} {config.model_dump_json()}"


@pytest.mark.parametrize("kind", ["openai", "ollama"])
def test_what_is_sent_besides_the_key(kind: str) -> None:
    given = {
        "apiKey": f"Bearer {KEY}",
        "headers": {"X-Team": "blue", "X-Team-Key": "hush"},
        "query": {"version": 2, "sig": "hush"},
        "extraBody": {"top_k": 5, "apiKey": "hush"},
        **{"vision": True, "tools": False, "timeout": 5, "maxLine": 10, "maxAnswer": 20},
    }
    config = AIConfig.read({"providers": {kind: given}})
    settings = config.providers[kind]
    assert isinstance(settings, ServiceSettings)
    assert settings.key == KEY
    assert settings.headers == given["headers"]
    assert settings.query == {"version": "2", "sig": "hush"}
    assert settings.extra_body == given["extraBody"]
    assert (settings.vision, settings.tools) == (True, False)
    assert (settings.timeout, settings.max_line, settings.max_answer) == (5, 10, 20)
    shown = f"{config!r} {config} {config.model_dump()} {config.model_dump_json()}"
    assert "hush" not in shown
    assert config.model_dump()["providers"][kind]["headers"]["X-Team"] == "blue"
    elsewhere = settings.elsewhere("https://other")
    assert (elsewhere.key, elsewhere.headers, elsewhere.query) == ("", {}, {})
    assert (elsewhere.extra_body, elsewhere.tools) == ({}, False)


@pytest.mark.parametrize("kind", ["openai", "ollama"])
def test_no_password_of_an_address_in_what_is_shown_or_dumped(kind: str) -> None:
    given = {"baseUrl": "https://ann:hunter2@host/v1"}
    config = AIConfig.read({"providers": {kind: given}})
    assert "hunter2" not in f"{config!r} {config} {config.model_dump()} {config.model_dump_json()}"
    assert config.model_dump()["providers"][kind]["base_url"] == "https://host/v1"
    elsewhere = config.providers[kind].elsewhere("https://other")  # type: ignore[attr-defined]
    assert (elsewhere.base_url, elsewhere.key) == ("https://other", "")


THERE = {
    **{"apiKey": KEY, "headers": {"X-Key": KEY}, "query": {"key": KEY}, "extraBody": {"a": KEY}},
    **{"timeout": 5, "model": "m"},
}


def known(kind: str, base_url: str | None) -> AIConfig:
    where = {} if base_url is None else {"baseUrl": base_url}
    return AIConfig.read({"providers": {kind: {**THERE, **where}}})


@pytest.mark.parametrize(
    ("kind", "before", "change"),
    [
        ("openai", "https://a/v1", {"base_url": "https://b/v1"}),
        ("openai", "https://a/v1", {"baseUrl": "https://a.evil/v1"}),
        ("openai", "https://a/v1", {"baseUrl": "http://a/v1"}),
        ("openai", "https://a/v1", {"baseUrl": "https://a/other"}),
        ("openai", "https://a/v1", {"baseUrl": None}),
        ("openai", None, {"baseUrl": "https://b/v1"}),
        ("openai", None, {"preset": "groq"}),
        ("ollama", None, {"base_url": "box"}),
    ],
)
def test_another_address_does_not_get_what_was_given_for_the_one_before(
    kind: str, before: str | None, change: dict[str, Any]
) -> None:
    changed = known(kind, before).with_provider(kind, change).providers[kind]
    assert isinstance(changed, ServiceSettings)
    assert (changed.key, changed.headers, changed.query, changed.extra_body) == ("", {}, {}, {})
    assert (changed.timeout, changed.model) == (5, "m")
    again = known(kind, before).with_provider(kind, {**change, "api_key": "new"}).providers[kind]
    assert isinstance(again, ServiceSettings)
    assert (again.key, again.headers) == ("new", {})


@pytest.mark.parametrize(
    ("kind", "before", "change"),
    [
        ("openai", "https://a/v1", {"base_url": "HTTPS://A/v1/chat/completions#x"}),
        ("openai", None, {"baseUrl": "api.openai.com"}),
        ("openai", "https://a/v1", {"model": "n"}),
        ("ollama", "localhost", {"baseUrl": "http://localhost:11434/v1"}),
    ],
)
def test_the_same_address_in_another_form_keeps_it(
    kind: str, before: str | None, change: dict[str, Any]
) -> None:
    changed = known(kind, before).with_provider(kind, change).providers[kind]
    assert isinstance(changed, ServiceSettings)
    assert (changed.key, changed.headers) == (KEY, {"X-Key": KEY})


def test_from_the_environment() -> None:
    environ = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "http://x/v1", "RUNT_AI_PROVIDER": "test"}
    config = AIConfig.from_env(environ)
    openai = config.providers["openai"]
    assert isinstance(openai, OpenAISettings)
    assert openai.api_key is not None
    assert (openai.api_key.get_secret_value(), openai.base_url) == (KEY, "http://x/v1")
    assert config.default_provider == "test"
    assert AIConfig.from_env({}).default_provider is None


def test_a_key_of_the_environment_is_read_as_it_is_pasted() -> None:
    openai = AIConfig.from_env({"OPENAI_API_KEY": f" 'Bearer {KEY}'\n"}).providers["openai"]
    assert isinstance(openai, OpenAISettings)
    assert openai.key == KEY
    with pytest.raises(ConfigError, match=r"ZERO WIDTH SPACE \(U\+200B\) at position 3"):
        AIConfig.from_env({"OPENAI_API_KEY": "sk\u200b-1"})


def test_the_environment_names_ollama_s_host_and_any_default() -> None:
    named = AIConfig.from_env({"OLLAMA_HOST": "0.0.0.0:11434"}).providers["ollama"]
    assert isinstance(named, OllamaSettings)
    assert named.base_url == "0.0.0.0:11434"
    for default in ("ollama", "groq"):
        config = AIConfig.from_env({"RUNT_AI_PROVIDER": default})
        assert (config.default_provider, default in config.providers) == (default, True)
    environ = {"RUNT_AI_PROVIDER": "github-models", "GITHUB_MODELS_API_KEY": KEY}
    github = AIConfig.from_env(environ).providers["github-models"]
    assert isinstance(github, OpenAISettings)
    assert github.key == KEY
    anthropic = AIConfig.from_env({"RUNT_AI_PROVIDER": "anthropic", "ANTHROPIC_API_KEY": KEY})
    assert anthropic.providers["anthropic"].key == KEY  # type: ignore[attr-defined]
    with pytest.raises(ConfigError, match="unknown type 'nobody'"):
        AIConfig.from_env({"RUNT_AI_PROVIDER": "nobody"})
