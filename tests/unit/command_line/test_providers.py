"""Who answers is told by options, a file or the environment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from runt_pyodide.command_line.arguments import read_arguments
from runt_pyodide.command_line.providers import open_cassette, read_config, refuse
from runt_pyodide.config import AIConfig
from runt_pyodide.errors import ConfigError

FILE = {"defaultProvider": "work", "providers": {"work": {"type": "openai", "model": "m"}}}


def config_of(told: str, environ: dict[str, str] | None = None) -> AIConfig:
    return read_config(read_arguments(["run", "a.ipynb", *told.split()]), environ or {})


@pytest.mark.parametrize(
    ("told", "environ", "default", "model"),
    [
        ("", {}, "openai", None),
        ("", {"OLLAMA_HOST": "http://h"}, "ollama", None),
        ("--provider test", {}, "test", None),
        ("--provider groq --model x/y", {}, "groq", "x/y"),
        ("--model ollama/qwen3", {}, "ollama", "qwen3"),
        ("--config FILE", {"OLLAMA_HOST": "http://h"}, "work", "m"),
        ("--config FILE --provider work --model n", {}, "work", "n"),
        ("--config FILE --provider test", {}, "test", None),
    ],
)
def test_the_default_is_what_was_said_last(
    tmp_path: Path, told: str, environ: dict[str, str], default: str, model: str | None
) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(FILE), "utf-8")
    config = config_of(told.replace("FILE", str(path)), environ)
    assert config.default_provider == default
    assert config.providers[default].model == model


def test_keys_come_from_the_environment() -> None:
    for name in ("openai", "groq"):
        environ = {f"{name.upper()}_API_KEY": "sk-x"}
        own: Any = config_of(f"--model {name}/m", environ).providers[name]
        assert (own.key, own.model) == ("sk-x", "m")


@pytest.mark.parametrize("told", ["--provider frob", "--config {}"])
def test_what_cannot_be_used_is_told(tmp_path: Path, told: str) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"frob": 1}', "utf-8")
    with pytest.raises(ConfigError, match="frob"):
        config_of(told.format(path))


def test_a_cassette_that_is_not_there_is_told(tmp_path: Path) -> None:
    options = read_arguments(["run", "a", "--cassette", str(tmp_path / "none.json")])
    with pytest.raises(ConfigError, match=r"There is no cassette .* with --record\."):
        open_cassette(options)


def test_no_mock_answer_is_taken_for_a_models() -> None:
    with pytest.raises(ConfigError, match=r"No key\. Set OPENAI_API_KEY .* --cassette\."):
        refuse("No key.")
