"""A fresh session behind ``ask``, for tests of it and of IPython's magics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from runt_pyodide import ask, configure
from runt_pyodide.llm.messages import ChatRequest
from runt_pyodide.llm.test.provider import TestProvider
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport

ENVIRONMENT = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OLLAMA_HOST", "RUNT_AI_PROVIDER")


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No session yet, no variables of the environment, and no tools."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("runt_pyodide.asking.session._current", [])
    monkeypatch.setattr(ask, "_dialogue", None)
    monkeypatch.setattr(ask, "last", None)
    monkeypatch.setattr(ask, "_recorders", {})
    monkeypatch.setattr("runt_pyodide.ai.tools.function._REGISTERED", {})
    yield
    for ears in ask._recorders.values():
        ears.close()


@pytest.fixture
def requests(fresh: None, monkeypatch: pytest.MonkeyPatch) -> list[ChatRequest]:
    """Collect the requests to Test providers."""
    asked: list[ChatRequest] = []
    stream = TestProvider.execute_prompt_stream

    def note(self: TestProvider, request: ChatRequest) -> Any:
        asked.append(request)
        return stream(self, request)

    monkeypatch.setattr(TestProvider, "execute_prompt_stream", note)
    return asked


def script(*turns: Any, **more: Any) -> None:
    """Let these turns answer every prompt."""
    configure("test", responses=[{"pattern": "", "turns": list(turns)}], **more)


HELLO = (
    b'data: {"choices":[{"index":0,"delta":{"content":"Hel"}}]}\n\n',
    b'data: {"choices":[{"index":0,"delta":{"content":"lo"}}]}\n\n',
    b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
)


def served(*answers: Scripted) -> ScriptedTransport:
    """Configure OpenAI over a transport with these answers."""
    transport = ScriptedTransport(answers)
    configure(
        {
            "providers": {
                "openai": {"base_url": "http://x/v1", "api_key": "sk-secret", "model": "m"}
            }
        },
        transport=transport,
    )
    return transport


def double(x: int) -> int:
    """Doubles a number."""
    return 2 * x
