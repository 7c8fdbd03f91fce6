"""JSON Schemas as services read them."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from runt_pyodide.json_schema import inline_definitions


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
