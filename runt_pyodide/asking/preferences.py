"""The AI configuration of Python code: the environment's, and what ``configure`` makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..config import AIConfig


def read_environment(environ: Mapping[str, str]) -> AIConfig:
    """As ``AIConfig.from_env``, but that the Test provider does not answer where nobody named it:
    here its answer could be taken for a model's."""
    config = AIConfig.from_env(environ)
    default = config.default_provider or ("ollama" if "ollama" in config.providers else "openai")
    return config.model_copy(update={"default_provider": default})


def add_provider(now: AIConfig, name: str, settings: Mapping[str, Any]) -> AIConfig:
    """With this provider, by default; settings that it has already stay. Raises ConfigError."""
    known = now.providers.get(name)
    merged: dict[str, Any] = dict(settings)
    if known is not None and settings.get("type", known.type) == known.type:
        merged = {field: getattr(known, field) for field in known.model_fields_set} | merged
    return change(now, {"providers": {**now.providers, name: merged}, "default_provider": name})


def change(now: AIConfig, keys: Mapping[str, Any]) -> AIConfig:
    """With other values of these keys. Raises ConfigError."""
    names = {field.alias or name: name for name, field in AIConfig.model_fields.items()}
    kept = {name: getattr(now, name) for name in AIConfig.model_fields}
    return AIConfig.read(kept | {names.get(key, key): value for key, value in keys.items()})
