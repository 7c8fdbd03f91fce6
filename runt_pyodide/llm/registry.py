"""The providers of a notebook, by name."""

from __future__ import annotations

import asyncio
import builtins
import re
from collections.abc import AsyncGenerator, Iterable

from ..arguments import show
from ..errors import ConfigError, ProviderError, RuntError
from .access.characters import strip_invisible
from .anthropic.provider import AnthropicProvider
from .anthropic.settings import AnthropicSettings
from .gemini.provider import GeminiProvider
from .gemini.settings import GeminiSettings
from .messages import AiModel, ChatRequest, Delta
from .ollama.provider import OllamaProvider
from .ollama.settings import OllamaSettings
from .openai.presets import PRESETS
from .openai.provider import OpenAIProvider
from .openai.settings import OpenAISettings
from .provider import AIProvider
from .services.known import SERVICES
from .settings import (
    ProvidersConfig,
    ProviderSettings,
    ServiceSettings,
    UnregisteredSettings,
    is_service_name,
    provider_type,
    register_provider_type,
    unknown_type,
)
from .test.provider import TestProvider
from .test.settings import TestSettings
from .transport.base import Transport

register_provider_type("openai", OpenAISettings, OpenAIProvider)
register_provider_type("anthropic", AnthropicSettings, AnthropicProvider)
register_provider_type("gemini", GeminiSettings, GeminiProvider)
register_provider_type("ollama", OllamaSettings, OllamaProvider)
register_provider_type("test", TestSettings, lambda name, own, _: TestProvider(name, own))

# What people write for the slash between a provider and a model.
_FOR_SLASH = re.compile(r"[:\\|,;>\s\u2044\u2215\uff0f]")

ModelList = list[AiModel] | ProviderError
"""The models that a provider offers, or why it cannot tell."""


_REGISTER = (
    "Run the cell that registers the type, then this one again; a page can give a module that does "
    "so to startRuntime, as one of its `modules`."
)
_DERIVE = "Derive its class from AIProvider, and set self.name and self.models in its __init__."


class AbsentProvider(AIProvider):
    """Stands in for a provider that cannot be made: whoever asks it is told why."""

    models = ()

    def __init__(self, name: str, why: RuntError) -> None:
        self.name = name
        self._why = why.message, why.advice

    def _error(self) -> ProviderError:
        message, advice = self._why
        return ProviderError(message, advice=advice)

    async def execute_prompt_stream(
        self,
        request: ChatRequest,  # noqa: ARG002 -- nobody is asked
    ) -> AsyncGenerator[Delta, None]:
        raise self._error()
        yield  # it is a generator

    async def list_models(self) -> list[AiModel]:
        raise self._error()


def describe_spelling(written: str, meant: str) -> str:
    """Return a sentence on a choice that ``ProviderRegistry.spell`` has understood."""
    return f"`{written}` is `{meant}` here: write a slash between provider and model."


class ProviderRegistry:
    """Providers in the order in which they were registered."""

    def __init__(self) -> None:
        self._providers: dict[str, AIProvider] = {}
        self._default: str | None = None
        self._made_of: dict[str, tuple[object, ...]] = {}
        self.fallback: tuple[str, ...] = ()

    @classmethod
    def from_config(
        cls,
        config: ProvidersConfig,
        transport: Transport,
        before: ProviderRegistry | None = None,
    ) -> ProviderRegistry:
        """Return the providers that a configuration describes, over one transport. Those of
        services that are the same in the registry ``before`` are taken over, with what they have
        learnt; the others are told what is still true of it."""
        registry = cls()
        for name, settings in config.providers.items():
            made_of = registry._made_of[name] = settings, transport, provider_type(settings.type)
            is_service = isinstance(settings, ServiceSettings)
            is_same = is_service and before is not None and before._made_of.get(name) == made_of
            same = before.get(name) if before is not None and is_same else None
            registry.register(same or _make(name, settings, transport))
            if before is not None and (earlier := before.get(name)) is not None:
                registry.require(name).adopt(earlier)
        registry._default = config.default_provider
        registry.fallback = config.fallback
        return registry

    def register(self, provider: AIProvider) -> None:
        """Add a provider. Raise ConfigError if its name is taken."""
        if provider.name in self._providers:
            raise ConfigError(f"There already is a provider named {provider.name!r}.")
        self._providers[provider.name] = provider

    def with_others(
        self, providers: Iterable[AIProvider], default: str | None = None
    ) -> ProviderRegistry:
        """Return a registry of these providers, with the fallbacks of this one, and its default
        unless another is given."""
        other = ProviderRegistry()
        for provider in providers:
            other.register(provider)
        other._default = default or self._default
        other.fallback = self.fallback
        return other

    @property
    def default(self) -> str | None:
        """The name of the default provider, if one was chosen."""
        return self._default

    def get(self, name: str) -> AIProvider | None:
        return self._providers.get(name)

    def require(self, name: str) -> AIProvider:
        """Return the provider of that name. Raise ConfigError, which names the known ones, if there
        is none."""
        provider = self.get(name)
        if provider is None:
            raise ConfigError(
                self._miss(name),
                advice="Choose one of them for the cell, or add it in the AI settings.",
            )
        return provider

    def choose(self, model: str, name: str = "") -> tuple[AIProvider, str]:
        """Return the provider of a choice, and the model, "" if the choice names none.

        With the provider's ``name``, ``model`` is one of its models. Without it, "ollama/qwen3"
        names both, "ollama" the provider alone, and any other word a model of the default
        provider. What stands before a slash always names a provider, so that a prompt goes to
        nobody but the service that was named. So does the name of a service that is known, alone or
        before another mark, unless the default provider is a server of one's own, which may call
        its models what it likes ("mistral"). A colon in place of the slash is understood: `spell`.

        Raise ConfigError if no provider of that name is configured.
        """
        model, name = strip_invisible(model), strip_invisible(name)
        if not name:
            model = self.spell(model)
        first, slash, rest = (strip_invisible(part) for part in model.partition("/"))
        if name:
            provider = self.require(name)
            if not (slash and provider.has_plain_names):
                return provider, model
            if first != name:
                raise ConfigError(
                    f"The provider {name!r} has no model {show(model)}: its models have no slash.",
                    advice=f"Choose the provider {show(first)}, if it is configured, or another "
                    "model.",
                )
        if slash and self.get(first) is None:
            raise ConfigError(
                f"{self._miss(first)} So the prompt for {show(model)} was sent to nobody.",
                advice=f"Add {show(first)} in the AI settings; or, if {show(model)} is the whole "
                f"name of a model, write its provider's name before it: {self._example()}/{model}.",
            )
        if slash or self.get(first):
            return self.require(first), rest
        default = self.get_default()
        word = _FOR_SLASH.split(model)[0]
        if default.service is not None and model not in default.models and is_service_name(word):
            self.require(word)  # it is another, or it is written in another way
            raise ConfigError(
                f"{show(model)} names the provider {show(word)}, and no model of it.",
                advice=f"Write a model with a slash: {word}/model.",
            )
        return default, model

    def spell(self, model: str) -> str:
        """Return a choice with a slash if it has a colon in its place: jupyter-ai writes
        "openai:gpt-5", and "openai-chat:gpt-5" too.

        What stands before the colon is a provider's name only if nothing else can be meant: a
        server of one's own may have a model "mistral:7b".
        """
        word, colon, rest = model.partition(":")
        provider = self.get(word) or self.get(word.removesuffix("-chat"))
        if not (colon and rest) or provider is None or any(model in p.models for p in self.list()):
            return model
        is_meant = rest in provider.models or self.get_default().service is not None
        return f"{provider.name}/{rest}" if is_meant else model

    def _example(self) -> str:
        return next((one.name for one in self.list() if not one.has_plain_names), "openrouter")

    def _miss(self, name: str) -> str:
        known = ", ".join(self._providers) or "none"
        return f"No AI provider is named {show(name)}; configured: {known}."

    def list(self) -> builtins.list[AIProvider]:
        return [*self._providers.values()]

    def secrets(self) -> builtins.list[str]:
        """Return the keys that the providers have, to be kept out of what is sent and stored."""
        return [secret for provider in self.list() for secret in provider.secrets()]

    async def list_models(self) -> builtins.list[tuple[AIProvider, ModelList]]:
        """Return what each provider offers, or its error. They are asked at the same time."""

        async def ask(provider: AIProvider) -> ModelList:
            try:
                return await provider.get_available_models()
            except ProviderError as error:
                return error

        providers = self.list()
        return [*zip(providers, await asyncio.gather(*map(ask, providers)), strict=True)]

    def get_default(self) -> AIProvider:
        """Return the default provider, else the first that is ready, else the first.

        Raise ConfigError if there is none at all.
        """
        if self._default is not None:
            return self.require(self._default)
        providers = self.list()
        if not providers:
            raise ConfigError("No AI provider is configured.", advice="Add one in the AI settings.")
        return next((one for one in providers if one.missing() is None), providers[0])


def known_addresses() -> dict[str, str]:
    """Return the base URLs of the services that need none to be given, by type or preset."""
    known = {name: preset.base_url for name, preset in PRESETS.items() if preset.base_url}
    own = {name: service.base_url for name, service in SERVICES.items()}
    return {**known, **own, "ollama": OllamaSettings(type="ollama").address}


def _make(name: str, settings: ProviderSettings, transport: Transport) -> AIProvider:
    found = provider_type(settings.type)
    if found is None or isinstance(settings, UnregisteredSettings):
        return AbsentProvider(name, unknown_type(name, settings.type, _REGISTER))
    made = None
    try:
        made = found.make(name, settings, transport)
        problem = _find_problem(made, name)
    except ConfigError:
        raise  # about the settings
    except Exception as error:  # noqa: BLE001 -- anybody's code: the other providers go on
        told = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")
        problem = f"could not be made ({told})"
    if isinstance(made, AIProvider) and not problem:
        return made
    why = f"The provider {name!r} of the type {settings.type!r} {problem}."
    return AbsentProvider(name, ConfigError(why, advice=_DERIVE))


def _find_problem(made: object, name: str) -> str:
    """Return what a provider lacks that anybody may have written, as the rest of a sentence."""
    if not isinstance(made, AIProvider):
        return f"is a {type(made).__name__}, and no AIProvider"
    own_name, models = getattr(made, "name", None), getattr(made, "models", None)
    if own_name is None:
        return "has no name"
    if own_name != name:
        return f"has another name, {own_name!r}"
    if models is None or isinstance(models, str):
        return "has no sequence of models"
    return ""
