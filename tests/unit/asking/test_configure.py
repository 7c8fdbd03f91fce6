"""How a session is configured: by calls, and by the environment."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide import ask, configure
from runt_pyodide.errors import ConfigError

pytestmark = pytest.mark.usefixtures("fresh")


def test_a_provider_is_added_or_changed_and_made_the_default() -> None:
    configure("openai", api_key="sk-1")
    configure("openai", model="gpt-x")
    configure("office", type="openai", base_url="http://llm.example/v1")
    config = ask.session.config
    openai: Any = config.providers["openai"]
    assert openai.api_key.get_secret_value() == "sk-1"
    assert openai.model == "gpt-x"
    assert config.default_provider == "office"


def test_keys_of_the_configuration() -> None:
    configure("openai", api_key="sk-1")
    configure(limits={"turns": 3}, tools={"double": "auto"}, defaultProvider="test")
    config = ask.session.config
    assert (config.limits.turns, config.tools, config.default_provider) == (
        3,
        {"double": "auto"},
        "test",
    )
    assert "openai" in config.providers


@pytest.mark.parametrize(
    ("arguments", "keywords", "match"),
    [
        (("nothing",), {}, "unknown type 'nothing'"),
        (("openai",), {"key": "x"}, "unknown key 'key'"),
        ((), {"colour": 1}, "unknown key 'colour'"),
        (({"providers": {}},), {"limits": {}}, "not both"),
        ((), {"api_key": "k"}, r"Name it first: configure\('openai', api_key=\.\.\.\)\."),
        ((), {"base_url": "http://x", "limits": {}}, "'base_url' is a setting of a provider"),
    ],
)
def test_what_cannot_be_used_is_refused_and_changes_nothing(
    arguments: Any, keywords: Any, match: str
) -> None:
    before = ask.session.config
    with pytest.raises(ConfigError, match=match):
        configure(*arguments, **keywords)
    assert ask.session.config is before


def test_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "localhost:11434")
    assert ask.session.config.default_provider == "ollama"
