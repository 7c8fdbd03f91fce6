"""The fast path through a stream has the same result as parsing every event, for any stream."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.errors import ProviderError, ServerError
from runt_pyodide.llm.messages import Delta, FinishDelta, TextDelta, ThinkingDelta
from runt_pyodide.llm.openai.chat import ChunkReader
from runt_pyodide.llm.openai.stream import EventStream, join_texts
from runt_pyodide.llm.wire.answer import AnswerStream
from runt_pyodide.llm.wire.records import RecordStream
from runt_pyodide.llm.wire.sse import SSEDataParser
from tests.support.server.captures import capture_names, load_capture

Outcome = tuple[list[Delta], str]


class CountingReader(ChunkReader):
    """Counts the records that it is given."""

    count = 0

    def read(self, data: str) -> list[Delta]:
        self.count += 1
        return super().read(data)


def read_shortly(pieces: Iterable[bytes]) -> Outcome:
    stream = EventStream(ChunkReader)
    return collect(stream.feed, stream.end, pieces)


def read_plainly(pieces: Iterable[bytes]) -> Outcome:
    """By the parser and the reader alone, record by record."""
    stream = RecordStream(SSEDataParser(), ChunkReader())
    return collect(stream.feed, stream.end, pieces)


def collect(
    feed: Callable[[bytes], Iterable[Delta]],
    end: Callable[[], Iterable[Delta]],
    pieces: Iterable[bytes],
) -> Outcome:
    """What a stream gives in the end, its texts joined, and the error that it ends with."""
    deltas: list[Delta] = []
    error = ""
    try:
        for piece in pieces:
            for delta in feed(piece):
                deltas.append(delta)  # noqa: PERF402 -- extend() would lose them at an error
        deltas += end()
    except ProviderError as raised:
        error = f"{raised!r} {raised}"
    return list(join_texts(deltas)), error


def count_records(body: bytes) -> int:
    """How many records are parsed where the whole body comes at once."""
    readers: list[CountingReader] = []

    def open_reader() -> CountingReader:
        readers.append(CountingReader())
        return readers[-1]

    list(EventStream(open_reader).feed(body))
    return sum(reader.count for reader in readers)


# Streams as servers write them, and such as no server should: runs of events in one envelope, and
# lone events of all kinds.

Chunk = dict[str, Any]
HEADS: list[Chunk] = [
    {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m"},
    {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 2, "model": "m"},
    {"model": 'a "content":"b" \\', "system_fingerprint": None, "error": None},
    {},
]
TEXTS = st.text(max_size=4) | st.sampled_from(
    ['"', "\\", "\n", "\u2028", "\x00", "\x7f", "\U0001f642", "<thi", "nk>", "</think>"]
)
HALVES = st.sampled_from([r"\ud83d", r"\ude42", r"\ud83d\ude42", r"\u00e9", r"\\ud83d"])
BROKEN = [rb"\x", rb"\u12", rb"\u", b"a\\", b"\xff", b"\xe2\x82", b"\xac"]
ODD_INSIDES = st.sampled_from([*BROKEN, b'"', b'","x":"', b"\t", b"\0", b"\1"])
STYLES: list[dict[str, Any]] = [
    {"separators": (",", ":"), "ensure_ascii": False},
    {"separators": (",", ":")},
    {},
    {"separators": (" , ", " : "), "ensure_ascii": False},
]
LINES = [
    b"data: %b\n\n",
    b"data:%b\n\n",
    b"event: ping\ndata: %b\n\n",
    b"data: %b\r\n\r\n",
    b"event: x\ndata: %b\n\n",
    b": x\ndata: %b\n\n",
]
LONE = st.sampled_from(
    [
        b": keep-alive\n\n",
        b"\n",
        b"\n\n",
        b"event: ping\n\n",
        b"\r",
        b"data: \n\n",
        b"data: {}\n\n",
        b'data: {"error":{"message":"no"}}\n\n',
        b"data: [DONE]\n\n",
        b"data: {\ndata: }\n\n",
        b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n',
        b'data: {"choices":[],"usage":{"prompt_tokens":1}}\n\n',
        b'data: {"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"f"}}]}}]}\n\n',
    ]
)


@st.composite
def runs(draw: st.DrawFn) -> bytes:
    """Events that differ in their text alone, but for one with something odd in its place."""
    key = draw(st.sampled_from(["content", "content", "reasoning_content", "reasoning", "refusal"]))
    delta: Chunk = {key: "@@"}
    if draw(st.booleans()):
        delta = {"role": "assistant", "tool_calls": None, **delta, "content" * 2: "x"}
    choice = draw(
        st.sampled_from(
            [
                {"index": 0, "delta": delta, "logprobs": None, "finish_reason": None},
                {"delta": delta, "finish_reason": draw(st.sampled_from(["", "stop", "error"]))},
                {"delta": delta, "logprobs": {"content": [{"token": "content"}]}},
            ]
        )
    )
    chunk = {**draw(st.sampled_from(HEADS)), "choices": [choice]}
    if draw(st.booleans()):
        chunk["obfuscation"] = "##"
    style, line = draw(st.sampled_from(STYLES)), draw(st.sampled_from(LINES))
    template = line % json.dumps(chunk, **style).encode()
    escape = style.get("ensure_ascii", True)
    plain = TEXTS.map(
        lambda text: json.dumps(text, ensure_ascii=escape)[1:-1].encode("utf-8", "replace")
    )
    insides = draw(st.lists(plain | HALVES.map(str.encode), min_size=1, max_size=12))
    if draw(st.integers(0, 3)) == 0:
        insides.insert(draw(st.integers(0, len(insides))), draw(ODD_INSIDES))
    events = [template.replace(b"@@", inside) for inside in insides]
    return b"".join(event.replace(b"##", b"x" * draw(st.integers(0, 3))) for event in events)


@st.composite
def streams(draw: st.DrawFn) -> list[bytes]:
    """Some runs and lone events, now and then with a byte changed, in any pieces."""
    body = b"".join(draw(st.lists(runs() | runs() | LONE, max_size=5)))
    if body and draw(st.integers(0, 4)) == 0:
        at = draw(st.integers(0, len(body) - 1))
        body = body[:at] + draw(st.binary(max_size=2)) + body[at + draw(st.integers(0, 2)) :]
    return cut(body, draw(st.lists(st.integers(0, len(body)), max_size=4)))


def cut(body: bytes, places: Iterable[int]) -> list[bytes]:
    ends = [0, *sorted(places), len(body)]
    return [body[start:end] for start, end in pairwise(ends)]


@given(streams())
def test_generated_streams(pieces: list[bytes]) -> None:
    assert read_shortly(pieces) == read_plainly(pieces)


@pytest.mark.parametrize("name", capture_names())
@given(places=st.lists(st.integers(0, 20_000), max_size=6), repeat=st.integers(1, 6))
def test_recorded_streams(name: str, places: list[int], repeat: int) -> None:
    # Repeated, since the captures are short: what comes before the answer's end, once more each.
    events = load_capture(name).body.split(b"\n\n")
    body = b"\n\n".join(event for event in events[:-3] for _ in range(repeat))
    body = b"\n\n".join([body, *events[-3:]])
    pieces = cut(body, [min(place, len(body)) for place in places])
    assert read_shortly(pieces) == read_plainly(pieces)


@pytest.mark.parametrize("name", capture_names())
def test_recorded_streams_at_every_split(name: str) -> None:
    body = load_capture(name).body
    whole = read_plainly([body])
    assert read_shortly(body[at : at + 1] for at in range(len(body))) == whole
    for split in range(0, len(body), 5):
        assert read_shortly([body[:split], body[split:]]) == whole


def event(text: str, **more: Any) -> bytes:
    padding = {"obfuscation": more.pop("obfuscation")} if "obfuscation" in more else {}
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
    chunk = {**more, "choices": [choice], **padding}
    return f"data: {json.dumps(chunk)}\n\n".encode()


FINISH = b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'


def test_events_in_one_envelope_are_parsed_as_one() -> None:
    body = b"".join(event(f'{n} "\\\n\u00e9') for n in range(1000)) + FINISH
    assert read_shortly([body])[0] == [
        TextDelta("".join(f'{n} "\\\n\u00e9' for n in range(1000))),
        FinishDelta("stop"),
    ]
    assert count_records(body) < 15


def test_so_they_are_with_padding_and_with_other_events_between() -> None:
    # The time changes now and then, as it does with every second, and the server keeps alive.
    events = [event("x", created=n // 300, obfuscation="y" * (n % 5)) for n in range(900)]
    for place in range(800, 0, -100):
        events.insert(place, b": ping\n\n")
    body = b"".join(events) + FINISH
    assert read_shortly([body])[0] == [TextDelta("x" * 900), FinishDelta("stop")]
    assert count_records(body) < 70


def test_thinking_is_merged_too_and_stays_apart_from_the_text() -> None:
    thought = event("x").replace(b'"content"', b'"reasoning_content"')
    body = thought * 100 + event("a") * 100 + thought * 100 + FINISH
    assert read_shortly([body])[0] == [
        ThinkingDelta("x" * 100),
        TextDelta("a" * 100),
        ThinkingDelta("x" * 100),
        FinishDelta("stop", state=({"type": "openai.chat", "reasoning_content": "x" * 200},)),
    ]
    assert count_records(body) < 40


def test_what_must_come_back_whole_is_not_merged_with_others() -> None:
    """Events that differ in their text alone, and each of which brings a part of the state."""
    detail = {"type": "reasoning.text", "text": "ha", "index": 0}
    chunks = [
        {"choices": [{"delta": {"reasoning": "ha", "reasoning_details": [detail]}}]},
    ] * 100
    body = b"".join(b"data: " + json.dumps(one).encode() + b"\n\n" for one in chunks) + FINISH
    deltas = read_shortly([body])[0]
    assert isinstance(deltas[-1], FinishDelta)
    (state,) = deltas[-1].state
    assert state["reasoning_details"] == [{**detail, "text": "ha" * 100}]
    assert state["reasoning"] == "ha" * 100


def test_envelopes_that_change_with_every_event_cost_little() -> None:
    body = b"".join(event("x", id=f"{n}") for n in range(5000)) + FINISH
    # Learning is one more record or two, now and then.
    assert 5000 <= count_records(body) < 5000 * 1.02


def test_a_character_that_is_cut_by_the_end_of_its_event_stays_cut() -> None:
    first, last = event("@").split(b"@")
    halves = [first + half + last for half in (b"\xe2\x82", b"\xac")]
    body = event("a") * 10 + b"".join(halves) + event("b") * 10 + FINISH
    assert read_shortly([body])[0][0] == TextDelta("a" * 10 + "\ufffd\ufffd" + "b" * 10)


def test_what_came_before_an_error_is_given_before_it() -> None:
    body = event("a") * 50 + b'data: {"error":{"message":"overloaded","code":500}}\n\n'
    stream = EventStream(ChunkReader)
    deltas = stream.feed(body)
    assert next(deltas) == TextDelta("a")  # the first is given at once
    assert next(deltas) == TextDelta("a" * 49)
    with pytest.raises(ServerError, match="overloaded"):
        next(deltas)


WHOLE = b'{"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]}'
EVENT = b'data: {"choices":[{"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\n'


@pytest.mark.parametrize("body", [WHOLE, b"\n \n" + WHOLE + b"\n", EVENT, b"\n\n" + EVENT])
def test_an_answer_is_read_as_what_it_is_at_every_cut(body: bytes) -> None:
    for cut in range(len(body) + 1):
        stream = AnswerStream(ChunkReader)
        outcome = collect(stream.feed, stream.end, [body[:cut], body[cut:]])
        assert outcome == ([TextDelta("hi"), FinishDelta("stop")], "")


def test_an_answer_of_nothing_was_cut() -> None:
    stream = AnswerStream(ChunkReader)
    assert "before the answer began" in collect(stream.feed, stream.end, [b"", b" \n"])[1]
