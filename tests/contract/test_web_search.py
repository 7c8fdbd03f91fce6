"""Web search by the service: each service in its own words, which a strict one checks, and the
pages that it found, told to the reader, the record and the next model."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from runt_pyodide import ask, configure
from runt_pyodide.ai.record.fields import AIRecord
from runt_pyodide.llm.messages import Source
from runt_pyodide.llm.transport.base import Request, Response
from tests.support.stages.asking import fresh

__all__ = ["fresh"]
pytestmark = pytest.mark.usefixtures("fresh")

PAGES = (Source("https://example.com/a?b=1", "A page"), Source("http://example.org/"))
CITED = [("https://example.com/a?b=1", " A\npage "), ("http://example.org/", None)]
BAD = [("javascript:alert(1)", "Bad"), ("https://example.com/a?b=1", "Again"), (5, "No address")]


def cited(kind: str, inner: str | None = None) -> list[dict[str, Any]]:
    """Return citations in a service's words, of which some are none."""
    made = [{"url": url, "title": title} for url, title in (*CITED, *BAD)]
    return [{"type": kind, **({inner: one} if inner else one)} for one in made]


def events(*records: dict[str, Any]) -> bytes:
    return b"".join(b"data: " + json.dumps(one).encode() + b"\n\n" for one in records)


def responses() -> bytes:
    call = {"type": "web_search_call", "id": "ws_1", "status": "completed"}
    part = {"type": "output_text", "text": "Found.", "annotations": cited("url_citation")}
    said = {"type": "message", "id": "m", "role": "assistant", "content": [part]}
    usage = {"input_tokens": 9, "output_tokens": 2}
    return events(
        {"type": "response.output_item.done", "output_index": 0, "item": call},
        {
            "type": "response.output_text.delta",
            "output_index": 1,
            "item_id": "m",
            "delta": "Found.",
        },
        *(
            {"type": "response.output_text.annotation.added", "item_id": "m", "annotation": one}
            for one in cited("url_citation")
        ),
        {"type": "response.output_item.done", "output_index": 1, "item": said},
        {
            "type": "response.completed",
            "response": {"status": "completed", "output": [call, said], "usage": usage},
        },
    )


def chat() -> bytes:
    annotations = cited("url_citation", "url_citation")
    usage = {"prompt_tokens": 9, "completion_tokens": 2, "cost": 0.0123}
    return events(
        {"choices": [{"index": 0, "delta": {"role": "assistant", "content": "Found."}}]},
        {"choices": [{"index": 0, "delta": {"content": "", "annotations": annotations}}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": usage},
    )


def messages() -> bytes:
    used = {"type": "server_tool_use", "id": "st_1", "name": "web_search", "input": {}}
    result = {"type": "web_search_tool_result", "tool_use_id": "st_1", "content": []}
    usage = {"input_tokens": 9, "output_tokens": 2, "server_tool_use": {"web_search_requests": 1}}
    index = {"type": "content_block_delta", "index": 2}
    return events(
        {"type": "message_start", "message": {"usage": {"input_tokens": 9, "output_tokens": 1}}},
        {"type": "content_block_start", "index": 0, "content_block": used},
        {"type": "content_block_start", "index": 1, "content_block": result},
        {"type": "content_block_start", "index": 2, "content_block": {"type": "text", "text": ""}},
        *(
            {**index, "delta": {"type": "citations_delta", "citation": one}}
            for one in cited("web_search_result_location")
        ),
        {**index, "delta": {"type": "text_delta", "text": "Found."}},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": usage},
        {"type": "message_stop"},
    )


def generated() -> bytes:
    chunks = [{"web": {"uri": url, "title": title}} for url, title in (*CITED, *BAD)]
    grounding = {"groundingChunks": chunks, "webSearchQueries": ["what"]}
    usage = {"promptTokenCount": 9, "candidatesTokenCount": 2}
    content = {"content": {"role": "model", "parts": [{"text": "Found."}]}}
    return events(
        {"candidates": [content]},
        {
            "candidates": [{"finishReason": "STOP", "groundingMetadata": grounding}],
            "usageMetadata": usage,
        },
    )


@dataclass(frozen=True, slots=True)
class Wire:
    """How a service is asked to search (``wanted``, of what stands at ``at``), and answers."""

    model: str
    at: Callable[[dict[str, Any]], Any]
    wanted: Any
    answer: Callable[[], bytes]
    searches: int | None
    price: float | None = None


def tool(body: dict[str, Any]) -> Any:
    return next(iter(body.get("tools", ())), None)


WIRES = {
    "openai": Wire("gpt-5-mini", tool, {"type": "web_search"}, responses, 1),
    "openrouter": Wire(
        "openrouter/auto", lambda body: body.get("plugins"), [{"id": "web"}], chat, None, 0.0123
    ),
    "anthropic": Wire(
        "claude-sonnet-5-5",
        tool,
        {"type": "web_search_20250305", "name": "web_search", "max_uses": 8},
        messages,
        1,
    ),
    "gemini": Wire("gemini-3.8-flash", tool, {"googleSearch": {}}, generated, 1),
}


@dataclass
class Searching:
    """A service that searches if it is asked in its own words, and refuses other words."""

    wire: Wire
    piece: int | None = None
    bodies: list[dict[str, Any]] = field(default_factory=list)

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncGenerator[Response, None]:
        body = json.loads(request.body or b"{}")
        self.bodies.append(body)
        words = json.dumps(body).lower()
        asked = self.wire.at(body)
        is_refused = asked != self.wire.wanted and ("web_search" in words or "plugins" in words)
        said = b'{"error": {"message": "unknown field"}}' if is_refused else self.wire.answer()
        size = self.piece or len(said)
        pieces = [said[at : at + size] for at in range(0, len(said), size)]
        yield Response(400 if is_refused else 200, {}, _stream(pieces))


async def _stream(pieces: Any) -> AsyncGenerator[bytes, None]:
    for piece in pieces:
        yield piece


def open_service(name: str, piece: int | None = None, **settings: Any) -> Searching:
    service = Searching(WIRES[name], piece)
    configure(name, api_key="sk-secret", model=WIRES[name].model, transport=service, **settings)
    return service


@pytest.mark.parametrize("piece", [None, 1, 7])
@pytest.mark.parametrize("name", WIRES)
async def test_the_pages_are_recorded_and_told_as_data(name: str, piece: int | None) -> None:
    service = open_service(name, piece, web_search=True)
    answer = await ask("What is new?", tools=[])
    assert answer == "Found."
    assert service.wire.at(service.bodies[-1]) == service.wire.wanted
    records = [AIRecord.of(output) for output in ask.session.exchanges[-1].outputs]
    assert [record.sources for record in records if record.sources] == [PAGES]
    account = next(record.run for record in reversed(records) if record.run)
    assert account.usage is not None
    assert account.usage.searches == service.wire.searches
    assert account.price_usd == service.wire.price or "web search" in account.unpriced

    await ask("And what else?", tools=[])
    told = json.dumps(service.bodies[-1])
    assert "found these pages on the web" in told
    data = told.split("found these pages on the web")[1]
    assert data.index("[data ") < data.index("https://example.com/a?b=1") < data.index("[end of")
    assert "javascript:" not in told


@pytest.mark.parametrize("name", WIRES)
async def test_a_question_says_otherwise_than_the_settings(name: str) -> None:
    service = open_service(name, web_search=True)
    await ask("Hi", tools=[], web_search=False)
    assert service.wire.at(service.bodies[-1]) != service.wire.wanted
    service = open_service(name, web_search=False)
    await ask("Hi", tools=[])
    assert service.wire.at(service.bodies[-1]) != service.wire.wanted
    await ask("Hi", tools=[], web_search=True)
    assert service.wire.at(service.bodies[-1]) == service.wire.wanted


async def test_a_service_that_cannot_search_is_asked_without_and_says_so() -> None:
    service = Searching(WIRES["openrouter"])
    configure("groq", api_key="gsk-secret", model="m", transport=service, web_search=True)
    with pytest.warns(UserWarning, match="The web was not searched"):
        await ask("Hi", tools=[])
    assert "plugins" not in service.bodies[-1]
