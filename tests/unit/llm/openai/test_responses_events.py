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
    Usage,
)
from tests.support.llm.pieces import ways_to_cut
from tests.support.llm.responses_events import (
    CALLED,
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
