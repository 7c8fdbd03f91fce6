"""The fast path through a stream has the same result as parsing every record, for any stream of any
wire."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.errors import CutStreamError, ServerError
from runt_pyodide.llm.messages import Delta, FinishDelta, TextDelta, ThinkingDelta, ToolCallDelta
from runt_pyodide.llm.openai.chat import ChunkReader
from runt_pyodide.llm.wire.frames import EVENTS
from runt_pyodide.llm.wire.stream import RecordStream
from tests.support.data import DATA
from tests.support.llm.native_streams import ALL_WIRES
from tests.support.llm.streams import (
    COMPLETED,
    FINISH,
    WIRES,
    bodies,
    count_records,
    cut,
    event,
    line,
    read_plainly,
    read_shortly,
)
from tests.support.server.captures import parse_capture

CHAT, CALLS, RESPONSES, OLLAMA = (WIRES[name] for name in ("chat", "calls", "responses", "ollama"))
_MARKS = {b"response.created": "responses", b"message_start": "anthropic", b"candidates": "gemini"}
BOM = b"\xef\xbb\xbf"


def recorded() -> list[Any]:
    """Every recorded stream, and those that were written from reports, with its wire."""
    found = []
    for path in sorted(DATA.rglob("*.http")):
        body = parse_capture(path.read_bytes(), path.name).body.removeprefix(BOM).lstrip()
        named = (name for mark, name in _MARKS.items() if mark in body)
        wire = OLLAMA if body[:1] in (b"{", b"[") else ALL_WIRES[next(named, "chat")]
        found.append(pytest.param(wire, body, id=str(path.relative_to(DATA))))
    events = sorted(DATA.rglob("*.sse"))
    return [*found, *(pytest.param(RESPONSES, one.read_bytes(), id=one.name) for one in events)]


@pytest.mark.parametrize("name", ALL_WIRES)
@given(data=st.data())
def test_generated_streams(name: str, data: st.DataObject) -> None:
    wire = ALL_WIRES[name]
    body = data.draw(bodies(wire))
    pieces = cut(body, data.draw(st.lists(st.integers(0, len(body)), max_size=4)))
    assert read_shortly(wire, pieces) == read_plainly(wire, body)


@pytest.mark.parametrize("name", ALL_WIRES)
@given(data=st.data())
def test_generated_streams_at_every_cut(name: str, data: st.DataObject) -> None:
    wire = ALL_WIRES[name]
    body = data.draw(bodies(wire))[:1000]
    whole = read_plainly(wire, body)
    assert read_shortly(wire, (body[at : at + 1] for at in range(len(body)))) == whole
    for at in range(data.draw(st.integers(0, 50)), len(body), 50):
        assert read_shortly(wire, [body[:at], body[at:]]) == whole


@pytest.mark.parametrize(("wire", "body"), recorded())
def test_recorded_streams(wire: Any, body: bytes) -> None:
    # Repeated, since they are short: what comes before the answer's end, several times each.
    *records, last = body.split(wire.framing)
    for repeat in (1, 2, 5):
        again = wire.framing.join([*(one for one in records[:-2] for _ in range(repeat))])
        many = wire.framing.join([again, *records[-2:], last])
        whole = read_plainly(wire, many)
        for size in (7, 61, 1009):
            assert read_shortly(wire, cut(many, range(0, len(many), size))) == whole
        for at in range(0, len(many), 1 + len(many) // 10):
            assert read_shortly(wire, [many[:at], many[at:]]) == whole
    crlf = many.replace(b"\n", b"\r\n")
    assert read_shortly(wire, cut(crlf, range(0, len(crlf), 1 + len(crlf) // 97))) == whole


def chunk(delta: dict[str, Any], **more: Any) -> bytes:
    return event({"id": "c", **more, "choices": [{"index": 0, "delta": delta}]})


def call(text: str, **more: Any) -> bytes:
    return chunk({"tool_calls": [{"index": 0, "function": {"arguments": text}, **more}]})


def message(record: dict[str, str], number: int) -> bytes:
    return line({"model": "m", "created_at": f"t{number}", "message": record, "done": False})


def response(kind: str, number: int) -> bytes:
    record = {"type": f"response.{kind}.delta", "sequence_number": number, "output_index": 0}
    return event({**record, "delta": "x", "obfuscation": "y" * (number % 5)})


def block(index: int, **piece: str) -> bytes:
    return event({"type": "content_block_delta", "index": index, "delta": {"type": "x", **piece}})


def part(number: int, **said: Any) -> bytes:
    usage = {"promptTokenCount": 9, "candidatesTokenCount": number}
    return event({"candidates": [{"content": {"parts": [said]}}], "usageMetadata": usage})


@pytest.mark.parametrize(
    ("name", "make"),
    [
        *(("chat", lambda n, name=name: chunk({name: "x"}, created=n)) for name in
          ("content", "refusal", "reasoning", "reasoning_content")),
        ("chat", lambda n: chunk({"content": "x"}).replace(b'"c"', b'"c%d"' % n)),
        ("chat", lambda n: chunk({"content": "x"}, obfuscation="y" * (n % 9))),
        ("calls", lambda _: call("x")),
        ("calls", lambda _: call("x", id="a")),
        *(("responses", lambda n, kind=kind: response(kind, n)) for kind in
          ("output_text", "refusal", "reasoning_text", "reasoning_summary_text")),
        ("responses", lambda n: response("function_call_arguments", n)),
        *(("ollama", lambda n, name=name: message({name: "x"}, n)) for name in
          ("content", "thinking")),
        *(("anthropic", lambda _, at=at, name=name: block(at, **{name: "x"})) for at, name in
          enumerate(("text", "thinking", "partial_json"))),
        *(("gemini", lambda n, more=more: part(n, text="x", **more)) for more in
          ({}, {"thought": True})),
    ],
)  # fmt: skip
def test_what_fits_is_parsed_as_one(name: str, make: Any) -> None:
    wire = ALL_WIRES[name]
    body = wire.before + b"".join(make(number) for number in range(1000))
    assert count_records(wire, body) < 10
    deltas, _ = read_shortly(wire, [body])
    said = [getattr(one, "text", "") or getattr(one, "arguments", "") for one in deltas]
    assert "".join(said) == "x" * 1000


def test_other_records_between_cost_no_more_than_themselves() -> None:
    # The server keeps alive, and the shape changes now and then.
    events = [chunk({"content": "x"}, model=f"m{n // 300}", created=n) for n in range(900)]
    for place in range(800, 0, -100):
        events.insert(place, b": ping\n\n")
    body = b"".join(events) + FINISH
    assert read_shortly(CHAT, [body])[0] == [TextDelta("x" * 900), FinishDelta("stop")]
    assert count_records(CHAT, body) < 100


def test_thinking_stays_apart_from_the_text() -> None:
    thought, said = chunk({"reasoning_content": "x"}), chunk({"content": "a"})
    body = thought * 100 + said * 100 + thought * 100 + FINISH
    assert read_shortly(CHAT, [body])[0] == [
        ThinkingDelta("x" * 100),
        TextDelta("a" * 100),
        ThinkingDelta("x" * 100),
        FinishDelta("stop", state=({"type": "openai.chat", "reasoning_content": "x" * 200},)),
    ]
    assert count_records(CHAT, body) < 150


def test_shapes_that_change_with_every_event_cost_little() -> None:
    body = b"".join(chunk({"content": "x"}, model=f"{n}") for n in range(5000)) + FINISH
    assert 5000 <= count_records(CHAT, body) < 5000 * 1.02


def test_what_must_come_back_whole_is_not_merged_with_others() -> None:
    """Records that differ in their text alone, and each of which brings a part of the state."""
    detail = {"type": "reasoning.text", "text": "ha", "index": 0}
    body = chunk({"reasoning": "ha", "reasoning_details": [detail]}) * 100 + FINISH
    *_, finish = read_shortly(CHAT, [body])[0]
    assert isinstance(finish, FinishDelta)
    (state,) = finish.state
    assert state["reasoning_details"] == [{**detail, "text": "ha" * 100}]
    assert state["reasoning"] == "ha" * 100


@pytest.mark.parametrize(
    "beside",
    [
        {"reasoning": "ha", "reasoning_content": "ha"},
        {"content": "a", "tool_calls": [{"index": 0, "function": {"arguments": "x"}}]},
        {"content": "a", "extra_content": {"google": {"thought_signature": "s"}}},
    ],
)
def test_a_text_beside_others_is_not_merged(beside: dict[str, Any]) -> None:
    body = CALLS.before + chunk(beside) * 50 + FINISH
    assert read_shortly(CHAT, [body]) == read_plainly(CHAT, body)


def test_an_empty_text_may_leave_room_for_something_else() -> None:
    pieces = ["a", "", "b", "\ud83d", "c"]
    choices = [{"delta": {"content": one}, "message": {"content": "whole"}} for one in pieces]
    body = b"".join(event({"choices": [one]}) for one in choices) + FINISH
    assert read_shortly(CHAT, [body]) == read_plainly(CHAT, body)


def test_calls_that_are_told_apart_by_their_names_alone_stay_apart() -> None:
    named = [call(one, id=None).replace(b'"arguments"', b'"name": "f", "arguments"')
             for one in ['{"a"', ":1}", '{"b":2}', '{"c":3}', '{"d"', ":4}"]]  # fmt: skip
    body = b"".join(named) + FINISH
    assert read_shortly(CALLS, [body]) == read_plainly(CALLS, body)
    indexes = {
        one.index for one in read_shortly(CALLS, [body])[0] if isinstance(one, ToolCallDelta)
    }
    assert len(indexes) == 4


def test_what_another_call_begins_with_is_not_merged_with_its_arguments() -> None:
    """Some servers say "{}" before the arguments; a template learnt from another call fits that."""
    begun = chunk({"tool_calls": [{"index": 0, "id": "b", "function": {"name": "g"}}]})
    first = CALLS.before + b"".join(map(call, ['{"a"', ":", "1", "}"]))
    body = first + begun + b"".join(map(call, ["{}", '{"x"', ":2}"])) + FINISH
    deltas, error = read_shortly(CALLS, [body])
    assert (deltas, error) == read_plainly(CALLS, body)
    assert any(isinstance(one, ToolCallDelta) and one.arguments == '{"x":2}' for one in deltas)


def test_arguments_of_calls_without_a_name_go_to_one_after_the_other() -> None:
    def arguments(text: str) -> bytes:
        return event({"type": "response.function_call_arguments.delta", "delta": text})

    pieces = ['{"a"', ":", "1", "}", '{"b"', ":", "2}"]
    body = RESPONSES.before + b"".join(map(arguments, pieces)) + COMPLETED
    assert read_shortly(RESPONSES, [body]) == read_plainly(RESPONSES, body)


@pytest.mark.parametrize(
    "decoy",
    ['"meta":{"content":"%d"},', '"choices":[{"delta":{"content":"%d"}}],', '"a \\"content":"%d",'],
)
def test_a_field_of_the_same_name_elsewhere_is_not_the_text(decoy: str) -> None:
    records = (f'{{{decoy % n}"choices":[{{"delta":{{"content":"a"}}}}]}}' for n in range(50))
    body = b"".join(b"data: %b\n\n" % one.encode() for one in records) + FINISH
    assert read_shortly(CHAT, [body]) == read_plainly(CHAT, body)
    assert read_shortly(CHAT, [body])[0][0] == TextDelta("a" * 50)


def test_a_character_that_is_cut_by_the_end_of_its_record_stays_cut() -> None:
    first, last = chunk({"content": "@"}).split(b"@")
    halves = [first + half + last for half in (b"\xe2\x82", b"\xac")]
    body = chunk({"content": "a"}) * 10 + b"".join(halves) + chunk({"content": "b"}) * 10 + FINISH
    assert read_shortly(CHAT, [body])[0][0] == TextDelta("a" * 10 + "\ufffd\ufffd" + "b" * 10)


def test_an_answer_is_over_when_its_record_says_so() -> None:
    records = [{"message": {"content": "x"}, "done": True}] * 10
    body = b"".join(map(line, records))
    assert read_shortly(OLLAMA, [body])[0] == [TextDelta("x"), FinishDelta("stop")]


def test_what_came_before_an_error_is_given_before_it() -> None:
    body = chunk({"content": "a"}) * 50 + event({"error": {"message": "overloaded", "code": 500}})
    deltas = RecordStream(EVENTS, ChunkReader).feed(body)
    assert next(deltas) == TextDelta("a")  # the first is given at once
    assert next(deltas) == TextDelta("a" * 49)
    with pytest.raises(ServerError, match="overloaded"):
        next(deltas)


@pytest.mark.parametrize(
    ("name", "record", "said"),
    [
        ("chat", chunk({"content": "a"}), TextDelta("a")),
        ("chat", chunk({"reasoning": "a"}), ThinkingDelta("a")),
        ("calls", call("a"), ToolCallDelta(0, arguments="a")),
        ("responses", response("output_text", 1), TextDelta("x")),
        ("ollama", message({"content": "a"}, 1), TextDelta("a")),
    ],
)
def test_what_the_last_record_says_is_given_before_the_error_of_a_cut(
    name: str, record: bytes, said: Delta
) -> None:
    """The record is whole, and only its end is missing."""
    wire = WIRES[name]
    stream = RecordStream(wire.framing, wire.open_reader)
    list(stream.feed(wire.before + record.rstrip(b"\n")))
    deltas = stream.end()
    assert next(deltas) == said
    with pytest.raises(CutStreamError):
        next(deltas)


@pytest.mark.parametrize("line_end", [b"\r\n", b"\r", b"\n"])
def test_line_ends_at_every_cut(line_end: bytes) -> None:
    text = json.dumps({"choices": [{"delta": {"content": "a"}}]})
    lines = [
        b"data: {",
        b"data: " + text.encode()[1:-1],
        b"data: }",
        b"",
        b"data: [DONE]",
        b"",
        b"",
    ]
    body = line_end.join(lines)
    for at in range(len(body) + 1):
        assert read_shortly(CHAT, [body[:at], body[at:]])[0] == [
            TextDelta("a"),
            FinishDelta("stop"),
        ]
