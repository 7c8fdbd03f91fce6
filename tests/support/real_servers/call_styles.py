"""The ways in which services send calls: each a function from the calls of a turn to the records of
an answer, in one of the protocols."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any, Literal

from tests.support.real_servers.gold_calls import GoldCall

Calls = Sequence[GoldCall]
Record = Mapping[str, Any]
Wire = Literal["chat", "responses", "ollama", "anthropic", "gemini"]


@dataclass(frozen=True, slots=True)
class Style:
    """``records`` makes the answer; a ``whole`` answer is one JSON document, not a stream. Of calls
    whose pieces hold each other's place a service sends one alone (``single``)."""

    wire: Wire
    name: str
    records: Callable[[Calls], Iterable[Record]]
    whole: bool = False
    single: bool = False

    def body(self, calls: Calls) -> bytes:
        """Return the bytes of an answer that makes these calls."""
        texts = [json.dumps(one, ensure_ascii=False) for one in self.records(calls)]
        if self.whole:
            return texts[0].encode()
        if self.wire == "ollama":
            return "".join(f"{text}\n" for text in texts).encode()
        done = ["[DONE]"] if self.wire == "chat" else []
        return "".join(f"data: {text}\n\n" for text in (*texts, *done)).encode()

    @property
    def content_type(self) -> str:
        if self.whole:
            return "application/json"
        return "application/x-ndjson" if self.wire == "ollama" else "text/event-stream"


def cut(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def interleave(*rows: Sequence[Any]) -> list[Any]:
    """Return the first of each row, then the second of each, and so on."""
    absent = object()
    turns = chain.from_iterable(zip_longest(*rows, fillvalue=absent))
    return [one for one in turns if one is not absent]


# ---- Chat completions ----

Pieces = Callable[[int, GoldCall], Sequence[Record]]
"""The entries of ``tool_calls`` that one call takes; the number is its index."""


def _chunk(delta: Record, finish: str | None = None) -> Record:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def _chat(pieces: Pieces, join: Callable[..., list[Record]] = lambda *rows: [*chain(*rows)]) -> Any:
    """Return a style that sends each piece in a chunk of its own, one call after the other unless
    ``join`` says otherwise."""

    def records(calls: Calls) -> Iterator[Record]:
        yield _chunk({"role": "assistant", "content": None})
        for piece in join(*(pieces(index, call) for index, call in enumerate(calls))):
            yield _chunk({"tool_calls": [piece]})
        yield _chunk({}, "tool_calls")

    return records


def _id(index: int) -> str:
    return f"call_{index:08x}"


def _piece(arguments: Any, name: str | None = None, **more: Any) -> Record:
    function = {"arguments": arguments} if name is None else {"name": name, "arguments": arguments}
    return {**more, "function": function}


def _first(index: int, call: GoldCall, arguments: Any = "") -> Record:
    return _piece(arguments, call.name, index=index, id=_id(index), type="function")


def _in_pieces(size: int) -> Pieces:
    return lambda index, call: [
        _first(index, call),
        *(_piece(part, index=index) for part in cut(call.text, size)),
    ]


def _all_at_once(calls: Calls) -> Iterator[Record]:
    whole = [_first(index, call, call.text) for index, call in enumerate(calls)]
    yield _chunk({"role": "assistant", "content": "", "tool_calls": whole}, "tool_calls")


def _whole_chat(calls: Calls) -> Iterator[Record]:
    made = [
        {"id": _id(index), "type": "function", "function": _piece(call.text, call.name)["function"]}
        for index, call in enumerate(calls)
    ]
    message = {"role": "assistant", "content": None, "tool_calls": made}
    yield {"choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}]}


def _legacy(calls: Calls) -> Iterator[Record]:
    (call,) = calls
    yield _chunk({"role": "assistant", "function_call": {"name": call.name, "arguments": ""}})
    for part in cut(call.text, 5):
        yield _chunk({"function_call": {"arguments": part}})
    yield _chunk({}, "function_call")


def _repeated(index: int, call: GoldCall) -> list[Record]:
    parts = cut(call.text, 4)
    return [_piece(part, call.name, index=index, id=_id(index)) for part in parts]


def _nulls(index: int, call: GoldCall) -> list[Record]:
    rest = [
        {"index": index, "id": None, "type": None, "function": {"name": None, "arguments": part}}
        for part in cut(call.text, 6)
    ]
    return [_first(index, call), *rest]


def _empty_strings(index: int, call: GoldCall) -> list[Record]:
    return [
        _first(index, call),
        *(_piece(part, "", index=index, id="") for part in cut(call.text, 6)),
    ]


def _without_index(index: int, call: GoldCall) -> list[Record]:
    named = {"id": _id(index), "type": "function"}
    return [
        _piece("", call.name, **named),
        *(_piece(part, id=_id(index)) for part in cut(call.text, 7)),
    ]


def _by_order_alone(index: int, call: GoldCall) -> list[Record]:
    first = _piece("", call.name, id=_id(index), type="function")
    return [first, *(_piece(part) for part in cut(call.text, 7))]


def _without_ids(index: int, call: GoldCall) -> list[Record]:
    parts = cut(call.text, 7)
    return [_piece("", call.name, index=index), *(_piece(part, index=index) for part in parts)]


def _always_index_0(index: int, call: GoldCall) -> list[Record]:
    return [
        _piece("", call.name, index=0, id=_id(index)),
        *(_piece(part, index=0) for part in cut(call.text, 7)),
    ]


def _index_as_text(index: int, call: GoldCall) -> list[Record]:
    return [{**one, "index": str(index)} for one in _in_pieces(7)(index, call)]


def _from_index_1(index: int, call: GoldCall) -> Sequence[Record]:
    return [{**one, "index": index + 1} for one in _in_pieces(7)(index, call)]


def _empty_object_first(index: int, call: GoldCall) -> list[Record]:
    return [
        _first(index, call, "{}"),
        *(_piece(part, index=index) for part in cut(call.text, 7)),
    ]


def _once_more_at_the_end(index: int, call: GoldCall) -> list[Record]:
    return [*_in_pieces(7)(index, call), _first(index, call, call.text)]


CHAT = (
    Style("chat", "all at once", _all_at_once),
    Style("chat", "a call a chunk", _chat(lambda at, call: [_first(at, call, call.text)])),
    Style("chat", "by argument pieces", _chat(_in_pieces(9))),
    Style("chat", "by character", _chat(_in_pieces(1))),
    Style("chat", "id and name repeated", _chat(_repeated)),
    Style("chat", "nulls in later pieces", _chat(_nulls)),
    Style("chat", "empty strings in later pieces", _chat(_empty_strings)),
    Style("chat", "without index", _chat(_without_index)),
    Style("chat", "by order alone", _chat(_by_order_alone)),
    Style("chat", "without ids", _chat(_without_ids)),
    Style("chat", "always index 0", _chat(_always_index_0)),
    Style("chat", "index as text", _chat(_index_as_text)),
    Style("chat", "from index 1", _chat(_from_index_1)),
    Style("chat", "{} first", _chat(_empty_object_first)),
    Style("chat", "once more at the end", _chat(_once_more_at_the_end)),
    Style("chat", "interleaved", _chat(_in_pieces(5), interleave)),
    Style("chat", "interleaved, without index", _chat(_without_index, interleave)),
    Style("chat", "as objects", _chat(lambda at, call: [_first(at, call, dict(call.arguments))])),
    Style("chat", "legacy", _legacy, single=True),
    Style("chat", "whole", _whole_chat, whole=True),
)


# ---- Ollama ----


def _line(calls: Sequence[Record], *, done: bool = False) -> Record:
    message = {"role": "assistant", "content": "", **({"tool_calls": calls} if calls else {})}
    return {"message": message, "done": done, **({"done_reason": "stop"} if done else {})}


def _ollama_call(call: GoldCall, arguments: Any = None) -> Record:
    given = dict(call.arguments) if arguments is None else arguments
    return {"function": {"name": call.name, "arguments": given}}


def _a_call_a_line(calls: Calls) -> Iterator[Record]:
    yield from (_line([_ollama_call(call)]) for call in calls)
    yield _line([], done=True)


def _calls_with_index(calls: Calls) -> Iterator[Record]:
    for index, call in enumerate(calls):
        function = {"index": index, **_ollama_call(call)["function"]}
        yield _line([{"id": _id(index), "function": function}])
    yield _line([], done=True)


def _all_in_one_line(calls: Calls) -> Iterator[Record]:
    yield _line([_ollama_call(call) for call in calls])
    yield _line([], done=True)


def _calls_at_the_end(calls: Calls) -> Iterator[Record]:
    yield _line([])
    yield _line([_ollama_call(call) for call in calls], done=True)


def _arguments_as_text(calls: Calls) -> Iterator[Record]:
    yield from (_line([_ollama_call(call, call.text)]) for call in calls)
    yield _line([], done=True)


OLLAMA = (
    Style("ollama", "a call a line", _a_call_a_line),
    Style("ollama", "ids and indexes", _calls_with_index),
    Style("ollama", "all in one line", _all_in_one_line),
    Style("ollama", "in the last line", _calls_at_the_end),
    Style("ollama", "arguments as text", _arguments_as_text),
    Style(
        "ollama",
        "whole",
        lambda calls: [_line([_ollama_call(call) for call in calls], done=True)],
        whole=True,
    ),
)
