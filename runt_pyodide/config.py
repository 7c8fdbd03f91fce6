"""The AI configuration: which providers there are, and how each is reached.

``AIConfig.read`` takes it as JSON has it, in camelCase or snake_case. Keys are held as SecretStr,
so that no repr, error or dump shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    SerializeAsAny,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.alias_generators import to_camel

from .errors import ConfigError
from .llm.openai.presets import PRESETS


class ConfigModel(BaseModel):
    """Unknown keys are refused; what was typed in is never repeated in an error."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
    )


class Limits(ConfigModel):
    """The limits of one run. ``turns`` counts requests to the model that were answered, ``tokens``
    what goes in and comes out, ``seconds`` all but waiting for a person. None is no limit.
    """

    turns: Annotated[int, Field(ge=1)] = 10
    tool_calls: Annotated[int, Field(ge=1)] | None = 50
    tokens: Annotated[int, Field(ge=1)] | None = None
    seconds: Annotated[float, Field(gt=0)] | None = None


Policy = Literal["auto", "ask", "never"]
"""Whether a tool may be called: at once, after a person allowed it, or never."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a run may do: its limits, and the policies of tools by name, before their own."""

    limits: Limits = field(default_factory=Limits)
    policies: Mapping[str, Policy] = field(default_factory=dict)


class ProviderSettings(ConfigModel):
    """What every provider can be told. ``model`` is the one used where a cell names none."""

    type: str = ""
    model: str | None = None


def _check_base_url(url: str | None) -> str | None:
    scheme, separator, _ = (url or "").partition("://")
    if separator and scheme.strip().lower() not in ("http", "https"):
        raise ValueError(
            f"{scheme}:// is no address of a server: give one with http:// or https://"
        )
    return url


BaseURL = Annotated[str | None, AfterValidator(_check_base_url)]


class OpenAISettings(ProviderSettings):
    """OpenAI, or any server that speaks its chat completions or its Responses API.

    ``preset`` is a known server's name (see presets.py): it gives the base URL, unless there is
    one, and what else is known of it. ``api`` "auto" asks OpenAI's reasoning models by the
    Responses API and all else by chat completions. ``timeout`` is in seconds without a byte from
    the server; ``models`` are listed where the server does not list its own.
    """

    api_key: SecretStr | None = None
    base_url: BaseURL = None
    preset: str | None = None
    api: Literal["auto", "chat", "responses"] = "auto"
    models: tuple[str, ...] = ()
    timeout: Annotated[float, Field(gt=0)] = 120.0

    @field_validator("preset")
    @classmethod
    def _check_preset(cls, name: str | None) -> str | None:
        if name is not None and name not in PRESETS:
            raise ValueError(f"no preset is named {name!r}; known: {', '.join(sorted(PRESETS))}")
        return name


class OllamaSettings(ProviderSettings):
    """Ollama, by its native API.

    ``base_url`` is any form of its address, OLLAMA_HOST's too. ``num_ctx`` is the window in
    tokens; without it the prompt and the model decide. ``keep_alive`` is how long the model stays
    loaded: seconds, or a text such as "10m". ``timeout`` is in seconds without a byte from the
    server, which loads a model for up to five minutes. ``api_key`` is for a server behind a proxy
    that asks for one.
    """

    api_key: SecretStr | None = None
    base_url: BaseURL = None
    num_ctx: Annotated[int, Field(gt=0)] | None = None
    keep_alive: float | str | None = None
    timeout: Annotated[float, Field(gt=0)] = 300.0


@dataclass(frozen=True, slots=True)
class ProviderType:
    """A type of provider: how its settings are read, and what makes one of a name, settings and a
    transport."""

    settings: type[ProviderSettings]
    make: Callable[[str, Any, Any], Any]


_TYPES: dict[str, ProviderType] = {}
_ENTRY_POINTS = "runt_pyodide.providers"


def register_provider_type(
    type_name: str, settings: type[ProviderSettings], make: Callable[[str, Any, Any], Any]
) -> None:
    """Make ``type_name`` a type that a configuration can name. Raises ConfigError if it is one.

    A package can do so without being imported, by an entry point of the group
    ``runt_pyodide.providers``, named as the type: a provider class whose ``Settings`` is its
    settings' class, and which is made of (name, settings, transport).
    """
    if type_name in _TYPES:
        raise ConfigError(f"There already is a provider type {type_name!r}.")
    _TYPES[type_name] = ProviderType(settings, make)


def provider_type(type_name: str) -> ProviderType | None:
    """The type of that name, from an installed package's entry point where it is not known yet."""
    if type_name not in _TYPES:
        for entry_point in entry_points(group=_ENTRY_POINTS, name=type_name):
            provider = entry_point.load()
            register_provider_type(type_name, provider.Settings, provider)
            break
    return _TYPES.get(type_name)


class AIConfig(ConfigModel):
    """The providers by name, and the one that cells use unless they name another; what a run of an
    AI cell may use up (``limits``), and whether it may call which tool (``tools``, by name).

    A provider's ``type`` is its name where it has none of its own: {"openai": {...}} is of type
    openai, {"work": {"type": "openai", ...}} another of that type. ``fallback`` names those that
    are asked, in order, where the one that was to be asked fails before it said anything.
    """

    default_provider: str | None = None
    fallback: tuple[str, ...] = ()
    providers: dict[str, SerializeAsAny[ProviderSettings]] = {
        "openai": OpenAISettings(type="openai")
    }
    limits: Limits = Limits()
    tools: dict[str, Policy] = {}

    @model_validator(mode="before")
    @classmethod
    def _read_providers(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or not isinstance(data.get("providers"), Mapping):
            return data
        providers = {name: _read_provider(name, raw) for name, raw in data["providers"].items()}
        return {**data, "providers": providers}

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        named = (self.default_provider, *self.fallback)
        unknown = [name for name in named if name is not None and name not in self.providers]
        if unknown:
            known = ", ".join(sorted(self.providers)) or "none"
            raise ValueError(f"no provider is named {unknown[0]!r}; known: {known}")
        return self

    @property
    def rules(self) -> Rules:
        return Rules(self.limits, self.tools)

    @classmethod
    def read(cls, data: Any) -> AIConfig:
        """The configuration that ``data`` (as JSON has it, or an AIConfig) stands for.

        Raises ConfigError, which names the key at fault and the known ones.
        """
        if isinstance(data, AIConfig):
            return data
        try:
            return cls.model_validate({} if data is None else data)
        except ValidationError as error:
            raise ConfigError(_explain(error, cls)) from None

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> AIConfig:
        """From OPENAI_API_KEY, OPENAI_BASE_URL and OLLAMA_HOST, where they are set, and
        RUNT_AI_PROVIDER, the default: the name of a provider, a type or a preset."""
        names = {"api_key": "OPENAI_API_KEY", "base_url": "OPENAI_BASE_URL"}
        default = environ.get("RUNT_AI_PROVIDER") or None
        providers: dict[str, Any] = {
            "openai": {key: environ[env] for key, env in names.items() if environ.get(env)}
        }
        if host := environ.get("OLLAMA_HOST"):
            providers["ollama"] = {"base_url": host}
        if default is not None:
            providers.setdefault(default, {})
        return cls.read({"default_provider": default, "providers": {**providers, "test": {}}})


def _read_provider(name: str, raw: Any) -> ProviderSettings:
    if isinstance(raw, ProviderSettings):
        return raw if raw.type else raw.model_copy(update={"type": name})
    if not isinstance(raw, Mapping):
        raise ConfigError(f"The configuration of the provider {name!r} is no object.")
    type_name = raw.get("type") or name
    found = provider_type(type_name)
    if found is None and type_name in PRESETS:
        raw, type_name = {"preset": type_name, **raw}, "openai"
        found = provider_type(type_name)
    if found is None:
        known, presets = ", ".join(sorted(_TYPES)), ", ".join(sorted(PRESETS))
        raise ConfigError(
            f"The provider {name!r} is of an unknown type {type_name!r}.",
            advice=f"Give it a `type`; known types: {known}. Presets of openai: {presets}.",
        )
    try:
        return found.settings.model_validate({**raw, "type": type_name})
    except ValidationError as error:
        raise ConfigError(f"Provider {name!r}: {_explain(error, found.settings)}") from None


def _explain(error: ValidationError, model: type[BaseModel]) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden" and len(first["loc"]) == 1:
        known = ", ".join(sorted(model.model_fields))
        return f"unknown key {where!r}; known keys: {known}."
    problem = first["msg"].removeprefix("Value error, ")
    return f"{where}: {problem}." if where else f"{problem}."
