"""What Ollama sends besides answers: its models, and its errors as it words them.

Source: ollama server/routes.go (ListHandler, ShowHandler, ChatHandler) and api/types.go.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.support.server.dialects import CREATED_AT
from tests.support.server.scenario import Fixed

_DETAILS = {"format": "gguf", "family": "llama", "families": ["llama"], "parameter_size": "1B"}


def list_models(names: list[str]) -> dict[str, Any]:
    """Return the answer of GET /api/tags."""
    facts = {"modified_at": CREATED_AT, "size": 1_300_000_000, "digest": "0" * 64}
    return {"models": [{"name": n, "model": n, **facts, "details": _DETAILS} for n in names]}


def show_model(told: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of POST /api/show: a model that calls tools, and what is `told` instead."""
    return {
        "modelfile": "",
        "template": "{{ .Prompt }}",
        "details": _DETAILS,
        "model_info": {"general.architecture": "llama", "llama.context_length": 131072},
        "capabilities": ["completion", "tools"],
        **told,
    }


def refuse(status: int, message: str) -> Fixed:
    """An error before the first byte."""
    return Fixed(status, json.dumps({"error": message}).encode(), "application/json; charset=utf-8")


def refuse_model(name: Any) -> Fixed:
    """Return the error for a model that does not exist."""
    return refuse(404, f"model '{name}' not found")


def refuse_path() -> Fixed:
    """Return the error of Gin, the framework, for a path that does not exist."""
    return Fixed(404, b"404 page not found", "text/plain")
