"""Generates logs of anything that may arrive: every event of the vocabulary by its schema, with few
ids so that events meet, and among them events that no schema allows."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import strategies as st

from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.vocabulary import CARRIED, MARK

Json = Any
Strategy = st.SearchStrategy[Any]

# By UTF-16 units the last would come before the one before it.
IDS = st.sampled_from([*"aaaaabb", "", "__proto__", "constructor", "\uff5e", "\U0001f600"])
TEXTS = st.sampled_from(["", "x", "text ", "\U0001f600", "\uff5e", "a\nb\r\0"]) | st.text(
    max_size=3
)
NUMBERS = st.sampled_from([0, 1, 2, -1, 0.5, -0.5, -0.0, 1.0, 2**53 - 1, 1 - 2**53, 1e15 + 0.5])
INTEGERS = st.sampled_from([0, 1, 2, 3, -1, 7.0, 2**53 - 1])
KEYS = st.sampled_from(["anode", "role", "1", "0", "", "__proto__", "toString"])
MIMES = st.sampled_from(["text/plain", "text/html", "1", "__proto__", "\uff5e/x", "\U0001f600/x"])
TIME = "2026-01-01T00:00:00.000Z"
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=5,
)
OBJECTS = st.dictionaries(KEYS, JSON, max_size=3)


def _nested(depth: int) -> Json:
    value: Json = 0
    for _ in range(depth):
        value = [value]
    return value


ODDITIES = st.sampled_from(
    [
        *(None, True, 0, 1.5, "", "x", [], {}, [None], {"type": "inline"}, {"kind": "display"}),
        *(2**53, -(2**53), 2**70, 10**400, 1e300, "\ud800", {"\udfff": 1}),
        *(_nested(150), _nested(199), _nested(200), _nested(201), _nested(300)),
    ]
)
ID_FIELDS = (
    *("id", "cellId", "queueId", "outputId", "sessionId", "runtimeSessionId", "toolCallId"),
    *("displayId", "runId", "tool", "toolName"),
)


def _value(schema: dict[str, Any], definitions: dict[str, Any], field: str = "") -> Strategy:
    """Generate what a JSON Schema allows, in the form in which pydantic writes it for events."""
    if reference := schema.get("$ref"):
        return _value(definitions[reference.rpartition("/")[2]], definitions)
    if several := schema.get("anyOf") or schema.get("oneOf"):
        return st.one_of(*(_value(one, definitions, field) for one in several))
    if "const" in schema or "enum" in schema:
        return st.sampled_from(schema.get("enum") or [schema["const"]])
    simple = {"number": NUMBERS, "integer": INTEGERS, "boolean": st.booleans(), "null": st.none()}
    match schema.get("type"):
        case "string":
            return _text(schema, field)
        case "array":
            return st.lists(_value(schema["items"], definitions), max_size=3)
        case "object":
            return _object(schema, definitions)
        case kind:
            return simple.get(kind, JSON)


def _text(schema: dict[str, Any], field: str) -> Strategy:
    if "pattern" in schema:
        return st.just(TIME)
    if field in ID_FIELDS:
        return IDS
    return KEYS if field == "key" else TEXTS


def _object(schema: dict[str, Any], definitions: dict[str, Any]) -> Strategy:
    if "properties" not in schema:
        each = schema.get("additionalProperties")
        if isinstance(each, dict):
            return st.dictionaries(MIMES, _value(each, definitions), max_size=3)
        return OBJECTS
    fields = {name: _value(one, definitions, name) for name, one in schema["properties"].items()}
    required = {"type", *schema.get("required", ())}
    return st.fixed_dictionaries(
        {name: one for name, one in fields.items() if name in required},
        optional={name: one for name, one in fields.items() if name not in required},
    )


def _args_of(model: type[ev.Event]) -> Strategy:
    schema = model.model_json_schema(by_alias=True)
    return _value(schema, schema.get("$defs", {}))


ARGS = {model.NAME: _args_of(model) for model in ev.event_models()}


def _fitting(names: list[str]) -> Strategy:
    return st.sampled_from(names).flatmap(
        lambda name: st.fixed_dictionaries({"name": st.just(name), "args": ARGS[name]})
    )


NAMES = sorted(ARGS)
FITTING = _fitting(NAMES)
# Events that change one part of a notebook, or hide it: most rules are about two that meet.
FAMILIES = [
    [name for name in NAMES if re.search(part, name)]
    for part in ("Cell", "Execution", "Output|CellDeleted", "Session", "Tool", "")
]


_BUNDLED = [
    *("v1.MultimediaDisplayOutputAdded", "v1.MultimediaResultOutputAdded"),
    "v1.MultimediaDisplayOutputUpdated",
]


@st.composite
def _carrying(draw: st.DrawFn) -> Json:
    """Generate a display that carries a delta, as in the vocabulary "runt"."""
    event = draw(_fitting(_BUNDLED[:2]))
    data = draw(ARGS["v1.OutputDelta"] | ODDITIES)
    kept = draw(st.sampled_from([{"type": "inline"}, {"type": "artifact", "artifactId": "x"}]))
    event["args"]["representations"][CARRIED] = {**kept, "data": data}
    return event


@st.composite
def _marked(draw: st.DrawFn) -> Json:
    """Generate an output with marks, as in the vocabulary "runt"."""
    event = draw(_fitting([*_BUNDLED, "v1.TerminalOutputAdded", "v1.MarkdownOutputAdded"]))
    contents = {
        "delta": ARGS["v1.OutputDelta"] | ODDITIES,
        "markdown": st.just({"type": "inline", "data": "thought"}) | ODDITIES,
        "continues": st.just({"outputId": "a", "sequenceNumber": 3}) | ODDITIES,
        "note": st.just(True),
        "standIn": st.just(True) | ODDITIES,
        "kept": st.just({"text/plain": {"type": "inline", "data": 1}}) | ODDITIES,
    }
    # A copy, as what is drawn may be drawn again.
    event = json.loads(json.dumps(event))
    args = event["args"]
    for one in [args["content"]] if "content" in args else args["representations"].values():
        if draw(st.booleans()):
            keys = draw(st.lists(st.sampled_from(sorted(contents)), max_size=2, unique=True))
            marks = {key: draw(contents[key]) for key in keys}
            one["metadata"] = {**(one.get("metadata") or {}), MARK: draw(st.just(marks) | ODDITIES)}
    return event


@st.composite
def _spoilt(draw: st.DrawFn) -> Json:
    """Generate an event in which one field, anywhere in it, is left out, replaced or unknown."""
    # A copy, as what is drawn may be drawn again.
    event = json.loads(json.dumps(draw(FITTING | _carrying() | _marked())))
    place = event["args"]
    inner = [value for value in place.values() if isinstance(value, dict)]
    if inner and draw(st.booleans()):
        place = draw(st.sampled_from(inner))
    field = draw(st.sampled_from([*place, "unknown"]))
    if field in place and draw(st.booleans()):
        del place[field]
    else:
        place[field] = draw(ODDITIES)
    return event


NO_EVENTS = st.sampled_from(
    [
        *(None, 3, "v1.CellDeleted", [], {}, {"name": None}, {"name": ""}, {"name": 1, "args": {}}),
        *({"name": "v9.New", "args": {}}, {"name": "__proto__"}, {"name": "toString", "args": 1}),
        {"name": "v1.AllExecutionsCancelled"},
        *({"name": "v1.CellDeleted", "args": args} for args in (None, [], "x", 3)),
        *({"name": "v1.AllOutputsCleared", "args": args} for args in (None, [], {"clearedBy": 1})),
    ]
)
ODD_EVENTS = st.one_of(FITTING, _carrying(), _marked(), _spoilt(), NO_EVENTS)


@st.composite
def _batches(draw: st.DrawFn) -> list[list[Json]]:
    """Generate batches with the cells first, since most events need one; events may be repeated."""
    log = draw(st.lists(_fitting(["v2.CellCreated"]), max_size=3))
    family = _fitting(draw(st.sampled_from(FAMILIES)))
    events = st.one_of(family, family, family, family, ODD_EVENTS)
    log += draw(st.lists(events, min_size=draw(st.sampled_from([0, 10, 40])), max_size=50))
    for at in draw(st.lists(st.integers(0, max(len(log) - 1, 0)), max_size=4)):
        log += log[at : at + 1]
    ends = sorted(draw(st.lists(st.integers(0, len(log)), max_size=5)))
    return [log[start:end] for start, end in zip([0, *ends], [*ends, len(log)], strict=True)]


BATCHES = _batches()
