"""The arguments of the functions that people call: which types they may have, and the sentence that
is said of any other value, before anything is done with it.

A type is an annotation that pydantic checks. What is expected stands beside it, as the description
of a Field, so that a limit and the words that tell of it are in one place.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cache, wraps
from inspect import Parameter, signature
from numbers import Integral, Real
from os import PathLike
from types import NoneType
from typing import Annotated, Any, Literal, TypeVar, cast, get_args, get_origin

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    InstanceOf,
    Strict,
    TypeAdapter,
    ValidationError,
)
from pydantic.fields import FieldInfo

from .errors import ArgumentError

_LONGEST = 80
_Function = TypeVar("_Function", bound=Callable[..., Any])


def _as_float(value: Any) -> Any:
    """Return any real number as a float: one of NumPy, or a fraction."""
    return float(value) if isinstance(value, Real) and not isinstance(value, bool) else value


def _as_int(value: Any) -> Any:
    return int(value) if isinstance(value, Integral) and not isinstance(value, bool) else value


def _check_path(value: Any) -> Any:
    path = os.fspath(value)
    if not isinstance(path, str) or not path or "\0" in path:
        raise ValueError
    return value


Text = Annotated[InstanceOf[str], Field(description="a text")]
Flag = Annotated[bool, Strict(), Field(description="True or False")]
FilePath = Annotated[
    InstanceOf[str] | InstanceOf[PathLike[Any]],
    AfterValidator(_check_path),
    Field(description="the path of a file"),
]
Number = Annotated[
    float,
    Strict(),
    Field(allow_inf_nan=False, description="a number"),
    BeforeValidator(_as_float),
]
Whole = Annotated[int, Strict(), Field(description="a whole number"), BeforeValidator(_as_int)]
Seconds = Annotated[Number, Field(gt=0, description="a number of seconds above 0")]


def check_arguments(
    function: str, kinds: Mapping[str, Any], arguments: Mapping[str, object]
) -> None:
    """Raise ArgumentError, in one sentence, if an argument is not of its kind. Those without a kind
    may be anything."""
    for name, value in arguments.items():
        if name in kinds and not fits(kinds[name], value):
            wanted = describe(kinds[name])
            raise ArgumentError(f"{function}(): {name} must be {wanted}, not {show(value)}.")


def says_how(function: _Function) -> _Function:
    """Return the function, which says how it is called, by ArgumentError, if a call has other
    arguments than it takes."""
    taken = signature(function)
    own = [one for one in taken.parameters.values() if one.name != "self"]
    bare = [one.replace(annotation=Parameter.empty) for one in own]
    how = taken.replace(parameters=bare, return_annotation=taken.empty)
    name = function.__qualname__.removesuffix(".__init__")

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            taken.bind(*args, **kwargs)
        except TypeError as error:
            raise ArgumentError(f"{name}(): {error}. Call it as {name}{how}.") from None
        return function(*args, **kwargs)

    return cast("_Function", call)


def fits(kind: Any, value: object) -> bool:
    """Return whether a value is of a kind."""
    try:
        _adapter_of(kind).validate_python(value)
    except (ValidationError, OverflowError):
        return False
    return True


@cache
def _adapter_of(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def describe(kind: Any) -> str:
    """Return in words what a value of this kind is."""
    words = [one.description for one in _metadata(kind) if isinstance(one, FieldInfo)]
    if told := next((one for one in reversed(words) if one), None):
        return told
    if get_origin(kind) is Literal:
        return f"one of {', '.join(map(repr, get_args(kind)))}"
    return " or ".join(describe(one) for one in get_args(kind) if one is not NoneType)


def _metadata(kind: Any) -> tuple[Any, ...]:
    return getattr(kind, "__metadata__", ())


def show(value: object) -> str:
    """Return a value as an error shows it, whatever its ``repr`` does."""
    try:
        shown = " ".join(repr(value).split())
    except Exception:  # noqa: BLE001 -- the user's own object may raise anything
        shown = f"a {type(value).__name__}"
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."
