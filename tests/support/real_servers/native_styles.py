"""The ways in which the services that have a language of their own send calls: see call_styles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.support.real_servers.call_styles import Calls, Record, Style, cut, interleave
from tests.support.real_servers.gold_calls import GoldCall


def _use(index: int, call: GoldCall, given: Any) -> Record:
    return {"type": "tool_use", "id": f"toolu_{index:024x}", "name": call.name, "input": given}


def _block(index: int, call: GoldCall, size: int) -> list[Record]:
    begun = {"type": "content_block_start", "content_block": _use(index, call, {})}
    pieces = ["", *(cut(call.text, size) if call.arguments else ())]
    deltas = ({"type": "input_json_delta", "partial_json": piece} for piece in pieces)
    made = [begun, *({"type": "content_block_delta", "delta": delta} for delta in deltas)]
    return [{**one, "index": index} for one in (*made, {"type": "content_block_stop"})]


def _message(content: list[Record], word: str | None) -> Record:
    return {"type": "message", "content": content, "stop_reason": word, "usage": {}}


def _blocks(size: int, *, mixed: bool = False) -> Any:
    def records(calls: Calls) -> Iterator[Record]:
        yield {"type": "message_start", "message": _message([], None)}
        rows = [_block(index, call, size) for index, call in enumerate(calls)]
        yield from interleave(*rows) if mixed else (one for row in rows for one in row)
        yield {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {}}
        yield {"type": "message_stop"}

    return records


def _at_once(calls: Calls) -> Iterator[Record]:
    for index, call in enumerate(calls):
        block = _use(index, call, call.arguments)
        yield {"type": "content_block_start", "index": index, "content_block": block}
    yield {"type": "message_delta", "delta": {"stop_reason": "tool_use"}}


def _whole(calls: Calls) -> Iterator[Record]:
    yield _message([_use(*one, one[1].arguments) for one in enumerate(calls)], "tool_use")


ANTHROPIC = (
    Style("anthropic", "in pieces", _blocks(11)),
    Style("anthropic", "a character a piece", _blocks(1)),
    Style("anthropic", "by turns", _blocks(6, mixed=True)),
    Style("anthropic", "with the beginning of its block", _at_once),
    Style("anthropic", "not streamed", _whole, whole=True),
)


def _made(index: int, call: GoldCall, **more: Any) -> Record:
    return {"functionCall": {"name": call.name, "args": call.arguments, **more}}


def _candidate(parts: list[Record], word: str | None = None) -> Record:
    ending = {"finishReason": word} if word else {}
    return {"candidates": [{"content": {"role": "model", "parts": parts}, **ending}]}


def _one_by_one(*, ids: bool) -> Any:
    def records(calls: Calls) -> Iterator[Record]:
        for index, call in enumerate(calls):
            part = _made(index, call, **({"id": f"fc{index:06x}"} if ids else {}))
            yield _candidate([part if index else {**part, "thoughtSignature": "c2ln"}])
        yield _candidate([{"text": ""}], "STOP")

    return records


def _together(calls: Calls) -> Iterator[Record]:
    yield _candidate([_made(*one) for one in enumerate(calls)], "STOP")


GEMINI = (
    Style("gemini", "a chunk for each", _one_by_one(ids=True)),
    Style("gemini", "without ids", _one_by_one(ids=False)),
    Style("gemini", "in one chunk", _together),
    Style("gemini", "not streamed", _together, whole=True),
)
