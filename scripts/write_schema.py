"""Write schema/*.json from the models of the package, and generate from it JavaScript and the
documentation of every event.

With --check, write nothing, and fail if one of the files is stale, or if Python's fold lacks an
event. If JavaScript's fold lacks one, that is a type error there.
"""

import json
import subprocess
import sys
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from runt_pyodide.ai.record import fields
from runt_pyodide.config import AIConfig
from runt_pyodide.llm.openai.presets import PRESETS
from runt_pyodide.llm.settings import registered_types
from runt_pyodide.notebook import events
from runt_pyodide.notebook.state.notebook import FOLDS
from scripts.paths import ROOT

Schema = dict[str, Any]

# Any JSON.
_ANY = "JsonValue"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_MADE = "Written by `make schema`: change the models, not this file."
_EVENTS_ARE = (
    "Every event of the vocabulary. Null counts as absent if a field is not required. "
    "docs/events.md has further rules: no number beyond 2^53 - 1, only well-formed Unicode."
)


# What many events contain, by the name that it gets; what contains another one comes before it.
_SHARED: dict[str, Any] = {
    "Bundle": events.Bundle,
    "Representation": events.Representation,
}


def events_schema() -> Schema:
    """Return the schema of events: a ``oneOf`` by name; ``$defs`` has their args and parts."""
    models = events.event_models()
    _, made = models_json_schema([(model, "validation") for model in models])
    defs = {name: _tidy(one) for name, one in made["$defs"].items() if name != _ANY}
    for name, kind in _SHARED.items():
        found = _tidy(TypeAdapter(kind).json_schema())
        found.pop("$defs", None)
        defs = {name: found, **_refer(defs, found, name)}
    defs = _merge_null(defs)
    return {
        "$schema": _DIALECT,
        "$comment": _MADE,
        "title": "WireEvent",
        "description": _EVENTS_ARE,
        "oneOf": [_event_schema(model, defs[model.__name__]) for model in models],
        "discriminator": {"propertyName": "name"},
        "$defs": {name: defs[name] for name in sorted(defs)},
    }


def config_schema() -> Schema:
    """Return the schema of the AI configuration, in camelCase, with each provider's settings."""
    settings = {name: kind.settings for name, kind in registered_types().items()}
    models: list[type[BaseModel]] = [AIConfig, *settings.values()]
    _, made = models_json_schema([(model, "validation") for model in models])
    defs = _merge_null(_tidy(made["$defs"]))
    # The script of the Test provider has short forms, which only their reader knows.
    responses = {"anyOf": [{"type": "object"}, {"type": "array", "items": {"type": "object"}}]}
    defs["TestSettings"]["properties"]["responses"] = responses
    presets = {"type": ["string", "null"], "enum": [*sorted(PRESETS), None]}
    defs["OpenAISettings"]["properties"]["preset"] = presets
    config = defs.pop("AIConfig")
    refs = {name: {"$ref": f"#/$defs/{model.__name__}"} for name, model in settings.items()}
    other = {"type": "object", "properties": {"type": {"type": "string"}}, "required": ["type"]}
    config["properties"]["providers"] = {
        "type": "object",
        "properties": refs | dict.fromkeys(sorted(PRESETS.keys() - refs.keys()), refs["openai"]),
        "additionalProperties": other | {"additionalProperties": {}},
    }
    kept = ["Limits", *sorted(model.__name__ for model in settings.values())]
    config["$defs"] = {name: defs[name] for name in kept}
    return {"$schema": _DIALECT, "$comment": _MADE, "title": "AIConfig", **config}


def record_schema() -> Schema:
    """Return the schema of what an AI run writes; ``$defs`` has each object by its name."""
    kinds = (fields.AIRecord, fields.CallData, fields.ResultData, fields.Manifest)
    defs: dict[str, Schema] = {}
    for kind in kinds:
        made = TypeAdapter(kind).json_schema()
        defs |= made.pop("$defs", {}) | {kind.__name__: made}
    for name, mime in (("CallData", fields.CALL), ("ResultData", fields.RESULT)):
        defs[name]["x-mimeType"] = mime
    defs = _merge_null(_tidy(defs))
    return {
        "$schema": _DIALECT,
        "$comment": _MADE,
        "title": "AIRecord",
        "anyOf": [{"$ref": f"#/$defs/{kind.__name__}"} for kind in kinds],
        "$defs": {name: defs[name] for name in sorted(defs)},
    }


def _event_schema(model: type[events.Event], args: Schema) -> Schema:
    ref: Schema = {"$ref": f"#/$defs/{model.__name__}"}
    needs_args = "required" in args
    by = {"x-writtenBy": [*model.BY]}
    properties = {"name": {"const": model.NAME}, "args": ref if needs_args else _or_null(ref)}
    required = ["name", "args"] if needs_args else ["name"]
    return {"type": "object", "properties": properties, "required": required, **by}


def _tidy(schema: Any) -> Any:
    """Return ``schema`` without what pydantic adds and nobody reads."""
    if isinstance(schema, list):
        return [_tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("$ref") == f"#/$defs/{_ANY}":
        return {}
    tidy = {key: _tidy(value) for key, value in schema.items() if not _is_noise(key, value)}
    if isinstance(tidy.get("description"), str):
        tidy["description"] = " ".join(tidy["description"].replace("``", "`").split())
    if "discriminator" in tidy:
        del tidy["discriminator"]["mapping"]
        tidy["type"] = "object"
    for name, one in tidy.get("properties", {}).items():
        # The tag of a union has a default in Python, but is required on the wire.
        if "const" in one:
            del one["default"]
            tidy["required"] = [name, *tidy.get("required", ())]
    return tidy


def _is_noise(key: str, value: object) -> bool:
    if key == "title":
        return isinstance(value, str)
    return (key, value) in (("default", None), ("additionalProperties", True))


def _refer(schema: Any, found: Schema, name: str) -> Any:
    """Return ``schema`` with a reference in place of each ``found``."""
    if schema == found:
        return {"$ref": f"#/$defs/{name}"}
    if isinstance(schema, dict):
        return {key: _refer(value, found, name) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_refer(item, found, name) for item in schema]
    return schema


def _merge_null(schema: Any) -> Any:
    """Return ``schema`` with null as one of two types; pydantic has it as one of two schemas."""
    if isinstance(schema, list):
        return [_merge_null(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    merged = {key: _merge_null(value) for key, value in schema.items()}
    match merged.pop("anyOf", None):
        case None:
            return merged
        case [one, {"type": "null"}]:
            return {**merged, **_or_null(one)}
        case choices:
            return {**merged, "anyOf": choices}


def _or_null(schema: Schema) -> Schema:
    kind = schema.get("type")
    if not isinstance(kind, str):
        return {"anyOf": [schema, {"type": "null"}]}
    either = {**schema, "type": [kind, "null"]}
    return {**either, "enum": [*schema["enum"], None]} if "enum" in schema else either


def generated() -> dict[str, str]:
    """Return the text of every generated file, by its path."""
    schemas = {
        "schema/events.json": events_schema(),
        "schema/config.json": config_schema(),
        "schema/ai-record.json": record_schema(),
    }
    files = {path: _write_json(schema) for path, schema in schemas.items()}
    command = ["node", "scripts/schema/generate.mjs"]
    made = subprocess.run(
        command, cwd=ROOT, input=json.dumps(files), capture_output=True, text=True, check=False
    )
    if made.returncode:
        sys.exit(f"The JavaScript of the schema could not be written.\n{made.stderr}")
    return {**files, **json.loads(made.stdout)}


def _write_json(schema: Schema) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    files = generated()
    stale = [path for path, text in files.items() if _read(path) != text]
    if "--check" not in sys.argv:
        for path in stale:
            (ROOT / path).parent.mkdir(exist_ok=True)
            (ROOT / path).write_text(files[path], "utf-8")
        return
    wrong = [f"{path} is stale: run `make schema`" for path in stale]
    wrong += [f"{name} is missing in FOLDS of runt_pyodide/notebook/state" for name in unfolded()]
    if wrong:
        sys.exit("\n".join(wrong))


def unfolded() -> list[str]:
    """Return the names of the events that Python's fold does not know."""
    return [model.NAME for model in events.event_models() if model not in FOLDS]


def _read(path: str) -> str | None:
    file = ROOT / path
    return file.read_text("utf-8") if file.exists() else None


if __name__ == "__main__":
    main()
