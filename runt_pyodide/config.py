"""The AI configuration: the providers, and what the runs of AI cells may do.

``AIConfig.read`` takes it as JSON, in camelCase or snake_case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import Field, SerializeAsAny, ValidationError

from .ai.rules import Limits, Policy, Rules
from .errors import ConfigError
from .llm.access.address import Address
from .llm.anthropic.settings import AnthropicSettings
from .llm.gemini.settings import GeminiSettings
from .llm.ollama.settings import OllamaSettings
from .llm.openai.presets import PRESETS
from .llm.openai.settings import OpenAISettings
from .llm.services.known import SERVICES
from .llm.settings import (
    ONLY_THERE,
    ConfigModel,
    ProvidersConfig,
    ProviderSettings,
    ServiceSettings,
    describe_fault,
    provider_type,
    register_provider_type,
)

__all__ = [
    "AIConfig",
    "AnthropicSettings",
    "ConfigModel",
    "GeminiSettings",
    "Limits",
    "OllamaSettings",
    "OpenAISettings",
    "Policy",
    "ProviderSettings",
    "Rules",
    "ServiceSettings",
    "provider_type",
    "register_provider_type",
]


def _address_of(settings: ProviderSettings) -> Address | None:
    """Return where the requests go, without what is sent along."""
    if not isinstance(settings, ServiceSettings):
        return None
    return replace(Address.read(settings.address), query="", credentials="")


class AIConfig(ProvidersConfig):
    """The providers by name, and the one that cells use unless they name another; what a run of an
    AI cell may use up (``limits``), and which tools it may call (``tools``, policies by name).

    A provider without a ``type`` has its name as its type: {"openai": {...}} is of type openai,
    and {"work": {"type": "openai", ...}} is another provider of that type. ``fallback`` names the
    providers that are asked, in order, when the first one fails before its first delta.
    """

    providers: dict[str, SerializeAsAny[ProviderSettings]] = Field(
        default={"openai": OpenAISettings(type="openai")}
    )
    limits: Limits = Limits()
    tools: dict[str, Policy] = Field(default={})

    @property
    def rules(self) -> Rules:
        """Return what the runs of AI cells may do."""
        return Rules(self.limits, self.tools)

    @classmethod
    def read(cls, data: Any, *, may_register: bool = False) -> AIConfig:
        """Return the configuration that ``data``, decoded JSON or an AIConfig, describes. A type of
        provider that is not known is an error, unless a cell ``may_register`` it.

        Raise ConfigError, which names the key at fault and the known ones.
        """
        if isinstance(data, AIConfig):
            return data
        try:
            known = {} if data is None else data
            return cls.model_validate(known, context={"may_register": may_register})
        except ValidationError as error:
            raise ConfigError(describe_fault(error, cls)) from None

    def with_provider(self, name: str, settings: Mapping[str, Any]) -> AIConfig:
        """Return a configuration with this provider as the default. If there already is one of this
        name and type, its other settings stay; but at another address it does not get the key,
        the headers and whatever else was given for the one before. Raise ConfigError for a bad
        setting."""
        known = self.providers.get(name)
        if known is None or settings.get("type", known.type) != known.type:
            return self._with(name, settings)
        kept = {field: getattr(known, field) for field in known.model_fields_set}
        names = {field.alias: one for one, field in type(known).model_fields.items()}
        given = {names.get(key, key): value for key, value in settings.items()}
        changed = self._with(name, kept | given)
        if _address_of(changed.providers[name]) == _address_of(known):
            return changed
        there = ONLY_THERE.keys() - given.keys()
        return self._with(name, {key: kept[key] for key in kept if key not in there} | given)

    def _with(self, name: str, settings: Mapping[str, Any]) -> AIConfig:
        providers = {**self.providers, name: dict(settings)}
        return self.with_keys({"providers": providers, "default_provider": name})

    def with_keys(self, keys: Mapping[str, Any]) -> AIConfig:
        """Return a configuration with these keys set to these values. Raise ConfigError for a bad
        key or value."""
        names = {field.alias or name: name for name, field in AIConfig.model_fields.items()}
        kept = {name: getattr(self, name) for name in AIConfig.model_fields}
        return AIConfig.read(kept | {names.get(key, key): value for key, value in keys.items()})

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> AIConfig:
        """Return the configuration that OPENAI_API_KEY, OPENAI_BASE_URL and OLLAMA_HOST give, if
        they are set. RUNT_AI_PROVIDER is the default: the name of a provider, type or preset, whose
        key may be there, too, as in GROQ_API_KEY."""
        names = {"api_key": "OPENAI_API_KEY", "base_url": "OPENAI_BASE_URL"}
        default = environ.get("RUNT_AI_PROVIDER") or None
        providers: dict[str, Any] = {
            "openai": {key: environ[env] for key, env in names.items() if environ.get(env)}
        }
        if host := environ.get("OLLAMA_HOST"):
            providers["ollama"] = {"base_url": host}
        if default is not None:
            key = environ.get(f"{default.upper().replace('-', '_')}_API_KEY")
            is_known = default in PRESETS or default in SERVICES
            providers.setdefault(default, {"api_key": key} if key and is_known else {})
        return cls.read({"default_provider": default, "providers": {**providers, "test": {}}})
