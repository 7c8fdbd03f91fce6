"""One rig for each provider: it makes it answer a given turn, on the service's own wire."""

from __future__ import annotations

import asyncio
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from runt_pyodide.config import AIConfig
from runt_pyodide.errors import NetworkError
from runt_pyodide.providers import AIProvider, ProviderRegistry
from runt_pyodide.transport.scripted import Scripted, ScriptedTransport

KEY = "sk-a-secret-of-the-tests"


@dataclass(frozen=True, slots=True)
class Turn:
    """What the service is to say. ``ending`` is "stop", "length", "cut" (the connection ends
    early), "error" (reported in mid-answer), "refused" (HTTP 401) or "unreachable"."""

    text: tuple[str, ...] = ()
    thinking: tuple[str, ...] = ()
    usage: tuple[int, int] | None = None
    ending: str = "stop"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the bytes of an answer come: cut in two at ``split``, the first ``keep`` of them alone,
    or on ``hold`` with an end that never comes."""

    split: int | None = None
    keep: int | None = None
    hold: bool = False

    def pieces(self, wire: bytes) -> tuple[bytes | asyncio.Event, ...]:
        wire = wire[: self.keep]
        cut = (wire,) if self.split is None else (wire[: self.split], wire[self.split :])
        return (*cut, asyncio.Event()) if self.hold else cut


WHOLE = Delivery()


class Rig(ABC):
    """Makes a provider that answers ``turn``."""

    name: str
    transport: ScriptedTransport | None = None

    @abstractmethod
    def provider(self, turn: Turn, delivery: Delivery = WHOLE) -> AIProvider: ...

    @abstractmethod
    def wire(self, turn: Turn) -> bytes:
        """The bytes of the answer; empty where the provider has no wire."""


class OpenAIRig(Rig):
    name = "openai"

    def provider(self, turn: Turn, delivery: Delivery = WHOLE) -> AIProvider:
        self.transport = ScriptedTransport([_answer(turn, self.wire(turn), delivery)])
        config = AIConfig.read({"providers": {"openai": {"apiKey": KEY}}})
        return ProviderRegistry.from_config(config, self.transport).require("openai")

    def wire(self, turn: Turn) -> bytes:
        if turn.ending == "refused":
            error = {"message": f"Incorrect API key provided: {KEY}", "code": "invalid_api_key"}
            return json.dumps({"error": error}).encode()
        return b"".join(_sse(record) for record in self._records(turn))

    def _records(self, turn: Turn) -> Iterable[Any]:
        for text in turn.thinking:
            yield _chunk({"reasoning_content": text})
        for text in turn.text:
            yield _chunk({"content": text})
        if turn.ending == "error":
            yield {"error": {"message": "The model fell over", "type": "server_error"}}
        if turn.ending not in ("stop", "length"):
            return
        yield _chunk({}, finish=turn.ending)
        if turn.usage is not None:
            usage = {"prompt_tokens": turn.usage[0], "completion_tokens": turn.usage[1]}
            yield {"choices": [], "usage": usage}
        yield "[DONE]"


class TestRig(Rig):
    __test__ = False
    name = "test"

    def provider(self, turn: Turn, delivery: Delivery = WHOLE) -> AIProvider:
        fault = {"cut": "cut", "error": 500, "refused": 401}.get(turn.ending)
        scripted = {
            "text": "".join(turn.text),
            "thinking": "".join(turn.thinking),
            "fault": fault,
        }
        settings = {"responses": [{"pattern": "", "turns": [scripted]}]}
        config = AIConfig.read({"providers": {"test": settings}})
        return ProviderRegistry.from_config(config, ScriptedTransport()).require("test")

    def wire(self, turn: Turn) -> bytes:
        return b""


RIGS: tuple[type[Rig], ...] = (OpenAIRig, TestRig)
WIRED_RIGS: tuple[type[Rig], ...] = (OpenAIRig,)


def _chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def _sse(record: Any) -> bytes:
    data = record if isinstance(record, str) else json.dumps(record, ensure_ascii=False)
    return f"data: {data}\n\n".encode()


def _answer(turn: Turn, wire: bytes, delivery: Delivery) -> Scripted | NetworkError:
    if turn.ending == "unreachable":
        return NetworkError("No answer from the server.")
    pieces = delivery.pieces(wire)
    if turn.ending == "refused":
        return Scripted(401, {"Content-Type": "application/json"}, pieces)
    return Scripted(200, {"Content-Type": "text/event-stream"}, pieces)
