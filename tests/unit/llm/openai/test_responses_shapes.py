"""The shapes in which services that speak the Responses API send what an answer holds."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.llm.messages import (
    Delta,
    FinishDelta,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    Usage,
    UsageDelta,
)
from tests.support.llm.responses_events import (
    NOTE,
    done,
    event,
    read,
)


def message(text: str) -> dict[str, Any]:
    return {"type": "message", "content": [{"type": "output_text", "text": text}]}


ADD = {"type": "function_call", "call_id": "x", "name": "add", "arguments": '{"a":1}'}


END = FinishDelta("stop")


SHAPES: dict[str, tuple[list[Any], list[Delta]]] = {
    "items that come whole": (
        [
            event("output_item.done", output_index=0, item=NOTE),
            event("output_item.done", output_index=1, item=message("hi")),
            event("output_item.done", output_index=2, item=ADD),
            done(),
        ],
        [
            *(ThinkingDelta("a"), ThinkingDelta("\n\nb"), TextDelta("hi")),
            *(ToolCallDelta(0, "x", "add"), ToolCallDelta(0, arguments='{"a":1}')),
            FinishDelta("tool_calls"),
        ],
    ),
    "a response that comes whole": (
        [{"object": "response", "status": "completed", "error": None, "output": [message("hi")]}],
        [TextDelta("hi"), END],
    ),
    "a whole response in the last event": ([done(output=[message("hi")])], [TextDelta("hi"), END]),
    "two messages": (
        [
            event("output_text.delta", output_index=0, delta="a"),
            event("output_text.delta", output_index=1, delta="b"),
            done(),
        ],
        [TextDelta("a"), TextDelta("\n\nb"), END],
    ),
    "surrogates cut apart": (
        [
            '{"type":"response.output_text.delta","output_index":0,"delta":"a\\ud83d"}',
            '{"type":"response.output_text.delta","output_index":0,"delta":"\\ude42\\ud83d"}',
            done(),
        ],
        [TextDelta("a"), TextDelta("\U0001f642"), TextDelta("\ufffd"), END],
    ),
    "arguments with surrogates cut apart": (
        [
            event("output_item.added", output_index=0, item={**ADD, "arguments": ""}),
            event("function_call_arguments.delta", output_index=0, delta='"\ud83d'),
            event("function_call_arguments.delta", output_index=0, delta='\ude42"'),
            event("output_item.done", output_index=0, item={**ADD, "arguments": '"\U0001f642"'}),
            done(),
        ],
        [
            ToolCallDelta(0, "x", "add"),
            ToolCallDelta(0, arguments='"'),
            ToolCallDelta(0, arguments='\U0001f642"'),
            FinishDelta("tool_calls"),
        ],
    ),
    "text in output_text.done alone": (
        [event("output_text.done", output_index=0, text="hi"), done(output=[message("hi")])],
        [TextDelta("hi"), END],
    ),
    "a refusal in content_part.done alone": (
        [
            event("content_part.done", item_id="m", part={"type": "refusal", "refusal": "no"}),
            done(),
        ],
        [TextDelta("no"), END],
    ),
    "text in every event that can carry it": (
        [
            event("output_item.added", output_index=0, item={**message(""), "id": "m"}),
            event("output_text.delta", output_index=0, item_id="other", delta="h"),
            event("output_text.delta", output_index=0, item_id="another", delta="i"),
            event("output_text.done", output_index=0, item_id="m", text="hi!"),
            event("output_item.done", output_index=0, item={**message("hi!"), "id": "x"}),
            done(output=[{**message("hi!"), "id": "y"}]),
        ],
        [TextDelta("h"), TextDelta("i"), TextDelta("!"), END],
    ),
    "text whose rest comes with the end": (
        [event("output_text.delta", item_id="m", delta="h"), done(output=[message("hi")])],
        [TextDelta("h"), TextDelta("i"), END],
    ),
    "two calls at a time, without an index": (
        [
            event("output_item.added", item={**ADD, "arguments": "", "call_id": "x"}),
            event("output_item.added", item={**ADD, "arguments": "", "call_id": "y"}),
            event("function_call_arguments.delta", item_id="fc_x", delta='{"a":1'),
            event("function_call_arguments.delta", item_id="fc_y", delta='{"a":2}'),
            event("function_call_arguments.delta", item_id="fc_x", delta="}"),
            event("output_item.done", item={**ADD, "call_id": "y", "arguments": '{"a":2}'}),
            event("output_item.done", item={**ADD, "call_id": "x"}),
            done(),
        ],
        [
            *(ToolCallDelta(0, "x", "add"), ToolCallDelta(1, "y", "add")),
            *(ToolCallDelta(0, arguments='{"a":1'), ToolCallDelta(1, arguments='{"a":2}')),
            *(ToolCallDelta(0, arguments="}"), FinishDelta("tool_calls")),
        ],
    ),
    "one index for two calls": (
        [
            event("output_item.added", output_index=0, item={**ADD, "arguments": "", "id": "i"}),
            event("output_item.done", output_index=0, item={**ADD, "id": "i"}),
            event("output_item.added", output_index=0, item={**ADD, "call_id": "y", "id": "j"}),
            done(),
        ],
        [
            *(ToolCallDelta(0, "x", "add"), ToolCallDelta(0, arguments='{"a":1}')),
            *(ToolCallDelta(1, "y", "add"), ToolCallDelta(1, arguments='{"a":1}')),
            FinishDelta("tool_calls"),
        ],
    ),
    "arguments before their call": (
        [
            event("function_call_arguments.delta", item_id="i", delta='{"a"'),
            event("function_call_arguments.done", item_id="i", arguments='{"a":1}'),
            event("output_item.done", item={**ADD, "id": "i"}),
            done(output=[ADD]),
        ],
        [ToolCallDelta(0, "x", "add", '{"a":1}'), FinishDelta("tool_calls")],
    ),
    "calls in the last event alone": (
        [done(output=[{**ADD, "arguments": {"a": 1}}, {**ADD, "call_id": "y"}])],
        [
            *(ToolCallDelta(0, "x", "add"), ToolCallDelta(0, arguments='{"a": 1}')),
            *(ToolCallDelta(1, "y", "add"), ToolCallDelta(1, arguments='{"a":1}')),
            FinishDelta("tool_calls"),
        ],
    ),
    "thinking in the events' ends": (
        [
            event("reasoning_summary_text.done", output_index=0, summary_index=0, text="a"),
            event("output_item.done", output_index=0, item=NOTE),
            event("output_text.delta", output_index=1, delta="hi"),
            done(),
        ],
        [ThinkingDelta("a"), ThinkingDelta("\n\nb"), TextDelta("hi"), END],
    ),
    "completed, but incomplete": (
        [
            event("output_text.delta", output_index=0, delta="hi"),
            event("completed", response={"status": "incomplete", "incomplete_details": None}),
        ],
        [TextDelta("hi"), FinishDelta("length")],
    ),
    "a reason in another spelling": (
        [done("incomplete", incomplete_details={"reason": "MAX_TOKENS"})],
        [FinishDelta("length")],
    ),
    "usage without details": (
        [done(usage={"input_tokens": 3, "output_tokens": 2})],
        [UsageDelta(Usage(3, 2)), END],
    ),
    "unknown events, DONE, and what comes after the end": (
        [event("web_search_call.searching"), {"type": "new"}, done(), "[DONE]", "{"],
        [END],
    ),
}


@pytest.mark.parametrize(("records", "deltas"), SHAPES.values(), ids=SHAPES.keys())
def test_shapes(records: list[Any], deltas: list[Delta]) -> None:
    assert read(*records) == deltas
