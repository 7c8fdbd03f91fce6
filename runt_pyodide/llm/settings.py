"""The settings of providers: their types by name, and how a configuration's JSON is read.

Keys are held as SecretStr, so that no repr, error or dump shows them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from typing import Annotated, Any, ClassVar, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    SecretStr,
    SerializeAsAny,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from ..arguments import Text, check_arguments, show
from ..errors import ConfigError
from .access.address import check_base_url, drop_credentials, hide_credentials
from .access.fields import check_headers, hide_body, hide_fields
from .access.key import clean_key
from .messages import AiModel, Capability, ChatRequest


class ConfigModel(BaseModel):
    """Refuses unknown keys; never repeats in an error what was typed in."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
    )


class ProviderSettings(ConfigModel):
    """What every provider can be told. ``model`` is the one used if a cell names none."""

    presets: ClassVar[Collection[str]] = ()
    """Names that stand for this type with a setting ``preset`` of that name."""

    type: str = ""
    model: str | None = None


BaseURL = Annotated[
    str | None,
    AfterValidator(check_base_url),
    PlainSerializer(hide_credentials),
    Field(repr=False),
]
"""An address, which may hold credentials ("user:password@", or a key in its query): they are
neither shown nor dumped."""


def _clean_secret(secret: SecretStr | None) -> SecretStr | None:
    key = clean_key(secret.get_secret_value()) if secret else ""
    return SecretStr(key) if key else None


def _check_json(value: dict[str, Any]) -> dict[str, Any]:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise ValueError("it holds what JSON cannot, such as NaN or an object of Python") from None
    return value


_Text = Annotated[str, Field(coerce_numbers_to_str=True)]
Key = Annotated[SecretStr | None, AfterValidator(_clean_secret)]
"""A key in any form in which it is pasted; what cannot be sent is refused, and named."""
Headers = Annotated[
    dict[str, _Text],
    AfterValidator(check_headers),
    PlainSerializer(hide_fields),
    Field(repr=False),
]
"""Headers by name: those whose names say that they are secret are neither shown nor dumped."""
Query = Annotated[dict[str, _Text], PlainSerializer(hide_fields), Field(repr=False)]
"""Parameters of a query, by name, of which the same holds."""
ExtraBody = Annotated[
    dict[str, Any], AfterValidator(_check_json), PlainSerializer(hide_body), Field(repr=False)
]
"""JSON that is merged into the body of each request."""


class ServiceSettings(ProviderSettings):
    """What the provider of a service can be told.

    ``api_key`` is sent to ``base_url`` alone, and so are ``headers`` and the parameters of
    ``query``, with every request; ``extra_body`` is merged into the body of each chat.

    ``web_search`` lets the service search the web for an answer, unless a cell says otherwise.
    ``vision`` says whether the models see images and ``tools`` whether they are sent tools; None
    leaves both to what is known of each model. ``timeout`` is the longest wait, in seconds
    without a byte from the server; ``max_line`` is the longest line or event of an answer, and
    ``max_answer`` the longest answer, in bytes.
    """

    api_key: Key = None
    base_url: BaseURL = None
    headers: Headers = {}
    query: Query = {}
    extra_body: ExtraBody = {}
    web_search: bool = False
    vision: bool | None = None
    tools: bool | None = None
    timeout: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 120.0
    max_line: Annotated[int, Field(gt=0)] = 1 << 24
    max_answer: Annotated[int, Field(gt=0)] = 1 << 28

    @property
    def key(self) -> str:
        """The key as it is sent; "" if there is none."""
        return self.api_key.get_secret_value() if self.api_key else ""

    @property
    def address(self) -> str:
        """The base URL that is meant, in one form for all in which it may be given; "" if there is
        none."""
        return self.base_url or ""

    def decide(self, model: AiModel) -> AiModel:
        """Return the model with what these settings say that it can do."""
        told: dict[Capability, bool | None] = {"vision": self.vision, "tools": self.tools}
        kept = [one for one in model.capabilities if told.get(one) is not False]
        added = [one for one, is_so in told.items() if is_so and one not in kept]
        return replace(model, capabilities=(*kept, *added))

    def complete(self, request: ChatRequest) -> ChatRequest:
        """Return the request with what it leaves to these settings."""
        if request.settings.web_search is not None or not self.web_search:
            return request
        return replace(request, settings=replace(request.settings, web_search=True))

    def differ_in_model(self, other: ServiceSettings) -> bool:
        """Return whether other settings are the same but for the default model."""
        return other.model_copy(update={"model": self.model}) == self

    def elsewhere(self, base_url: str) -> Self:
        """Return the settings for another address, without what was given for this one: the key,
        headers and parameters, and credentials in the URL."""
        return self.model_copy(update={**ONLY_THERE, "base_url": drop_credentials(base_url)})


# What is given for one address and must not go to another.
ONLY_THERE: Mapping[str, Any] = {"api_key": None, "headers": {}, "query": {}, "extra_body": {}}


@dataclass(frozen=True, slots=True)
class ProviderType:
    """A type of provider: the class of its settings, and what makes a provider of a name, settings
    and a transport."""

    settings: type[ProviderSettings]
    make: Callable[[str, Any, Any], Any]

    @property
    def origin(self) -> str:
        """Where it comes from: the names of what makes a provider, and of the settings' class."""
        return f"{_qualified_name(self.make)} with {_qualified_name(self.settings)}"


def _qualified_name(one: object) -> str:
    named = one if hasattr(one, "__qualname__") else type(one)
    return f"{named.__module__}.{named.__qualname__}"


class UnregisteredSettings(ProviderSettings):
    """What is left of the settings of a provider whose type is not registered, until it is."""


_KINDS = {
    "type_name": Text,
    "settings": Annotated[
        type[ProviderSettings], Field(description="a class derived from ProviderSettings")
    ],
    "make": Annotated[
        Callable[..., Any], Field(description="a function or a class that makes a provider")
    ],
}
_TYPES: dict[str, ProviderType] = {}
_LISTENERS: list[Callable[[str], None]] = []
_ENTRY_POINTS = "runt_pyodide.providers"


def register_provider_type(
    type_name: str, settings: type[ProviderSettings], make: Callable[[str, Any, Any], Any]
) -> None:
    """Make ``type_name`` a type that a configuration can name.

    What is registered again under the same names, as by a cell that is run again, replaces what was
    there. Raise ConfigError if the type is somebody else's.

    ``make`` is called with a name, settings and a transport, and returns an AIProvider. A package
    can register a type without being imported, by an entry point of the group
    ``runt_pyodide.providers``, named as the type: a provider class whose ``Settings`` is its
    settings' class, and which is made of (name, settings, transport).
    """
    given = {"type_name": type_name, "settings": settings, "make": make}
    check_arguments("register_provider_type", _KINDS, given)
    known, new = _TYPES.get(type_name), ProviderType(settings, make)
    if known is not None and known.origin != new.origin:
        raise ConfigError(
            f"There already is a provider type {type_name!r}: {known.origin}.",
            advice=f"Register {new.origin} under another name.",
        )
    _TYPES[type_name] = new
    for listener in _LISTENERS:
        listener(type_name)


def when_registered(listener: Callable[[str], None]) -> None:
    """Call the listener with the name of each type that is registered from now on."""
    _LISTENERS.append(listener)


def registered_types() -> dict[str, ProviderType]:
    """Return the types that have been registered so far, by name."""
    return dict(_TYPES)


def provider_type(type_name: str) -> ProviderType | None:
    """Return the type of that name, from an installed package's entry point if it is not known."""
    if type_name not in _TYPES:
        for entry_point in entry_points(group=_ENTRY_POINTS, name=type_name):
            provider = entry_point.load()
            register_provider_type(type_name, provider.Settings, provider)
            break
    return _TYPES.get(type_name)


class ProvidersConfig(ConfigModel):
    """The providers by name, the one that answers unless another is named, and those that are asked
    in its place, in order, when it fails before its first delta.

    A provider's ``type`` is its name if it has none of its own: {"openai": {...}} is of type
    openai, {"work": {"type": "openai", ...}} another of that type. With ``may_register`` in the
    context of the validation, a type that is not known may still be registered.
    """

    default_provider: str | None = None
    fallback: tuple[str, ...] = ()
    providers: dict[str, SerializeAsAny[ProviderSettings]] = {}

    @model_validator(mode="before")
    @classmethod
    def _read_providers(cls, data: Any, info: ValidationInfo) -> Any:
        if not isinstance(data, Mapping) or not isinstance(data.get("providers"), Mapping):
            return data
        may_register = bool(info.context and info.context.get("may_register"))
        providers = {
            name: _read_provider(name, raw, may_register) for name, raw in data["providers"].items()
        }
        return {**data, "providers": providers}

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        named = (self.default_provider, *self.fallback)
        unknown = [name for name in named if name is not None and name not in self.providers]
        if unknown:
            known = ", ".join(sorted(self.providers)) or "none"
            raise ValueError(f"no provider is named {show(unknown[0])}; known: {known}")
        return self


def _read_provider(name: str, raw: Any, may_register: bool) -> ProviderSettings:
    if isinstance(raw, ProviderSettings):
        return raw if raw.type else raw.model_copy(update={"type": name})
    if not isinstance(raw, Mapping):
        raise ConfigError(f"The configuration of the provider {show(name)} is not an object.")
    type_name = name if raw.get("type") is None else raw["type"]
    if not isinstance(type_name, str):
        raise ConfigError(f"Provider {show(name)}: its type must be a text, not {show(type_name)}.")
    type_name = type_name or name
    found = provider_type(type_name)
    if found is None and (owner := _type_of_preset(type_name)) is not None:
        raw, type_name = {"preset": type_name, **raw}, owner
        found = provider_type(owner)
    if found is None and may_register:
        return UnregisteredSettings(type=type_name)
    if found is None:
        raise unknown_type(name, type_name, "Give it a `type`.")
    try:
        return found.settings.model_validate({**raw, "type": type_name})
    except ValidationError as error:
        fault = describe_fault(error, found.settings)
        raise ConfigError(f"Provider {show(name)}: {fault}") from None


def unknown_type(name: str, type_name: str, advice: str) -> ConfigError:
    """Return the error of a provider of a type that is not registered."""
    return ConfigError(
        f"The provider {show(name)} is of an unknown type {show(type_name)}.",
        advice=f"{advice} Known types: {', '.join(sorted(_TYPES))}. {_tell_presets()}",
    )


def is_service_name(name: str) -> bool:
    """Return whether a name, in any case, is that of a known type of provider or of a preset."""
    known = {*_TYPES, *(preset for one in _TYPES.values() for preset in one.settings.presets)}
    return name.casefold() in known


def _type_of_preset(preset: str) -> str | None:
    return next((name for name, one in _TYPES.items() if preset in one.settings.presets), None)


def _tell_presets() -> str:
    named = [(name, sorted(one.settings.presets)) for name, one in sorted(_TYPES.items())]
    return " ".join(f"Presets of {name}: {', '.join(some)}." for name, some in named if some)


def _model_at(model: type[BaseModel], path: Sequence[str | int]) -> type[BaseModel] | None:
    """Return the model of the object at a path within another's; None if that is no single one."""
    found: FieldInfo | None
    for key in path:
        if isinstance(key, int):
            continue
        named = {field.alias or name: field for name, field in model.model_fields.items()}
        found = named.get(key) or model.model_fields.get(key)
        models = [] if found is None else [*_models_in(found.annotation)]
        if len(models) != 1:
            return None
        model = models[0]
    return model


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def describe_fault(error: ValidationError, model: type[BaseModel]) -> str:
    """Return the first fault as a sentence: the key, what is wrong with it, and the known keys."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        found = _model_at(model, first["loc"][:-1])
        known = f"; known keys: {', '.join(sorted(found.model_fields))}" if found else ""
        return f"unknown key {show(where)}{known}."
    problem = first["msg"].removeprefix("Value error, ")
    return f"{where}: {problem}." if where else f"{problem}."
