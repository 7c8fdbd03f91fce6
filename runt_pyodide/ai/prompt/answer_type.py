"""Typed answers: the schema that a model is told, and its answer as a value of the type."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from inspect import isroutine
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from ...arguments import show
from ...errors import AnswerError, ArgumentError, CellError
from ...llm.adaptation.shape import tell_schema
from ..model_json import find_values

# Services that follow a schema strictly want an object at its root. Source: OpenAI's guide to
# structured outputs.
_WRAPPED = "value"
# What the source of a type may hold.
_FIT = (
    *(ast.Expression, ast.Name, ast.Attribute, ast.Subscript, ast.Tuple, ast.List, ast.Constant),
    *(ast.BinOp, ast.BitOr, ast.UnaryOp, ast.USub, ast.Load),
)
_BEGIN = re.compile(r"[\[{]")
_WANTED = (
    "The type of an answer must be one that JSON can be read into, such as list[str], a dataclass "
    "or a model of pydantic"
)
_WRONG = "The answer is not of the type that was asked for."


@dataclass(frozen=True, slots=True)
class AnswerType:
    """The type that an answer should have, and its JSON schema, with an object at the root; that of
    any JSON is empty."""

    adapter: TypeAdapter[Any]
    schema: Mapping[str, Any]
    wrapped: bool

    @classmethod
    def of(cls, kind: Any) -> AnswerType:
        """Return the answer type for any type that pydantic validates: a model, a dataclass, a
        TypedDict, ``list[int]``, ... Raise ArgumentError for anything else.
        """
        if isinstance(kind, str):
            raise ArgumentError(f"{_WANTED}, not a text: leave out the quotes of {show(kind)}.")
        try:
            if isroutine(kind):  # pydantic would call it with the answer
                raise TypeError("a function is no type")
            adapter = TypeAdapter(kind)
            schema = adapter.json_schema()
        except Exception as error:  # noqa: BLE001 -- pydantic raises many kinds
            raise ArgumentError(f"{_WANTED}, not {show(kind)}{_reason(error, kind)}.") from None
        wrapped = _root(schema).get("type") != "object" or "properties" not in _root(schema)
        if wrapped:
            definitions = schema.pop("$defs", None)
            schema = {
                "type": "object",
                "properties": {_WRAPPED: schema},
                "required": [_WRAPPED],
                **({"$defs": definitions} if definitions else {}),
            }
        elif "$ref" in schema:
            schema = {**_root(schema), "$defs": schema["$defs"]}
        return cls(adapter, _close(schema), wrapped)

    @classmethod
    def any_json(cls) -> AnswerType:
        """Return the answer type for whatever is JSON."""
        return cls(TypeAdapter(Any), {}, wrapped=False)

    @classmethod
    def named(cls, source: str, namespace: Mapping[str, object]) -> AnswerType | None:
        """Return the answer type for the source of a type, such as "list[str]"; None for text.

        It may hold names and what types are made of, but no calls, since it may come with a file.
        Raise CellError if it is not a type for an answer.
        """
        try:
            parsed = ast.parse(source.strip(), mode="eval")
            if unfit := next((one for one in ast.walk(parsed) if not isinstance(one, _FIT)), None):
                raise TypeError(f"a type cannot hold a {type(unfit).__name__}")
            kind = eval(compile(parsed, "<type>", "eval"), dict(namespace))
            return None if kind is str else cls.of(kind)
        except Exception as error:  # noqa: BLE001 -- whatever the user's expression raises
            raise CellError(
                f"{source!r} is not a type for an answer. {_told(error)}",
                advice="Define the type in a cell above, or write one such as list[str].",
            ) from None

    def parse(self, text: str) -> Any:
        """Return the value of an answer. Its JSON may stand after thinking, in a fence or among
        words, as long as one value alone is of the type.

        Raise AnswerError, which names each fault.
        """
        meant = next(filter(None, find_values(text)), [])
        fitting: list[Any] = []
        faults: list[AnswerError] = []
        for value in meant:
            try:
                fitting.append(self._validate(value))
            except AnswerError as error:
                faults.append(error)
        distinct = [one for at, one in enumerate(fitting) if one not in fitting[:at]]
        if len(distinct) == 1:
            return distinct[0]
        if distinct:
            raise AnswerError(f"{_WRONG} It holds {len(distinct)} values that may be meant.")
        raise faults[0] if faults else AnswerError(f"{_WRONG} There is no JSON in it.")

    def read_partial(self, text: str) -> Any:
        """Return as much of the value as the beginning of an answer holds: of the type if what is
        there is enough for that, else the fields of an object that have come, as a dict. None if
        nothing can be told of yet."""
        begins = _BEGIN.search(text)
        try:
            value = from_json(text[begins.start() :] if begins else "", allow_partial=True)
        except ValueError:
            return None
        if self.wrapped and isinstance(value, dict):
            if _WRAPPED not in value:
                return None
            value = value[_WRAPPED]
        try:
            return self.adapter.validate_python(value, experimental_allow_partial=True)
        except ValidationError:
            return value if isinstance(value, dict) else None

    def _validate(self, value: Any) -> Any:
        """Return a JSON value as one of the type. If it was to be wrapped, it may be bare. Raise
        AnswerError."""
        wrapped = self.wrapped and isinstance(value, dict) and _WRAPPED in value
        inner = value[_WRAPPED] if wrapped else value
        try:
            read = self.adapter.validate_json(json.dumps(inner))
        except ValidationError as error:
            faults = "; ".join(
                f"{'.'.join(map(str, one['loc'])) or 'the answer'}: {one['msg']}"
                for one in error.errors(include_url=False, include_input=False)
            )
            raise AnswerError(f"{_WRONG} {faults}.") from None
        if isinstance(inner, bool) and type(read) in (int, float):
            # pydantic takes true for 1, but "It is true that ..." says no number.
            raise AnswerError(f"{_WRONG} The answer: {inner} is no number.")
        return read

    def complaint(self, text: str) -> str | None:
        """Return what to tell the model about its answer, or None if the answer is of the type. The
        schema is among it: many servers ignore the one in the request without a word."""
        try:
            self.parse(text)
        except AnswerError as error:
            wanted = tell_schema(self.schema) if self.schema else "Answer with JSON alone."
            return f"{error.message} Answer again. {wanted}"
        return None


def _told(error: Exception) -> str:
    if isinstance(error, ArgumentError):
        return str(error)
    return f"{type(error).__name__}: {error}"


def _reason(error: Exception, kind: Any) -> str:
    """Return pydantic's first sentence if it names a type within this one."""
    if not isinstance(kind, type):
        return ""
    first = str(error).partition("\n")[0].partition(". ")[0]
    return "" if kind.__qualname__ in first else f" ({first})"


def _root(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema at the root, which for a recursive type is behind a reference."""
    reference = schema.get("$ref", "")
    found: Mapping[str, Any] = schema
    if reference:
        found = schema["$defs"][reference.rpartition("/")[2]]
    return found


def _close(value: Any) -> Any:
    """Return the schema as strict services want it: every object closed, every property required,
    and no defaults."""
    if isinstance(value, list):
        return [_close(one) for one in value]
    if not isinstance(value, dict):
        return value
    closed = {key: _close(inner) for key, inner in value.items() if key != "default"}
    if value.get("type") == "object" and isinstance(value.get("properties"), dict):
        closed["additionalProperties"] = False
        closed["required"] = list(value["properties"])
    return closed
