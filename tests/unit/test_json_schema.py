"""JSON Schemas as services read them."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from runt_pyodide.json_schema import close_objects, has_open_objects, inline_definitions


class Dog(BaseModel):
    kind: Literal["dog"]


class Cat(BaseModel):
    kind: Literal["cat"]
    prey: list[Dog]


class Zoo(BaseModel):
    favourite: Annotated[Cat | Dog, Field(discriminator="kind", description="The best one")]
    all: dict[str, Cat]


class Node(BaseModel):
    children: list[Node] = []


DOG = Dog.model_json_schema()


@pytest.mark.parametrize("model", [Zoo, Node, Cat, Dog])
def test_nothing_refers_to_anything(model: type[BaseModel]) -> None:
    text = json.dumps(inline_definitions(model.model_json_schema()))
    assert "$ref" not in text
    assert "$defs" not in text


def test_a_definition_stands_in_the_place_of_its_reference_beside_what_stood_there() -> None:
    schema = inline_definitions(Zoo.model_json_schema())
    favourite = schema["properties"]["favourite"]
    assert favourite["description"] == "The best one"
    assert DOG in favourite["oneOf"]
    assert schema["properties"]["all"]["additionalProperties"]["properties"]["prey"]["items"] == DOG


def test_within_itself_a_definition_is_any_object() -> None:
    schema = inline_definitions(
        {
            "$ref": "#/$defs/N",
            "$defs": Node.model_json_schema()["$defs"]
            | {"N": {"properties": {"next": {"$ref": "#/$defs/N"}}}},
        }
    )
    assert schema == {"properties": {"next": {"type": "object"}}}


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "object", "properties": {"$ref": {"type": "string"}, "$defs": {"type": "object"}}},
        {"properties": {"discriminator": {"type": "string"}}, "required": ["discriminator"]},
    ],
)
def test_properties_may_have_any_name(schema: dict[str, Any]) -> None:
    assert inline_definitions(schema) == schema


INNER = {"type": "object", "properties": {"minimum": {"type": "integer", "minimum": 1}}}
NESTED = {"type": "object", "properties": {"rows": {"type": "array", "items": INNER}}}


def test_objects_are_closed_and_keys_left_out_but_no_properties() -> None:
    inner = {"minimum": {"type": "integer"}}
    closed = {"type": "object", "properties": inner, "additionalProperties": False}
    rows = {"type": "array", "items": closed}
    assert close_objects(NESTED, without=re.compile("minimum|maximum")) == {
        **{"type": "object", "additionalProperties": False},
        "properties": {"rows": rows},
    }
    assert close_objects({"anyOf": [{"type": "null"}]}, without=re.compile("x")) == {
        "anyOf": [{"type": "null"}]
    }


@pytest.mark.parametrize(
    ("schema", "is_open"),
    [
        (NESTED, False),
        ({"type": "object"}, True),
        ({"type": "object", "properties": {}}, True),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, True),
        ({**INNER, "additionalProperties": True}, True),
        ({**INNER, "additionalProperties": False}, False),
        ({"anyOf": [{"type": "null"}, {"type": "object"}]}, True),
        ({**INNER, "properties": {"a": {"type": "object"}}}, True),
        ({"type": "integer"}, False),
    ],
)
def test_objects_with_properties_of_any_name(schema: Any, is_open: bool) -> None:
    assert has_open_objects(schema) is is_open
