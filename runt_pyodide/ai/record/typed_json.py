"""Typed values read from JSON that anybody may have written.

A class states its fields once: their names are the keys on the wire, their annotations the types
that are read. Reading never raises. A value of the wrong type is passed over and its field keeps
its default, so that one bad value costs only itself; an object that lacks a field without a default
cannot be read. An annotation is `str`, `int`, `float`, `bool`, `Any`, a Literal of texts, a
Mapping, a tuple of one type, a union of these, another dataclass, or a pydantic model. A number is
not negative, since it counts something, unless it is `Signed`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import cache, partial
from types import UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    Self,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import BaseModel, ValidationError

from ...notebook.wire import is_in_range, is_well_formed

_T = TypeVar("_T")
Signed = Annotated[int, "may be negative"]
_Reader = Callable[[object], Any]
"""Returns a value as its type has it, or None if it is of another type."""


class TypedJson:
    """The base of frozen dataclasses that are kept in a log."""

    __slots__ = ()

    @classmethod
    def read(cls, value: object) -> Self | None:
        """Return ``value`` as an instance of this class; None if it cannot be read."""
        return read_as(cls, value)

    def to_json(self) -> dict[str, Any]:
        """Return the fields that differ from their defaults, by name."""
        return to_json(self)


def read_as(kind: type[_T], value: object) -> _T | None:
    """Return ``value`` as the dataclass ``kind``; None if it is not an object or lacks a field."""
    if not isinstance(value, Mapping):
        return None
    shape = _shape_of(kind)  # type: ignore[arg-type] # a class can be hashed, whatever it says
    known: dict[str, Any] = {}
    for name, one in value.items():
        reader = shape.readers.get(name)
        if reader is not None and (read := reader(one)) is not None:
            known[name] = read
    return kind(**known) if shape.required <= known.keys() else None


def to_json(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass that differ from their defaults, by name."""
    given = {one.name: (getattr(value, one.name), _default_of(one)) for one in fields(value)}
    return {name: _write(one) for name, (one, default) in given.items() if one != default}


@dataclass(frozen=True, slots=True)
class _Shape:
    readers: Mapping[str, _Reader]
    required: frozenset[str]


@cache
def _shape_of(kind: type) -> _Shape:
    types, known = get_type_hints(kind, include_extras=True), fields(kind)
    return _Shape(
        {one.name: _reader_of(types[one.name]) for one in known},
        frozenset(one.name for one in known if _default_of(one) is MISSING),
    )


def _default_of(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _write(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_write(one) for one in value]
    if isinstance(value, BaseModel):
        return value.model_dump(exclude_none=True)
    if is_dataclass(value):
        return to_json(value)
    return dict(value) if isinstance(value, Mapping) else value


def _reader_of(kind: Any) -> _Reader:
    origin, inner = get_origin(kind), get_args(kind)
    if kind in _PLAIN:
        return _PLAIN[kind]
    if origin is Annotated:
        return _read_signed if kind is Signed else _reader_of(inner[0])
    if origin is Literal:
        return lambda value: value if isinstance(value, str) and value in inner else None
    if origin in (Union, UnionType):
        readers = [_reader_of(one) for one in inner if one is not type(None)]
        return readers[0] if len(readers) == 1 else partial(_read_first, readers)
    if origin is tuple:
        return partial(_read_items, _reader_of(inner[0]))
    if origin is Mapping:
        return lambda value: value if isinstance(value, Mapping) else None
    if issubclass(kind, BaseModel):
        return partial(_read_model, kind)
    # The class's own `read`, which may check more than the types of its fields.
    return kind.read if issubclass(kind, TypedJson) else partial(read_as, kind)


def _read_text(value: object) -> str | None:
    return value if isinstance(value, str) and is_well_formed(value) else None


def _read_flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _read_number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if value >= 0 and is_in_range(value) else None


def _read_signed(value: object) -> int | None:
    sign = -1 if isinstance(value, int) and value < 0 else 1
    whole = _read_whole(value * sign if isinstance(value, int) else value)
    return None if whole is None else whole * sign


def _read_whole(value: object) -> int | None:
    number = _read_number(value)
    return int(number) if number is not None and number == int(number) else None


def _read_first(readers: list[_Reader], value: object) -> Any:
    return next((read for reader in readers if (read := reader(value)) is not None), None)


def _read_items(reader: _Reader, value: object) -> tuple[Any, ...] | None:
    if not isinstance(value, list | tuple):
        return None
    return tuple(read for one in value if (read := reader(one)) is not None)


def _read_model(kind: type[BaseModel], value: object) -> BaseModel | None:
    try:
        return kind.model_validate(value)
    except ValidationError:
        return None


_PLAIN: dict[Any, _Reader] = {
    Any: lambda value: value,
    str: _read_text,
    bool: _read_flag,
    int: _read_whole,
    float: _read_number,
}
