"""Chat completions: a request to a body, and the records that real servers send to deltas."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runt_pyodide.errors import ContextLengthError, CutStreamError, ProtocolError, ServerError
from runt_pyodide.llm.messages import (
    ChatRequest,
    ChatSettings,
    Delta,
    FinishDelta,
    Image,
    Message,
    TextDelta,
    ThinkingDelta,
    ToolCall,
    ToolSpec,
    Usage,
    UsageDelta,
)
from runt_pyodide.llm.openai.chat import build_body
from tests.support.llm.chat_chunks import STOP, chunk, read


def test_a_body_holds_what_was_asked_for_and_no_more() -> None:
    assert build_body(ChatRequest((Message("user", "hi"),), "m")) == {
        "model": "m",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_a_body_with_everything() -> None:
    called = Message("assistant", "", tool_calls=(ToolCall("call_1", "add", '{"a": 1}'),))
    request = ChatRequest(
        messages=(Message("user", "hi"), called, Message("tool", "2", tool_call_id="call_1")),
        model="m",
        tools=(ToolSpec("add", "Adds.", {"type": "object"}),),
        system_prompt="Be brief.",
        settings=ChatSettings(0.5, 9, 0.9, seed=0, stop=("x", "y"), reasoning_effort="low"),
        response_format={"type": "object"},
    )
    function = {"name": "add", "description": "Adds.", "parameters": {"type": "object"}}
    wire_call = {
        "id": "call_1",
        "type": "function",
        "function": {"name": "add", "arguments": '{"a": 1}'},
    }
    assert build_body(request) == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "hi"},
            {"role": "assistant", "content": None, "tool_calls": [wire_call]},
            {"role": "tool", "content": "2", "tool_call_id": "call_1"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.5,
        "max_tokens": 9,
        "top_p": 0.9,
        "seed": 0,
        "stop": ["x", "y"],
        "reasoning_effort": "low",
        "tools": [{"type": "function", "function": function}],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": {"type": "object"}, "strict": True},
        },
    }


def test_images_are_parts_of_the_message() -> None:
    images = (Image("image/png", "iVBO"), Image("image/jpeg", "/9j/"))
    message = Message("user", "What are these?", images=images)
    urls = ("data:image/png;base64,iVBO", "data:image/jpeg;base64,/9j/")
    assert build_body(ChatRequest((message,), "m"))["messages"][0]["content"] == [
        {"type": "text", "text": "What are these?"},
        *({"type": "image_url", "image_url": {"url": url, "detail": "auto"}} for url in urls),
    ]


def test_a_state_of_another_provider_s_is_left_out() -> None:
    message = Message("assistant", "hi", state=({"type": "openai.responses", "model": "m"},))
    body = build_body(ChatRequest((message,), "m"))
    assert body["messages"] == [{"role": "assistant", "content": "hi"}]


USAGE = {"prompt_tokens": 3, "completion_tokens": 2}
COUNTED = UsageDelta(Usage(3, 2))
END = FinishDelta("stop")


def _kept(**fields: Any) -> tuple[dict[str, Any], ...]:
    both = {"reasoning_content": "hm", **fields}
    return ({"type": "openai.chat", **both},)


# Each a shape that a real server was seen to send.
SHAPES: dict[str, tuple[list[Any], list[Delta]]] = {
    "role first, content null": (
        [chunk({"role": "assistant", "content": None}), chunk({"content": "a"}), STOP],
        [TextDelta("a"), END],
    ),
    "delta null, choices missing": ([chunk(None), {}, STOP], [END]),
    "usage beside empty choices": ([STOP, {"choices": [], "usage": USAGE}], [COUNTED, END]),
    "usage beside a choice with an empty delta": (
        [STOP, {"choices": [{"index": 0, "delta": {}}], "usage": USAGE}],
        [COUNTED, END],
    ),
    "usage in the finish chunk": ([chunk({}, "stop", usage=USAGE)], [COUNTED, END]),
    "content with the finish reason": ([chunk({"content": "a"}, "stop")], [TextDelta("a"), END]),
    "DONE without a finish reason": ([chunk({"content": "a"}), "[DONE]"], [TextDelta("a"), END]),
    "DONE with more behind it": ([STOP, "[DONE] bye", chunk({"content": "late"})], [END]),
    **{
        name: (
            [chunk({name: "hm"}), STOP],
            [
                ThinkingDelta("hm"),
                FinishDelta("stop", state=({"type": "openai.chat", name: "hm"},)),
            ],
        )
        for name in ("reasoning", "reasoning_content")
    },
    "refusal": ([chunk({"refusal": "No."}), STOP], [TextDelta("No."), END]),
    "surrogates cut apart": (
        [
            '{"choices":[{"delta":{"content":"a\\ud83d"}}]}',
            '{"choices":[{"delta":{"content":"\\ude42"}}]}',
            STOP,
        ],
        [TextDelta("a"), TextDelta("\U0001f642"), END],
    ),
    "half a surrogate pair at the end": (
        ['{"choices":[{"delta":{"content":"a\\ud83d"}}]}', STOP],
        [TextDelta("a"), TextDelta("\ufffd"), END],
    ),
    "the end in another spelling": ([chunk({}, "EOS")], [END]),
    "an unknown finish reason": (
        [chunk({}, "eh")],
        [FinishDelta("stop", "The service ended the answer with a word that is not known: 'eh'.")],
    ),
    "a good end after a bad one": (
        [chunk({}, "max_tokens"), chunk({}, "stop")],
        [FinishDelta("length")],
    ),
    "a finish reason that is empty": ([chunk({"content": "a"}, ""), STOP], [TextDelta("a"), END]),
    "thinking under several names": (
        [chunk({"reasoning": "hm", "reasoning_content": "hm"}), STOP],
        [ThinkingDelta("hm"), FinishDelta("stop", state=_kept(reasoning="hm"))],
    ),
    "thinking in details alone": (
        [chunk({"reasoning_details": [{"type": "reasoning.text", "text": "hm"}]}), STOP],
        [
            ThinkingDelta("hm"),
            FinishDelta(
                "stop",
                state=(
                    {
                        "type": "openai.chat",
                        "reasoning_details": [{"type": "reasoning.text", "text": "hm"}],
                    },
                ),
            ),
        ],
    ),
    "content in parts of other names": (
        [
            chunk({"content": [{"type": "reasoning", "summary": [{"text": "hm"}]}]}),
            chunk({"content": ["a", {"text": "b"}, {"type": "refusal", "refusal": "c"}, {}]}),
            chunk({"content": {"type": "text", "text": {"content": "d"}}}),
            STOP,
        ],
        [ThinkingDelta("hm"), TextDelta("abc"), TextDelta("d"), END],
    ),
    "thinking in tags": (
        [chunk({"content": "<think>h"}), chunk({"content": "m</think>\n\na"}), STOP],
        [ThinkingDelta("h"), ThinkingDelta("m"), TextDelta("a"), END],
    ),
    "the message so far beside each delta": (
        [
            {"choices": [{"delta": {"content": "a"}, "message": {"content": "a"}}]},
            {"choices": [{"delta": {"content": "b"}, "message": {"content": "ab"}}]},
            {"choices": [{"delta": {}, "message": {"content": "ab"}, "finish_reason": "stop"}]},
        ],
        [TextDelta("a"), TextDelta("b"), END],
    ),
    "the message so far without a delta": (
        [
            {"choices": [{"message": {"content": "a"}}]},
            {"choices": [{"message": {"content": "ab"}, "finish_reason": "stop"}]},
        ],
        [TextDelta("a"), TextDelta("b"), END],
    ),
    "the whole message at the end": (
        [
            chunk({"content": "ab"}),
            {"choices": [{"message": {"content": "ab"}, "finish_reason": "stop"}]},
        ],
        [TextDelta("ab"), END],
    ),
    "two choices": (
        [
            {
                "choices": [
                    {"message": {"content": "a"}, "finish_reason": "stop"},
                    None,
                    {"message": {"content": "b"}, "finish_reason": "stop"},
                ]
            }
        ],
        [TextDelta("a"), TextDelta("b"), END],
    ),
    "usage that counts nothing": ([STOP, {"choices": [], "usage": {"total_tokens": 0}}], [END]),
    "usage as text": (
        [STOP, {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": "2"}}],
        [COUNTED, END],
    ),
    "records in a list": ([json.dumps([chunk({"content": "a"}), STOP])], [TextDelta("a"), END]),
    "the finish reason of calls without a call": ([chunk({}, "tool_calls")], [END]),
    "Mistral, at the end of the window": ([chunk({}, "model_length")], [FinishDelta("length")]),
    "Mistral's content in parts": (
        [
            chunk(
                {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]}
            ),
            chunk({"content": [{"type": "text", "text": "a"}, {"type": "reference"}]}),
            STOP,
        ],
        [ThinkingDelta("hm"), TextDelta("a"), END],
    ),
    "Groq's usage": ([chunk({}, "stop", x_groq={"id": "r", "usage": USAGE})], [COUNTED, END]),
    "usage with details": (
        [
            STOP,
            {
                "choices": [],
                "usage": {
                    **USAGE,
                    "prompt_tokens_details": {"cached_tokens": 1},
                    "completion_tokens_details": {"reasoning_tokens": 0},
                },
            },
        ],
        [UsageDelta(Usage(3, 2, 1, 0)), END],
    ),
    "not a stream: the whole message": (
        [{"choices": [{"message": {"content": "a"}, "finish_reason": "stop"}]}],
        [TextDelta("a"), END],
    ),
}


@pytest.mark.parametrize(("records", "deltas"), SHAPES.values(), ids=SHAPES.keys())
def test_shapes(records: list[Any], deltas: list[Delta]) -> None:
    assert read(*records) == deltas


@pytest.mark.parametrize("reason", ["error", "abort", "insufficient_system_resource"])
def test_an_end_that_the_server_calls_a_failure_is_one(reason: str) -> None:
    with pytest.raises(CutStreamError, match=f"early \\({reason}\\)"):
        read(chunk({"content": "a"}, reason), "[DONE]")


def test_a_stream_without_an_end_was_cut() -> None:
    with pytest.raises(CutStreamError, match="in the middle"):
        read(chunk({"content": "a"}))
    with pytest.raises(CutStreamError, match="before the answer"):
        read()


def test_an_error_in_the_stream_is_raised() -> None:
    with pytest.raises(ServerError, match="it fell over"):
        read({"error": {"message": "it fell over"}})
    with pytest.raises(ContextLengthError):
        read({"error": {"message": "too long", "code": "context_length_exceeded"}})
    with pytest.raises(ServerError, match="just text"):
        read({"error": "just text"})
    with pytest.raises(ServerError, match="it fell over"):
        read({"choices": [{"delta": {}, "error": {"message": "it fell over", "code": 502}}]})


@pytest.mark.parametrize(
    "data",
    [
        "{",
        "3",
        '"text"',
        '{"choices": 3}',
        '{"choices": [4]}',
        '{"choices": [{"delta": {"content": 4}}]}',
    ],
)
def test_what_is_no_chunk_is_a_protocol_error(data: str) -> None:
    with pytest.raises(ProtocolError):
        read(data)
