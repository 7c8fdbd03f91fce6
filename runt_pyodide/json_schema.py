"""JSON Schemas as services read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

_DEFINITIONS = ("$defs", "definitions")


class WithoutTitles(GenerateJsonSchema):
    """Makes schemas without titles, which only repeat the names and cost tokens."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False

    def model_schema(self, schema: Any) -> Any:
        made = super().model_schema(schema)
        made.pop("title", None)
        return made


def inline_definitions(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema with its definitions in place of the references to them: Ollama, Gemini and
    the grammars of local servers do not follow references. If a definition contains itself, an
    object of any kind stands for it within."""
    definitions = {
        f"#/{key}/{name}": definition
        for key in _DEFINITIONS
        for name, definition in (schema.get(key) or {}).items()
    }
    if not definitions:
        return dict(schema)
    rest = {key: value for key, value in schema.items() if key not in _DEFINITIONS}
    inlined: dict[str, Any] = _inline(rest, definitions, ())
    return inlined


def _inline(schema: Any, definitions: Mapping[str, Any], within: tuple[str, ...]) -> Any:
    if isinstance(schema, list):
        return [_inline(item, definitions, within) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return {
            key: _inline(value, definitions, within)
            for key, value in schema.items()
            if not _maps_references(key, value)
        }
    if reference in within or reference not in definitions:
        return {"type": "object"}
    beside = {key: value for key, value in schema.items() if key != "$ref"}
    return {**_inline(definitions[reference], definitions, (*within, reference)), **beside}


def _maps_references(key: str, value: Any) -> bool:
    """Return whether it is OpenAPI's ``discriminator``, whose references would lead nowhere."""
    return key == "discriminator" and isinstance(value, Mapping) and "mapping" in value


def close_objects(schema: Any, *, without: re.Pattern[str]) -> Any:
    """Return the schema of what may hold nothing but what it names, without keys that match a
    pattern: for services whose schemas bind an answer as it is written, and say no more."""
    if isinstance(schema, list):
        return [close_objects(item, without=without) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    closed: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            closed[key] = {name: close_objects(one, without=without) for name, one in value.items()}
        elif not without.fullmatch(key):
            closed[key] = close_objects(value, without=without)
    return {**closed, "additionalProperties": False} if schema.get("type") == "object" else closed


def has_open_objects(schema: Any) -> bool:
    """Return whether the schema has an object with properties of any name, such as a dict."""
    if isinstance(schema, list):
        return any(map(has_open_objects, schema))
    if not isinstance(schema, Mapping):
        return False
    is_object = schema.get("type") == "object"
    if is_object and (schema.get("additionalProperties") or not schema.get("properties")):
        return True
    return any(map(has_open_objects, [*schema.values(), *schema.get("properties", {}).values()]))
