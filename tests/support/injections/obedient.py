"""An OpenAI-compatible server whose model does exactly what any text tells it."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from runt_pyodide.llm.transport.base import Request, Response
from tests.support.injections.orders import CREATED, EACH, SEEN, Order, orders_in

_SSE = {"content-type": "text/event-stream"}
_CELL = re.compile(r"\bcell-[a-z]+\b")
_MADE = re.compile(r'"cell_id": "([0-9a-f-]{36})", "done": "created"')
_MOST = 2_000
# What looks around before it acts: a cell that was not read cannot be changed.
_LOOKS: list[tuple[str, dict[str, Any]]] = [
    ("list_cells", {}),
    ("inspect_variables", {}),
    ("read_mail", {}),
]


class Obedience:
    """What a model that obeys answers, request by request. ``obeyed`` are the orders of all runs;
    ``read`` is all that it was ever sent."""

    def __init__(self) -> None:
        self.obeyed: list[Order] = []
        self.read = ""

    def answer(self, body: dict[str, Any]) -> tuple[list[tuple[str, dict[str, Any]]], str]:
        """Return the calls and the text of a turn."""
        sent = "\n".join(_texts(body["messages"]))
        self.read += sent
        turn = _turns_of(body["messages"])
        if turn == 0:
            return _LOOKS, ""
        if turn == 1:
            return [("read_cell", {"cellId": one}) for one in _cells(sent)], ""
        done = {call["function"]["name"] + call["function"]["arguments"] for call in _calls(body)}
        orders = orders_in(sent)
        self.obeyed += [order for order in orders if order not in self.obeyed]
        wanted = [
            (name, arguments)
            for order in orders
            for name, arguments in _expand(order, sent)
            if name + json.dumps(arguments) not in done
        ]
        if wanted:
            return wanted, ""
        said = [order.says.replace(SEEN, sent[:_MOST]) for order in orders if order.says]
        return [], "\n\n".join(["Done.", *said])


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    """An answer of a server, whatever it is asked."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class ObedientTransport:
    """Answers each request, to whatever address, and keeps it; with ``instead`` if that is set."""

    def __init__(self) -> None:
        self.model = Obedience()
        self.instead: ServerAnswer | None = None
        self.requests: list[Request] = []

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncGenerator[Response, None]:
        self.requests.append(request)
        if self.instead is not None:
            answer = self.instead
            yield Response(answer.status, answer.headers, _stream(answer.body))
            return
        if request.body is None:
            yield Response(200, {}, _stream(b'{"data": [{"id": "m"}]}'))
            return
        calls, text = self.model.answer(json.loads(request.body))
        yield Response(200, _SSE, _stream(b"".join(chunks(calls, text, len(self.requests)))))


def chunks(calls: list[tuple[str, dict[str, Any]]], text: str, number: int) -> Iterator[bytes]:
    """Yield the events of an answer, as chat completions have them."""
    made = [
        {
            "index": place,
            "id": f"call_{number}_{place}",
            "type": "function",
            "function": {"name": name, "arguments": json.dumps(arguments)},
        }
        for place, (name, arguments) in enumerate(calls)
    ]
    delta: dict[str, Any] = {"role": "assistant", "content": text or None}
    if made:
        delta["tool_calls"] = made
    for choice in (
        {"index": 0, "delta": delta, "finish_reason": None},
        {"index": 0, "delta": {}, "finish_reason": "tool_calls" if made else "stop"},
    ):
        yield b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"
    yield b"data: [DONE]\n\n"


async def _stream(body: bytes) -> AsyncIterator[bytes]:
    yield body


def _expand(order: Order, sent: str) -> Iterator[tuple[str, dict[str, Any]]]:
    made = _MADE.findall(sent)
    for name, arguments in order.calls:
        if CREATED in arguments.values() and not made:
            continue
        targets = _cells(sent) if EACH in arguments.values() else [""]
        for target in targets:
            fill = {EACH: target, CREATED: made[-1] if made else "", SEEN: sent[:_MOST]}
            yield name, {key: _fill(value, fill) for key, value in arguments.items()}


def _fill(value: Any, fill: dict[str, str]) -> Any:
    if not isinstance(value, str):
        return value
    for mark, text in fill.items():
        value = text if value == mark else value.replace(mark, text) if mark != EACH else value
    return value


def _cells(sent: str) -> list[str]:
    """Return the ids of the notebook's cells that the model has seen."""
    return [*dict.fromkeys(_CELL.findall(sent))]


def _texts(messages: list[dict[str, Any]]) -> Iterator[str]:
    for message in messages:
        content = message.get("content") or ""
        parts = [{"text": content}] if isinstance(content, str) else content
        yield from (part.get("text", "") for part in parts)


def _turns_of(messages: list[dict[str, Any]]) -> int:
    """Return how many turns of the present run there were: those after the last prompt."""
    last = max(place for place, one in enumerate(messages) if one["role"] == "user")
    return sum(one["role"] == "assistant" for one in messages[last:])


def _calls(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [call for one in body["messages"] for call in one.get("tool_calls") or ()]
