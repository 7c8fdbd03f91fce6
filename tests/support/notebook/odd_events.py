"""Generates events: valid ones by schema/events.json, and odd ones."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from scripts.paths import ROOT

Wire = dict[str, Any]
Place = tuple[Any, Any]
"""A container, and the key or index in it."""

SCHEMA: dict[str, Any] = json.loads((ROOT / "schema" / "events.json").read_text("utf-8"))

# What may be anything in JSON, and what only looks like it.
SCALARS: list[Any] = [
    *(None, True, False, 0, 1, -1, 1.0, 0.5, -0.0, "", "text", "inline", "code", "🙂", "\x00"),
    *(2**53 - 1, 2**53, -(2**53), 10**19, 10**25, 10**400, 1e15, 1e300, math.nan, -math.inf),
    *("\ud83d", "\udc00x", "2026-01-31T12:00:00Z", "2026-13-31T12:00:00Z", "٢٠٢٦-01-31T12:00:00Z"),
]
KEYS = ["a", "", "type", "data", "id", "cell_id", "actor_id", "__proto__", "constructor", "\ud83d"]


def nested(depth: int) -> Any:
    value: Any = 1
    for at in range(depth):
        value = [value] if at % 2 else {"a": value}
    return value


def anything() -> st.SearchStrategy[Any]:
    leaves = st.sampled_from(SCALARS)
    return st.one_of(
        leaves,
        st.recursive(
            leaves,
            lambda inner: st.one_of(
                st.lists(inner, max_size=3),
                st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
            ),
            max_leaves=5,
        ),
        st.integers(198, 202).map(nested),
    )


def good_event() -> st.SearchStrategy[Wire]:
    return st.sampled_from(SCHEMA["oneOf"]).flatmap(
        lambda one: st.fixed_dictionaries(
            {"name": st.just(one["properties"]["name"]["const"]), "args": good(_args_of(one))}
        )
    )


def _args_of(one: dict[str, Any]) -> dict[str, Any]:
    args: dict[str, Any] = one["properties"]["args"]
    return args["anyOf"][0] if "anyOf" in args else args


def good(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Generate what the schema accepts, with null wherever that is allowed."""
    match schema:
        case {"$ref": str() as ref}:
            return good(SCHEMA["$defs"][ref.removeprefix("#/$defs/")])
        case {"anyOf": list() as kinds} | {"oneOf": list() as kinds}:
            return st.one_of([good(kind) for kind in kinds])
        case {"const": value}:
            return st.just(value)
        case {"enum": list() as values}:
            return st.sampled_from(values)
        case {"pattern": str()}:
            return st.just("2026-01-31T12:00:00.123Z")
        case {"type": [str() as kind, "null"], **rest}:
            return st.none() | good({**rest, "type": kind})
        case {"type": str() as kind}:
            return _good_of_type(kind, schema)
    return st.sampled_from([None, 1, "text", [1], {"a": {"__proto__": None}}])


def _good_of_type(kind: str, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if kind == "object" and "properties" in schema:
        needed = set(schema.get("required", ()))
        fields = {name: good(one) for name, one in schema["properties"].items()}
        return st.fixed_dictionaries(
            {name: one for name, one in fields.items() if name in needed},
            optional={name: one for name, one in fields.items() if name not in needed},
        )
    if kind == "object":
        inner = good(schema.get("additionalProperties", {}))
        return st.dictionaries(st.sampled_from(["a/b", "__proto__", "x"]), inner, max_size=2)
    if kind == "array":
        return st.lists(good(schema["items"]), max_size=2)
    scalars: dict[str, list[Any]] = {
        "string": ["", "id", "🙂", "line\n"],
        "number": [0, 1.5, -3, 2.0, 2**53 - 1],
        "integer": [0, 7, 3.0, -1],
        "boolean": [True, False],
        "null": [None],
    }
    return st.sampled_from(scalars[kind])


@st.composite
def spoilt_event(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> Wire:
    """A good event with one thing changed: a value put in the place of another, or beside it, or a
    field left out."""
    event: Wire = copy.deepcopy(draw(good_event()))
    container, key = draw(st.sampled_from(list(places_of(event))))
    how = draw(st.sampled_from(["replace", "add", "remove"]))
    if how == "remove":
        del container[key]
    elif how == "add" and isinstance(container, dict):
        container[draw(st.sampled_from(KEYS))] = draw(values)
    else:
        container[key] = draw(values)
    return event


def places_of(value: Any) -> Iterator[Place]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield value, key
        if isinstance(item, dict | list):
            yield from places_of(item)


def odd_event() -> st.SearchStrategy[Any]:
    """Generate what is hardly an event: any name, any args, or neither."""
    names = [*(one["properties"]["name"]["const"] for one in SCHEMA["oneOf"]), "v9.News", *SCALARS]
    keys: dict[Any, st.SearchStrategy[Any]] = {"name": st.sampled_from(names), "args": anything()}
    return st.fixed_dictionaries({}, optional=keys) | anything()
