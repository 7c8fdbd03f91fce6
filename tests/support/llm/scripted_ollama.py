"""A transport that answers as an Ollama server does."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from runt_pyodide.config import OllamaSettings
from runt_pyodide.errors import ProviderError
from runt_pyodide.llm.messages import AIResponse, ChatRequest, Message
from runt_pyodide.llm.ollama.provider import OllamaProvider
from runt_pyodide.llm.transport.base import Request, Response
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport

REQUEST = ChatRequest((Message("user", "hi"),), "llama3.2")
NOT_FOUND = Scripted(404, {}, [b'{"error":"model \'llama3.2\' not found"}'])
Answer = Scripted | ProviderError


def answer(value: Any, status: int = 200) -> Scripted:
    return Scripted(status, {"Content-Type": "application/json"}, [json.dumps(value).encode()])


def shown(*capabilities: str, length: int = 131072, **more: Any) -> Scripted:
    info = {"general.architecture": "llama", "llama.context_length": length}
    details = {"family": more.pop("family", "llama"), "parameter_size": "3.2B"}
    return answer({"capabilities": capabilities, "model_info": info, "details": details, **more})


def stream(*texts: str, **counts: int) -> Scripted:
    records = [{"message": {"role": "assistant", "content": text}} for text in texts]
    end = {"message": {}, "done": True, "done_reason": "stop", **counts}
    wire = "".join(json.dumps(record) + "\n" for record in [*records, end])
    return Scripted(200, {"Content-Type": "application/x-ndjson"}, [wire.encode()])


class Server:
    """A transport that answers by path: each path's answers in their order, the last for good."""

    def __init__(self, **answers: Answer | list[Answer]) -> None:
        default = {"show": shown("completion"), "chat": stream("hi")}
        self._answers = {
            f"/api/{name}": list(given) if isinstance(given, list) else [given]
            for name, given in (default | answers).items()
        }
        self.requests: list[Request] = []

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncGenerator[Response, None]:
        self.requests.append(request)
        left = self._answers[self._path(request)]
        async with ScriptedTransport([left.pop(0) if len(left) > 1 else left[0]]).send(
            request
        ) as response:
            yield response

    def bodies(self, name: str) -> list[Any]:
        """The JSON bodies of the requests to a path."""
        asked = [one for one in self.requests if self._path(one) == f"/api/{name}"]
        return [json.loads(one.body or b"null") for one in asked]

    def _path(self, request: Request) -> str:
        return request.url[request.url.index("/api/") :].partition("?")[0]


def provider(server: Server, **settings: Any) -> OllamaProvider:
    return OllamaProvider("ollama", OllamaSettings.model_validate(settings), server)


async def ask(server: Server, request: ChatRequest = REQUEST, **settings: Any) -> AIResponse:
    return await provider(server, **settings).execute_prompt(request)
