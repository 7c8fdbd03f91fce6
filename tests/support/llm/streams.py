"""Streamed answers as services write them, and such as no service should, of every wire: runs of
records that differ in their text alone, and lone records of all kinds. And what a stream gives."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from runt_pyodide.errors import ProtocolError, ProviderError
from runt_pyodide.json_text import is_json
from runt_pyodide.llm.messages import Delta
from runt_pyodide.llm.ollama.chat import ChatReader
from runt_pyodide.llm.openai.chat import ChunkReader
from runt_pyodide.llm.openai.responses_events import EventReader
from runt_pyodide.llm.wire.frames import EVENTS, LINES
from runt_pyodide.llm.wire.json_scan import is_unfinished
from runt_pyodide.llm.wire.records import RecordReader
from runt_pyodide.llm.wire.sse import read_event
from runt_pyodide.llm.wire.stream import RecordStream, join_deltas

Outcome = tuple[list[Delta], str]
Record = dict[str, Any]
TEXT, COUNT, PADDING = "@@", "##", "%%"
"""What stands in a record for its text, for a number, and for a field that says nothing."""


@dataclass(frozen=True)
class Wire:
    """A service's records: how they are framed and read, a strategy of alike ones, and lone
    records, as bytes."""

    framing: bytes
    open_reader: Callable[[], RecordReader]
    records: st.SearchStrategy[Record]
    lone: tuple[bytes, ...]
    before: bytes = b""


def read_shortly(wire: Wire, pieces: Iterable[bytes]) -> Outcome:
    """By the stream, in these pieces."""
    stream = RecordStream(wire.framing, wire.open_reader)

    def deltas() -> Iterator[Delta]:
        for piece in pieces:
            yield from stream.feed(piece)
        yield from stream.end()

    return collect(deltas())


def read_plainly(wire: Wire, body: bytes) -> Outcome:
    """By the reader alone, record by record. The last one may have been cut."""
    reader = wire.open_reader()

    def deltas() -> Iterator[Delta]:
        *records, last = _records(wire.framing, body)
        for record in records:
            yield from reader.read(record) if record and not reader.done else ()
        try:
            yield from reader.read(last) if last and not reader.done else ()
        except ProtocolError:
            if not is_unfinished(last):
                raise
        yield from reader.end()

    return collect(deltas())


def _records(framing: bytes, body: bytes) -> Iterator[str]:
    """Yield the records, the last of them the one that no end follows, or ""."""
    if framing == LINES:
        first = body.lstrip().partition(b"\n")[0].decode("utf-8", "replace")
        for line in body.split(b"\n") if is_json(first) else [body]:
            yield line.strip(b" \t\r\n").decode("utf-8", "replace")
        return
    event: list[bytes] = []
    *lines, rest = re.split(rb"\r\n|\n|\r", body)
    for line in lines:
        if line:
            event.append(line)
        elif event:
            yield read_event(b"\n".join(event))
            event = []
    yield read_event(b"\n".join([*event, rest]))


def collect(deltas: Iterable[Delta]) -> Outcome:
    """What a stream gives in the end, neighbours joined, and the error that it ends with."""
    given: list[Delta] = []
    error = ""
    try:
        for delta in deltas:
            given.append(delta)  # noqa: PERF402 -- extend() would lose them at an error
    except ProviderError as raised:
        error = f"{raised!r} {raised}"
    return list(join_deltas(given)), error


def count_records(wire: Wire, body: bytes) -> int:
    """How many records are parsed if the whole body comes at once."""
    count = 0

    def open_reader() -> RecordReader:
        reader = wire.open_reader()
        read = reader.read

        def counting(data: str) -> list[Delta]:
            nonlocal count
            count += 1
            return read(data)

        reader.read = counting  # type: ignore[method-assign]
        return reader

    list(RecordStream(wire.framing, open_reader).feed(body))
    return count


def cut(body: bytes, places: Iterable[int]) -> list[bytes]:
    ends = [0, *sorted(min(place, len(body)) for place in places), len(body)]
    return [body[start:end] for start, end in pairwise(ends)]


def event(record: Any) -> bytes:
    return b"data: " + json.dumps(record).encode() + b"\n\n"


def line(record: Any) -> bytes:
    return json.dumps(record).encode() + b"\n"


@st.composite
def _chunks(draw: st.DrawFn) -> Record:
    """Chunks of chat completions with text, thinking or a refusal."""
    name = draw(
        st.sampled_from(["content", "content", "reasoning_content", "reasoning", "refusal"])
    )
    delta: Record = {name: TEXT}
    if draw(st.booleans()):
        delta = {"role": "assistant", "tool_calls": None, **delta, "content" * 2: "x"}
    beside = st.sampled_from(
        [
            {"reasoning_details": [{"type": "reasoning.text", "text": "ha", "index": 0}]},
            {"tool_calls": [{"index": 0, "function": {"arguments": " "}}]},
            {"reasoning": "ha"},
        ]
    )
    if draw(st.integers(0, 5)) == 0:
        delta = {**draw(beside), **delta}
    return draw(_around(delta))


@st.composite
def _call_chunks(draw: st.DrawFn) -> Record:
    """Chunks of chat completions with arguments of calls, as servers differ in them."""
    piece: Record = {"index": draw(st.sampled_from([0, 0, 0, 1])), "function": {"arguments": TEXT}}
    if draw(st.integers(0, 3)) == 0:
        piece["function"]["name"] = draw(st.sampled_from(["f", "g", ""]))
    if draw(st.integers(0, 3)) == 0:
        piece["id"] = draw(st.sampled_from(["a", "b", "", None]))
    if draw(st.integers(0, 3)) == 0:
        del piece["index"]
    pieces = [piece]
    if draw(st.integers(0, 7)) == 0:
        pieces.append({"index": 1, "function": {"arguments": draw(st.sampled_from(["", "x"]))}})
    delta: Record = {"tool_calls": pieces}
    if draw(st.integers(0, 5)) == 0:
        delta["content"] = draw(st.sampled_from(["", None, "t"]))
    return draw(_around(delta))


@st.composite
def _around(draw: st.DrawFn, delta: Record) -> Record:
    more = st.sampled_from(
        [
            {},
            {"index": 0, "logprobs": None, "finish_reason": None},
            {"finish_reason": draw(st.sampled_from(["", "stop", "error"]))},
            {"logprobs": {"content": [{"token": "content"}]}},
            {"message": {"content": "whole"}},
        ]
    )
    choices = [{"delta": delta, **draw(more | more | st.just({}))}]
    if draw(st.integers(0, 7)) == 0:
        choices.append({"index": 1, "delta": {"content": draw(st.sampled_from(["", "y"]))}})
    head = st.sampled_from(
        [
            {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m"},
            {"id": PADDING, "created": COUNT, "model": "m", "usage": None},
            {"model": 'a "content":"b" \\', "system_fingerprint": None, "error": None},
            {},
        ]
    )
    chunk = {**draw(head), "choices": choices}
    return {**chunk, "obfuscation": PADDING} if draw(st.booleans()) else chunk


@st.composite
def _response_events(draw: st.DrawFn) -> Record:
    texts = ("output_text", "refusal", "reasoning_summary_text", "reasoning_text")
    kind = draw(st.sampled_from([*texts, *["function_call_arguments"] * 3, "audio"]))
    record: Record = {"type": f"response.{kind}.delta", "sequence_number": COUNT}
    names = st.sampled_from(
        [{"output_index": 0}, {"output_index": 1}, {"item_id": "i"}, {"item_id": PADDING}, {}]
    )
    record |= draw(names)
    if kind.startswith("reasoning"):
        record["summary_index"] = draw(st.sampled_from([0, 1]))
    record["delta"] = TEXT
    if draw(st.booleans()):
        record["logprobs"] = draw(st.sampled_from([[], [{"delta": "x"}], None]))
    return {**record, "obfuscation": PADDING} if draw(st.booleans()) else record


@st.composite
def _ollama_records(draw: st.DrawFn) -> Record:
    message: Record = {"role": "assistant", draw(st.sampled_from(["content", "thinking"])): TEXT}
    if draw(st.integers(0, 3)) == 0:
        name = draw(st.sampled_from(["content", "thinking", "images"]))
        message = {name: draw(st.sampled_from(["", "q", None])), **message}
    if draw(st.integers(0, 7)) == 0:
        call = {"id": "c", "function": {"name": "f", "arguments": {"content": "z", "1": 2}}}
        message["tool_calls"] = draw(st.sampled_from([[], [call]]))
    done = draw(st.sampled_from([False, False, False, True]))
    head = {"model": 'm "content":"b"', "created_at": PADDING}
    return {**head, "message": message, "done": done}


def _item(index: int, call_id: str) -> Record:
    item = {"type": "function_call", "call_id": call_id, "name": "f"}
    return {"type": "response.output_item.added", "output_index": index, "item": item}


def _begun(index: int, call_id: str) -> bytes:
    call = {"index": index, "id": call_id, "function": {"name": "f", "arguments": ""}}
    return event({"choices": [{"delta": {"tool_calls": [call]}}]})


ANY_EVENT = (
    b": keep-alive\n\n",
    b"\n",
    b"\n\n",
    b"\r",
    b"event: ping\ndata: {}\n\n",
    b"data: \n\n",
    b"data: {}\n\n",
    b"data: {\ndata: }\n\n",
    b'data: {"error":{"message":"no"}}\n\n',
    b"event: error\ndata: no\n\n",
)
_CHAT = (
    *ANY_EVENT,
    b"data: [DONE]\n\n",
    event({"choices": [{"delta": {}, "finish_reason": "stop"}]}),
    event({"choices": [], "usage": {"prompt_tokens": 1}}),
    *(_begun(index, call_id) for index in (0, 1) for call_id in "ab"),
)
FINISH = event({"choices": [{"delta": {}, "finish_reason": "stop"}]}) + b"data: [DONE]\n\n"
COMPLETED = event({"type": "response.completed", "response": {"status": "completed"}})
WIRES = {
    "chat": Wire(EVENTS, ChunkReader, _chunks(), _CHAT),
    "calls": Wire(EVENTS, ChunkReader, _call_chunks(), _CHAT, _begun(0, "a") + _begun(1, "b")),
    "responses": Wire(
        EVENTS,
        lambda: EventReader("m"),
        _response_events(),
        (*ANY_EVENT, COMPLETED, *(event(_item(n % 2, one)) for n, one in enumerate("cdef"))),
        event(_item(0, "c")) + event(_item(1, "d")),
    ),
    "ollama": Wire(
        LINES,
        lambda: ChatReader(lambda: "call_x"),
        _ollama_records(),
        (b"\n", b"{}\n", b'{"error":"x"}\n', b"{", b"  \r\n", line({"message": {}, "done": True})),
        b"{}\n",
    ),
}

_PLAIN_TEXTS = st.text(max_size=4) | st.sampled_from(
    ['"', "\\", "\n", "\u2028", "\x00", "\x7f", "\U0001f642", "<thi", "nk>", "</think>", "~0~"]
)
_ARGUMENTS = st.sampled_from(["{}", " ", "null", "", '{"a"', ":1}", '{"b":2}', "[", "]", '""'])
_HALVES = st.sampled_from([r"\ud83d", r"\ude42", r"\ud83d\ude42", r"\u00e9", r"\\ud83d"])
_BROKEN = [rb"\x", rb"\u12", rb"\u", b"a\\", b"\xff", b"\xe2\x82", b"\xac"]
_ODD = st.sampled_from([*_BROKEN, b'"', b'","x":"', b"\t", b"\0", b"\1"])
_ODD_COUNTS = st.sampled_from([b"007", b"1.5", b"null", b'"x"', b"-1"])
_ODD_PADDINGS = st.sampled_from([b"", b"xx", b"\\n", b"\xff", b"\\x", b'"'])
_STYLES: list[dict[str, Any]] = [
    {"separators": (",", ":"), "ensure_ascii": False},
    {"separators": (",", ":")},
    {"sort_keys": True},
    {"separators": (" , ", " : "), "ensure_ascii": False},
]
_EVENTS = [
    b"data: %b\n\n",
    b"data:%b\n\n",
    b"event: ping\ndata: %b\n\n",
    b"data: %b\r\n\r\n",
    b"event: x\ndata: %b\n\n",
    b"data: %b\nid: 1\n\n\n",
    b": x\ndata: %b\n\n",
]
_LINES = [b"%b\n", b"%b\r\n", b" %b \n"]


@st.composite
def runs(draw: st.DrawFn, wire: Wire) -> bytes:
    """Records that differ in their text alone, and in what says nothing, but for one with something
    odd in its place."""
    record = (
        draw(st.sampled_from(_EVENTS if wire.framing == EVENTS else _LINES))
        % json.dumps(draw(wire.records), **draw(st.sampled_from(_STYLES))).encode()
    )
    texts = _PLAIN_TEXTS | _ARGUMENTS
    plain = texts.map(lambda text: json.dumps(text, ensure_ascii=False)[1:-1].encode("utf-8"))
    insides = draw(st.lists(plain | _HALVES.map(str.encode), min_size=1, max_size=12))
    if draw(st.integers(0, 3)) == 0:
        insides.insert(draw(st.integers(0, len(insides))), draw(_ODD))
    body = b""
    for number, inside in enumerate(insides):
        is_odd = draw(st.integers(0, 9)) == 0
        count = draw(_ODD_COUNTS) if is_odd else b"%d" % number
        padding = draw(_ODD_PADDINGS) if is_odd else b"t%d" % number
        body += (
            record.replace(f'"{COUNT}"'.encode(), count)
            .replace(PADDING.encode(), padding)
            .replace(TEXT.encode(), inside)
        )
    return body


@st.composite
def bodies(draw: st.DrawFn, wire: Wire) -> bytes:
    """Some runs and lone records, now and then with a byte changed."""
    alike = [draw(runs(wire)) for _ in range(draw(st.integers(1, 3)))]
    one = st.sampled_from(alike) | st.sampled_from(wire.lone)
    body = wire.before + b"".join(draw(st.lists(one, max_size=6)))
    if body and draw(st.integers(0, 4)) == 0:
        at = draw(st.integers(0, len(body) - 1))
        body = body[:at] + draw(st.binary(max_size=2)) + body[at + draw(st.integers(0, 2)) :]
    return body
