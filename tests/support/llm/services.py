"""Providers over scripted services, and the answers of these."""

from __future__ import annotations

import json
from typing import Any

from runt_pyodide import (
    OllamaProvider,
    OpenAIProvider,
    errors,
)
from runt_pyodide.config import OllamaSettings, OpenAISettings
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport

Answer = Scripted | errors.ProviderError


ORIGIN = "https://notebooks.example"


def answer(value: Any, status: int = 200) -> Scripted:
    return Scripted(status, {"Content-Type": "application/json"}, [json.dumps(value).encode()])


SAID = Scripted(
    200,
    {"Content-Type": "text/event-stream"},
    [b'data: {"choices":[{"delta":{"content":"ok"},"finish_reason":"stop"}]}\n\n'],
)


LISTED = answer({"data": [{"id": "m"}, {"id": "n"}]})


PAGE = Scripted(404, {"Content-Type": "text/html"}, [b"<title>404 Not Found</title>"])


WRONG_KEY = answer({"error": {"message": "Incorrect API key", "code": "invalid_api_key"}}, 401)


TAGS = answer({"models": [{"name": "qwen3:latest", "digest": "1", "details": {}}]})


SHOWN = answer({"capabilities": ["completion"], "model_info": {"a.context_length": 4096}})


NO_MODEL = answer({"error": "model 'm' not found"}, 404)


def cors(times: int = 1) -> list[Answer]:
    # Each its own: providers add to an error what they know.
    return [errors.CorsError("It says no (CORS).", origin=ORIGIN) for _ in range(times)]


def refused(times: int = 1) -> list[Answer]:
    return [errors.NetworkError("No answer from the server.") for _ in range(times)]


def openai(*answers: Answer, url: str = "http://host/v1", **settings: Any) -> OpenAIProvider:
    own = OpenAISettings.model_validate({"base_url": url, **settings})
    return OpenAIProvider("openai", own, ScriptedTransport(answers))


def ollama(*answers: Answer, url: str = "https://host:11434", **settings: Any) -> OllamaProvider:
    own = OllamaSettings.model_validate({"base_url": url, **settings})
    return OllamaProvider("ollama", own, ScriptedTransport(answers))
