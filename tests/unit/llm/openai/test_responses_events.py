"""The events of a stream of the Responses API to deltas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runt_pyodide.errors import (
    ContentFilterError,
    CutStreamError,
    ProtocolError,
    ProviderError,
    RateLimitError,
    ServerError,
)
from runt_pyodide.llm.messages import (
    Delta,
    FinishDelta,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    Usage,
    UsageDelta,
)
from tests.support.llm.pieces import ways_to_cut
from tests.support.llm.responses_events import (
    CALLED,
    NOTE,
    STREAMS,
    done,
    event,
    read,
    read_pieces,
    read_stream,
)
from tests.support.server.captures import load_capture

USAGE = Usage(75, 212, 64, 192)


@pytest.mark.parametrize("path", sorted(STREAMS.glob("*.sse")), ids=lambda path: path.stem)
def test_every_stream_reads_the_same_at_every_split(path: Path) -> None:
    data = path.read_bytes()
    whole, text, error = read_pieces([data])
    assert text
    for pieces in ways_to_cut(data):
        again = read_pieces(pieces)
        assert (again[0], again[1], str(again[2])) == (whole, text, str(error))


@pytest.mark.parametrize("path", sorted(STREAMS.glob("*.sse")), ids=lambda path: path.stem)
def test_a_stream_that_ends_too_early_is_never_a_success(path: Path) -> None:
    data = path.read_bytes()
    last = data.rstrip().rindex(b"data:")
    for length in range(0, last, 13):
        _, _, error = read_pieces([data[:length]])
        assert isinstance(error, CutStreamError)


CAPTURED: dict[str, tuple[str, list[str], str]] = {
    "aimock-cut": ("Half an answer", [], "length"),
    "aimock-failed": ("Half an answer", [], "ServerError"),
    "litellm-repeated": ("That was the second cell.", [], "stop"),
    "llamaserver-calls": (
        "I look at both.\n",
        ['{"city": "Paris"}', '{"city": "\u5317\u4eac \\"centre\\"\\n"}'],
        "tool_calls",
    ),
}


@pytest.mark.parametrize("name", CAPTURED)
def test_captures_of_real_servers_read_the_same_at_every_split(name: str) -> None:
    body = load_capture(f"responses/{name}").body
    for split in range(0, len(body), 7):
        whole, text, error = read_pieces([body[:split], body[split:]])
        calls = [call.arguments for call in whole.tool_calls] if whole else []
        end = whole.finish_reason if whole else type(error).__name__
        assert (text, calls, end) == CAPTURED[name]


def test_text() -> None:
    answer = read_stream("text")
    assert answer.text == "Gr\u00fc\u00dfe, \u4f60\u597d \u2028\u0085\U0001f642!"
    assert (answer.finish_reason, answer.usage, answer.state) == ("stop", USAGE, ())


def test_reasoning_and_calls() -> None:
    answer = read_stream("reasoning-and-calls")
    assert answer.thinking == "**Looking it up**\n\nThe sum is easy."
    assert answer.text == "Let me add."
    assert answer.tool_calls == CALLED
    assert answer.finish_reason == "tool_calls"
    head, *items = answer.state
    assert head == {"type": "openai.responses", "model": "m"}
    assert [item["type"] for item in items] == [
        *("reasoning", "message", "reasoning", "function_call", "function_call")
    ]
    # What came with response.output_item.added may be a part of it.
    assert items[0]["encrypted_content"] == "gAAAAABo-one"


def test_reasoning_of_open_models() -> None:
    answer = read_stream("open-model")
    assert (answer.thinking, answer.text) == ("Plain thought.", "Yes.")
    assert answer.state[1]["content"] == [{"type": "reasoning_text", "text": "Plain thought."}]


def test_a_refusal_is_what_the_model_says() -> None:
    assert read_stream("refusal").text == "I cannot help with that."


def test_how_an_answer_is_cut() -> None:
    assert read_stream("incomplete").finish_reason == "length"
    assert read_stream("incomplete").text == "Half an "
    assert read_stream("filtered").finish_reason == "content_filter"


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [("failed", ServerError, "The model fell over."), ("error", RateLimitError, "Slow down.")],
)
def test_failures_in_mid_answer(name: str, kind: type[ProviderError], said: str) -> None:
    _, text, error = read_pieces([(STREAMS / f"{name}.sse").read_bytes()])
    assert text == "Half an "
    assert type(error) is kind and said in error.message


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


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        ({"type": "error", "error": {"message": "x", "code": "server_error"}}, ServerError),
        ({"error": {"message": "x", "code": "rate_limit_exceeded"}}, RateLimitError),
        (done("failed", error={"code": "invalid_prompt", "message": "x"}), ContentFilterError),
        (done("failed", error=None), ServerError),
        (done("incomplete", incomplete_details={"reason": "steered"}), CutStreamError),
        (done("cancelled"), CutStreamError),
        ("3", ProtocolError),
        ("{", ProtocolError),
        ({"id": "x"}, ProtocolError),
        (event("output_text.delta"), ProtocolError),
        (event("function_call_arguments.delta", output_index=0), ProtocolError),
        ("[DONE]", CutStreamError),
        (event("created", response={}), CutStreamError),
    ],
)
def test_what_is_no_answer(record: Any, kind: type[ProviderError]) -> None:
    with pytest.raises(ProviderError) as caught:
        read(record)
    assert type(caught.value) is kind
