"""What all events have in common: their base, the types of their fields, and representations."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    SerializerFunctionWrapHandler,
    ValidationInfo,
    WithJsonSchema,
    model_serializer,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from ..wire import is_in_range


def _read_number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not is_in_range(value):
        raise PydanticCustomError("number", "must be a number")
    return value


def _read_integer(value: Any) -> int:
    """Return an integer. JavaScript has one type of number: an integer has no fraction."""
    try:
        number = _read_number(value)
    except PydanticCustomError:
        number = 0.5
    if number % 1:
        raise PydanticCustomError("integer", "must be a whole number")
    return int(number)


Number = Annotated[float, PlainValidator(_read_number), WithJsonSchema({"type": "number"})]
Integer = Annotated[int, PlainValidator(_read_integer), WithJsonSchema({"type": "integer"})]
Timestamp = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
        r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?"
        r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
    ),
]

WIRE = object()
"""The validation context for what came over the wire, where fields have their camelCase names."""


class WireModel(BaseModel):
    """What goes over the wire: camelCase, strictly typed, no NaN, frozen."""

    _python_names: ClassVar[frozenset[str]]

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        strict=True,
        extra="ignore",
        allow_inf_nan=False,
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **_kwargs: Any) -> None:
        fields = cls.model_fields.items()
        cls._python_names = frozenset(name for name, field in fields if name != field.alias)

    @model_validator(mode="before")
    @classmethod
    def _forget_python_names(cls, data: Any, info: ValidationInfo) -> Any:
        """Drop Python's names of fields, which are unknown names on the wire."""
        if info.context is not WIRE or not isinstance(data, dict):
            return data
        if cls._python_names.isdisjoint(data):
            return data
        return {key: value for key, value in data.items() if key not in cls._python_names}


Writer = Literal["person", "page", "runtime"]
"""Who commits an event: only a person, through a page; a page, for a person or by itself; or the
runtime, for the code of cells and for models too."""


class Event(WireModel):
    """The base of all events. ``NAME`` is the versioned name, ``BY`` who commits it (nobody, if it
    is only read); the fields are the args."""

    NAME: ClassVar[str]
    BY: ClassVar[tuple[Writer, ...]]

    def __init_subclass__(cls, *, name: str, by: tuple[Writer, ...], **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if name in EVENTS:
            raise TypeError(f"two events are named {name!r}")
        cls.NAME, cls.BY = name, by
        EVENTS[name] = cls


EVENTS: dict[str, type[Event]] = {}


class Inline(WireModel):
    """A representation that holds its data."""

    type: Literal["inline"] = "inline"
    data: Any
    metadata: dict[str, Any] | None = None

    @model_serializer(mode="wrap")
    def _keep_null(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Keep data that is null, which would be left out with the fields that are None."""
        wire: dict[str, Any] = write(self)
        wire.setdefault("data", None)
        return wire


class Artifact(WireModel):
    """A representation that refers to where its data is kept."""

    type: Literal["artifact"] = "artifact"
    artifact_id: str
    metadata: dict[str, Any] | None = None


Representation = Annotated[Inline | Artifact, Field(discriminator="type")]
Bundle = dict[str, Representation]
