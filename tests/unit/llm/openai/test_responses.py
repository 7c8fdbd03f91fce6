"""The Responses API: a request to a body, and the events of a stream to deltas."""

from __future__ import annotations

import json
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
    AIResponse,
    ChatRequest,
    ChatSettings,
    Delta,
    FinishDelta,
    Image,
    Message,
    TextDelta,
    ThinkingDelta,
    ToolCall,
    ToolCallDelta,
    ToolSpec,
    Usage,
    UsageDelta,
)
from runt_pyodide.llm.openai.responses import build_body
from runt_pyodide.llm.openai.responses_events import EventReader
from runt_pyodide.llm.reply import Reply
from runt_pyodide.llm.wire.sse import SSEParser
from tests.support.data import DATA
from tests.support.llm.pieces import ways_to_cut

STREAMS = DATA / "responses"
CALLED = (ToolCall("call_a", "add", '{"a":1,"b":2}'), ToolCall("call_b", "now", "{}"))
USAGE = Usage(75, 212, 64, 192)


def read(*records: Any, end: bool = True) -> list[Delta]:
    reader = EventReader("m")
    deltas: list[Delta] = []
    for record in records:
        deltas += reader.read(record if isinstance(record, str) else json.dumps(record))
    return [*deltas, *reader.end()] if end else deltas


def read_pieces(pieces: list[bytes]) -> tuple[AIResponse | None, str, ProviderError | None]:
    """The whole turn, or the text that came before the error that it ended with."""
    parser, reader, reply = SSEParser(), EventReader("m"), Reply()
    try:
        for piece in pieces:
            for event in parser.feed(piece):
                for delta in reader.read(event.data):
                    reply.add(delta)
        for delta in reader.end():
            reply.add(delta)
    except ProviderError as error:
        return None, reply.text, error
    return reply.response(), reply.text, None


def read_stream(name: str) -> AIResponse:
    whole, _, error = read_pieces([(STREAMS / f"{name}.sse").read_bytes()])
    assert whole is not None, error
    return whole


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


def event(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": f"response.{kind}", **fields}


def done(status: str = "completed", **response: Any) -> dict[str, Any]:
    return event(status, response={"status": status, **response})


def message(text: str) -> dict[str, Any]:
    return {"type": "message", "content": [{"type": "output_text", "text": text}]}


ADD = {"type": "function_call", "call_id": "x", "name": "add", "arguments": '{"a":1}'}
NOTE = {"type": "reasoning", "summary": [{"type": "summary_text", "text": "a"}, {"text": "b"}]}
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
            event("output_item.done", output_index=0, item=ADD),
            done(),
        ],
        [
            ToolCallDelta(0, "x", "add"),
            ToolCallDelta(0, arguments='"'),
            ToolCallDelta(0, arguments='\U0001f642"'),
            FinishDelta("tool_calls"),
        ],
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
        (event("function_call_arguments.delta", output_index=0, delta="{"), ProtocolError),
        ("[DONE]", CutStreamError),
        (event("created", response={}), CutStreamError),
    ],
)
def test_what_is_no_answer(record: Any, kind: type[ProviderError]) -> None:
    with pytest.raises(ProviderError) as caught:
        read(record)
    assert type(caught.value) is kind


def test_a_body_holds_what_was_asked_for_and_no_more() -> None:
    assert build_body(ChatRequest((Message("user", "hi"),), "m")) == {
        "model": "m",
        "input": [{"role": "user", "content": "hi"}],
        "stream": True,
        "store": False,
        "include": ["reasoning.encrypted_content"],
        "reasoning": {"summary": "auto"},
    }


def test_a_body_with_everything() -> None:
    request = ChatRequest(
        messages=(
            Message("user", "What is this?", images=(Image("image/png", "iVBO"),)),
            Message("assistant", "A cat.", tool_calls=CALLED[:1]),
            Message("tool", "3", tool_call_id="call_a", tool_name="add"),
        ),
        model="m",
        tools=(ToolSpec("add", "Adds.", {"type": "object"}),),
        system_prompt="Be brief.",
        settings=ChatSettings(0.5, 9, 0.9, seed=1, stop=("x",), reasoning_effort="low"),
        response_format={"type": "object"},
    )
    body = build_body(request)
    assert body["input"] == [
        {
            "role": "user",
            "content": [
                {"type": "input_text", "text": "What is this?"},
                {
                    "type": "input_image",
                    "image_url": "data:image/png;base64,iVBO",
                    "detail": "auto",
                },
            ],
        },
        {"role": "assistant", "content": "A cat."},
        {
            "type": "function_call",
            "call_id": "call_a",
            "name": "add",
            "arguments": '{"a":1,"b":2}',
        },
        {"type": "function_call_output", "call_id": "call_a", "output": "3"},
    ]
    assert {name: body[name] for name in body if name not in ("input", "model", "stream")} == {
        "store": False,
        "include": ["reasoning.encrypted_content"],
        "reasoning": {"summary": "auto", "effort": "low"},
        "instructions": "Be brief.",
        "max_output_tokens": 9,
        "temperature": 0.5,
        "top_p": 0.9,
        "tools": [
            {
                "type": "function",
                "name": "add",
                "description": "Adds.",
                "parameters": {"type": "object"},
                "strict": False,
            }
        ],
        "text": {
            "format": {
                "type": "json_schema",
                "name": "answer",
                "schema": {"type": "object"},
                "strict": True,
            }
        },
    }


def turn_again(model: str = "m", **changes: Any) -> list[Any]:
    """What the next request holds of the recorded turn with reasoning, a text and two calls."""
    answer = read_stream("reasoning-and-calls")
    fields = {"content": answer.text, "tool_calls": answer.tool_calls, "state": answer.state}
    turn = Message("assistant", **{**fields, **changes})
    items: list[Any] = build_body(ChatRequest((turn,), model))["input"]
    return items


def test_reasoning_goes_back_before_what_it_led_to() -> None:
    first, text, second, *calls = turn_again()
    assert first == {
        "type": "reasoning",
        "id": "rs_1",
        "summary": [
            {"type": "summary_text", "text": "**Looking it up**"},
            {"type": "summary_text", "text": "The sum is easy."},
        ],
        "encrypted_content": "gAAAAABo-one",
    }
    assert text == {
        "type": "message",
        "role": "assistant",
        "content": "Let me add.",
        "phase": "commentary",
    }
    assert (second["id"], second["summary"]) == ("rs_2", [])
    assert [(call["call_id"], call["name"], call["arguments"]) for call in calls] == [
        (call.id, call.name, call.arguments) for call in CALLED
    ]


def test_reasoning_without_what_it_led_to_stays_out() -> None:
    kinds = [item["type"] for item in turn_again(tool_calls=CALLED[1:])]
    assert kinds == ["reasoning", "message", "function_call"]
    assert turn_again(tool_calls=CALLED[1:])[-1]["call_id"] == "call_b"


@pytest.mark.parametrize(
    "changes",
    [
        {"model": "another"},
        {"content": "Shortened."},
        {"state": ({"type": "another.provider", "x": 1},)},
        {"state": ()},
    ],
)
def test_a_state_that_does_not_fit_is_left_out(changes: dict[str, Any]) -> None:
    items = turn_again(**changes)
    said = changes.get("content", "Let me add.")
    assert items[0] == {"role": "assistant", "content": said}
    assert [item["call_id"] for item in items[1:]] == ["call_a", "call_b"]


def test_reasoning_that_cannot_be_found_again_is_not_kept() -> None:
    # Neither encrypted nor told, as where `include` was refused: its id leads nowhere.
    deltas = read(event("output_item.done", output_index=0, item=NOTE), done())
    assert deltas[-1] == FinishDelta("stop")
