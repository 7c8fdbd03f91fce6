"""Answers of OpenAI's Responses API: a stream's events, mapped to deltas.

Text, thinking and arguments may come in any of the events that can carry them, in pieces and as a
whole: what is said once more adds nothing. Source: openai-python
`types/responses/response_stream_event.py` and the types that it names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..messages import Delta, UsageDelta
from ..service_errors import error_of_complaint, read_complaint
from ..wire.arguments import write_arguments
from ..wire.endings import Ending, read_ending
from ..wire.records import RecordReader
from ..wire.template import Layout
from ..wire.usage import read_usage
from .chat_calls import Call, Piece
from .responses import PART_BREAK, Item, build_state, keep_item, text_of

_KINDS = {
    "output_text": "message",
    "refusal": "message",
    "reasoning_text": "reasoning",
    "reasoning_summary_text": "reasoning",
    "summary_text": "reasoning",
    "function_call_arguments": "function_call",
}
# LiteLLM and aimock give no reason where a chat completion would have ended by its length.
_CUT = read_ending("length")


class EventReader(RecordReader):
    """Reads the events of one stream. Events of an unknown type are passed over."""

    layout = Layout(
        texts=(("delta",),),
        noise=(("sequence_number",), ("obfuscation",)),
        # Without a name, what an event is part of depends on what came before it.
        names=("call_id", "item_id", "output_index"),
    )

    def __init__(self, model: str) -> None:
        super().__init__()
        self._model = model
        self._places = _Places()
        self._said = _Parts()
        self._thought = _Parts()
        self._kept: list[Item] = []
        self._ending: Ending | None = None

    def has_ended(self) -> bool:
        return self._ending is not None or (self.done and self._begun)

    def read_end(self) -> list[Delta]:
        named = self._places.name_calls()
        calls = self._places.calls()
        rests = [delta for call in calls for delta in call.end()]
        ending = self._ending or read_ending("stop")
        finish = ending.finish(called=bool(calls))
        return [*named, *rests, replace(finish, state=build_state(self._model, self._kept))]

    def read_record(self, record: Mapping[str, Any]) -> list[Delta]:
        # A server that does not stream sends the response alone.
        kind = record.get("type") or f"response.{record['status']}"
        what, _, how = kind.removeprefix("response.").rpartition(".")
        match what, how:
            case "output_item", "added" | "done":
                return self._read_item(_names_of(record), record["item"], over=how == "done")
            case "content_part" | "reasoning_summary_part", "added" | "done":
                part = record["part"]
                self._cite(part.get("annotations"))
                return self._read_part(part["type"], record, text_of({"content": [part]}), True)
            case _, "delta" if what in _KINDS:
                return self._read_part(what, record, record["delta"], False)
            case _, "done" if what in _KINDS:
                names = ("text", "refusal", "arguments")
                whole = next((record[name] for name in names if name in record), "")
                return self._read_part(what, record, whole, True)
            case "output_text.annotation", "added":
                self._cite([record["annotation"]])
            case "", "completed" | "incomplete" | "failed" | "cancelled" | "done":
                return self._read_response(how, record.get("response", record))
        return []

    def _cite(self, annotations: Any) -> None:
        for one in annotations or ():
            if one.get("type") == "url_citation":
                self.cite(one.get("url"), one.get("title"))

    def _cite_parts(self, parts: Any) -> None:
        for part in parts or ():
            self._cite(None if isinstance(part, str) else part.get("annotations"))

    def _read_part(
        self, what: str, event: Mapping[str, Any], text: Any, whole: bool
    ) -> list[Delta]:
        """Read a piece of a part, or the whole part."""
        kind = _KINDS.get(what, "")
        if not kind:
            return []
        place = self._places.find(kind, _names_of(event))
        if kind == "function_call":
            arguments = write_arguments(text)
            place.name = event.get("name") or place.name
            place.has_arguments = place.has_arguments or whole
            if not (arguments or whole):
                return []
            call = self._places.call_at(place)
            return [*(call.settle(arguments) if whole else call.add(arguments))]
        summary = event.get("summary_index")
        number = event.get("content_index") if summary is None else summary
        return self._tell(place, ("summary" in what, number or 0), text, whole)

    def _tell(self, place: _Place, part: tuple[bool, int], text: str, whole: bool) -> list[Delta]:
        if place.kind == "message":
            # The parts of a message are one text.
            return self.say(self._said.join(text, place, part, place, whole))
        return self.think(self._thought.join(text, place, part, (place, part), whole))

    def _read_item(
        self, names: Mapping[str, Any], item: Mapping[str, Any], *, over: bool
    ) -> list[Delta]:
        kind = item["type"]
        place = self._places.find(kind, {**names, **_names_of_item(item)})
        place.is_over = place.is_over or over
        if kind == "function_call":
            call = self._places.call_at(place)
            call_id = item.get("call_id") or item.get("id") or f"call_{call.index}"
            called = call.read(Piece(call_id, item.get("name") or "", "", None), call_id)
            self._kept += keep_item({**item, "call_id": call_id}) if over else []
            return [*called, *call.settle(write_arguments(item.get("arguments")))]
        self._kept += keep_item(item) if over else []
        deltas: list[Delta] = []
        for part, text in self._parts_of(place, item):
            deltas += self._tell(place, part, text, True)
        return deltas

    def _parts_of(
        self, place: _Place, item: Mapping[str, Any]
    ) -> Iterator[tuple[tuple[bool, int], str]]:
        """Yield the parts of an item with their texts. Of a summary and what it sums up, that which
        was streamed counts, or else the summary."""
        if place.kind == "message":
            content = item.get("content") or ()
            parts = [content] if isinstance(content, str) else content
            self._cite_parts(parts)
            for number, part in enumerate(parts):
                yield (
                    (False, number),
                    part if isinstance(part, str) else text_of({"content": [part]}),
                )
        elif place.kind == "reasoning":
            told = {is_summary for is_summary, _ in self._thought.parts_of(place)}
            sides = [(side, item.get(name)) for name, side in _SIDES if not told or side in told]
            side, parts = next(((side, parts) for side, parts in sides if parts), (True, ()))
            for number, part in enumerate(parts or ()):
                yield (side, number), part["text"]

    def _read_response(self, how: str, response: Mapping[str, Any]) -> list[Delta]:
        status = response.get("status") or how
        if "failed" in (how, status):
            raise error_of_complaint(read_complaint(response.get("error") or "it said no more"))
        output = [one for one in response.get("output") or () if one]
        deltas = self._read_output(output)
        if usage := read_usage(response.get("usage")):
            searches = sum(item["type"] == "web_search_call" for item in output)
            deltas.append(UsageDelta(replace(usage, searches=searches or usage.searches)))
        self._ending = _read_status(status if how == "completed" else how, status, response)
        self.done = True
        return deltas

    def _read_output(self, output: Sequence[Mapping[str, Any]]) -> list[Delta]:
        """Read what the whole response has and the events had not."""
        deltas: list[Delta] = []
        said, calls = self._said.text, len(self._places.calls())
        keep = not self._kept
        has_unnamed = any(call.name is None for call in self._places.calls())
        has_more_calls = sum(item["type"] == "function_call" for item in output) > calls
        for number, item in enumerate(output):
            is_news = {
                "message": not said,
                "reasoning": not self._thought.text,
                "function_call": has_more_calls or self._places.knows(item) or has_unnamed,
            }
            if is_news.get(item["type"], True):
                names = {} if said or calls else {"index": number}
                deltas += self._read_item(names, item, over=keep)
            elif keep:
                self._kept += keep_item(item)
        for item in output:
            content = item.get("content") if item["type"] == "message" else ()
            self._cite_parts(() if isinstance(content, str) else content)
        texts = (text_of(item) for item in output if item["type"] == "message")
        whole = PART_BREAK.join(texts)
        rest = whole.removeprefix(said) if said and whole.startswith(said) else ""
        return [*deltas, *self.say(rest)]


_SIDES = (("summary", True), ("content", False))


def _read_status(how: str, status: str, response: Mapping[str, Any]) -> Ending:
    """Return how a response ended."""
    details = response.get("incomplete_details")
    reason = details.get("reason") if isinstance(details, Mapping) else None
    if reason:
        ending = read_ending(reason)
        return Ending("fault", ending.word) if ending.end in ("good", "unknown") else ending
    if "incomplete" in (how, status):
        return _CUT
    return read_ending("cancelled") if "cancelled" in (how, status) else read_ending("stop")


def _names_of(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an event calls its item."""
    return {
        "call": event.get("call_id"),
        "id": event.get("item_id"),
        "index": event.get("output_index"),
    }


def _names_of_item(item: Mapping[str, Any]) -> dict[str, Any]:
    names = {"call": item.get("call_id"), "id": item.get("id")}
    return {label: name for label, name in names.items() if name is not None}


@dataclass(slots=True, eq=False)
class _Place:
    """An item of the answer, and what the events call it. Of a call, ``name`` is the tool's by the
    events of its arguments, and ``has_arguments`` says whether they were given as a whole."""

    kind: str
    names: dict[str, Any] = field(default_factory=dict)
    is_over: bool = False
    name: str = ""
    has_arguments: bool = False

    def may_be(self, kind: str, names: Mapping[str, Any]) -> bool:
        """Return whether these may be names of this item: a call has one id, while gateways make
        new ones for items."""
        call = names.get("call")
        return self.kind == kind and (call is None or self.names.get("call", call) == call)


class _Places:
    """Finds the item that an event is about: by the id of its call, its own id, or its index. If an
    event has none that is known, it is about an item that is not over and may have its name."""

    def __init__(self) -> None:
        self._places: list[_Place] = []
        self._calls: dict[_Place, Call] = {}

    def find(self, kind: str, names: Mapping[str, Any]) -> _Place:
        """Return the item of that kind, which may be a new one."""
        given = {label: name for label, name in names.items() if name is not None}
        place = self._find(kind, given)
        if place is None:
            place = _Place(kind)
            self._places.append(place)
        place.names = {**given, **place.names}
        return place

    def knows(self, item: Mapping[str, Any]) -> bool:
        """Return whether a call has come by its id."""
        call_id = item.get("call_id")
        return any(call_id is not None and one.names.get("call") == call_id for one in self._calls)

    def call_at(self, place: _Place) -> Call:
        if place not in self._calls:
            self._calls[place] = Call(len(self._calls), None)
        return self._calls[place]

    def calls(self) -> list[Call]:
        return [*self._calls.values()]

    def name_calls(self) -> list[Delta]:
        """Return what names calls of which no item ever came, but events with the tool's name."""
        deltas: list[Delta] = []
        for place, call in self._calls.items():
            if call.name is None and place.name:
                call_id = place.names.get("call") or place.names.get("id") or f"call_{call.index}"
                deltas += call.read(Piece(str(call_id), place.name, "", None), str(call_id))
        return deltas

    def _find(self, kind: str, given: Mapping[str, Any]) -> _Place | None:
        places = [place for place in self._places if place.may_be(kind, given)]
        for label in ("call", "id", "index"):
            for place in reversed(places):
                if label in given and place.names.get(label) == given[label]:
                    return place
        # Gateways call an item by the id of its call.
        for place in places:
            if "id" in given and place.names.get("call") == given["id"]:
                return place
        free = [one for one in places if not (one.is_over or given.keys() & one.names.keys())]
        if not free:
            return None
        waiting = [one for one in free if not self._has_arguments(one)]
        if given or (kind == "function_call" and waiting):
            return waiting[0] if waiting else free[0]
        return free[-1]

    def _has_arguments(self, place: _Place) -> bool:
        """Return whether a call has its arguments: in an order, what follows is the next one's."""
        arguments = self._calls[place].arguments if place in self._calls else None
        whole = arguments is not None and arguments.is_whole and not arguments.is_empty
        return place.has_arguments or whole


class _Parts:
    """The parts of a text, which come in pieces, as a whole, or both, and are set apart in the
    answer."""

    def __init__(self) -> None:
        self._parts: dict[tuple[_Place, Any], list[str]] = {}
        self._all: list[str] = []
        self._last: Any = None

    @property
    def text(self) -> str:
        """All that was said."""
        return "".join(self._all)

    def parts_of(self, place: _Place) -> list[Any]:
        return [part for one, part in self._parts if one is place]

    def join(self, text: str, place: _Place, part: Any, unit: Any, whole: bool) -> str:
        """Return what is new in a piece of a part, or in the whole part, after a break if what came
        before it was of another unit."""
        known = self._parts.get((place, part), [])
        if whole and known:
            said = "".join(known)
            text = text.removeprefix(said) if text.startswith(said) else ""
        if not text:
            return ""
        self._parts.setdefault((place, part), known).append(text)
        if self._all and unit != self._last:
            text = PART_BREAK + text
        self._last = unit
        self._all.append(text)
        return text
