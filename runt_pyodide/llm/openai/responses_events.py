"""Answers of OpenAI's Responses API: a stream's events, mapped to deltas.

Source: openai-python `types/responses/response_stream_event.py` and the types that it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import CutStreamError
from ..messages import (
    Delta,
    FinishDelta,
    FinishReason,
    ToolCallDelta,
    Usage,
    UsageDelta,
)
from ..service_errors import error_of_complaint, read_complaint
from ..wire.records import RecordReader, SurrogateJoiner
from .responses import PART_BREAK, Item, build_state, keep_item, text_of

_INCOMPLETE: dict[str, FinishReason] = {
    "max_output_tokens": "length",
    "content_filter": "content_filter",
}


class EventReader(RecordReader):
    """Reads the events of one stream. Events of an unknown type are passed over.

    What was streamed comes once more, whole, with the end of its item: that is read only if it was
    not streamed.
    """

    def __init__(self, model: str) -> None:
        super().__init__()
        self._model = model
        self._said = _Parts()
        self._thought = _Parts()
        self._calls: dict[Any, _Call] = {}
        self._items: list[Item] = []
        self._finish: FinishReason | None = None

    def read(self, data: str) -> list[Delta]:
        # [DONE] is not part of this protocol, but gateways send it.
        return [] if data.startswith("[DONE]") else super().read(data)

    def find_error(self, record: Mapping[str, Any]) -> Any:
        # The fields stand in the event itself; gateways put them in an object. An event that ends
        # a response says how in the response.
        is_event = str(record.get("type", "")).startswith("response.")
        return None if is_event else super().find_error(record)

    def has_ended(self) -> bool:
        return self._finish is not None

    def read_end(self) -> list[Delta]:
        rests = [delta for call in self._calls.values() for delta in call.end()]
        called = self._calls and self._finish == "stop"
        reason: FinishReason = "tool_calls" if called else self._finish or "stop"
        return [*rests, FinishDelta(reason, state=build_state(self._model, self._items))]

    def read_record(self, record: Mapping[str, Any]) -> list[Delta]:
        # A server that does not stream sends the response alone.
        kind = record.get("type") or f"response.{record['status']}"
        return self._read_event(kind, record)

    def _read_event(self, kind: str, event: Mapping[str, Any]) -> list[Delta]:
        place = event.get("output_index")
        match kind.removeprefix("response."):
            case "output_text.delta" | "refusal.delta":
                return self.say(self._said.join(event["delta"], place))
            case "reasoning_summary_text.delta" | "reasoning_text.delta":
                part = (place, event.get("summary_index"))
                return self.think(self._thought.join(event["delta"], part))
            case "function_call_arguments.delta":
                return self._calls[place].read(event["delta"])
            case "output_item.added":
                return self._read_call(place, event["item"])
            case "output_item.done":
                return self._read_item(place, event["item"])
            case "completed" | "incomplete" | "failed" | "cancelled" as status:
                return self._read_response(status, event.get("response", event))
        return []

    def _read_call(self, place: Any, item: Mapping[str, Any]) -> list[Delta]:
        if item["type"] != "function_call" or place in self._calls:
            return []
        call = self._calls[place] = _Call(len(self._calls))
        return [ToolCallDelta(call.index, item["call_id"], item["name"])]

    def _read_item(self, place: Any, item: Mapping[str, Any]) -> list[Delta]:
        self._items += keep_item(item)
        deltas = self._read_call(place, item)
        if item["type"] == "function_call" and not self._calls[place].begun:
            deltas += self._calls[place].read(item["arguments"])
        elif item["type"] == "message" and not self._said.has(place):
            deltas += self.say(self._said.join(text_of(item), place))
        elif item["type"] == "reasoning" and not self._thought.has((place, None)):
            for number, part in enumerate(item.get("summary") or item.get("content") or ()):
                if not self._thought.has((place, number)):
                    deltas += self.think(self._thought.join(part["text"], (place, number)))
        return deltas

    def _read_response(self, status: str, response: Mapping[str, Any]) -> list[Delta]:
        if status == "failed":
            raise error_of_complaint(read_complaint(response.get("error") or "it said no more"))
        deltas: list[Delta] = []
        if not self._items and not self._said.any:
            for place, item in enumerate(response.get("output") or ()):
                deltas += self._read_item(place, item)
        if usage := response.get("usage"):
            deltas.append(UsageDelta(_read_usage(usage)))
        reason = (response.get("incomplete_details") or {}).get("reason", status)
        if status != "completed" and reason not in _INCOMPLETE:
            raise CutStreamError(f"The service ended the answer early ({reason}).")
        self._finish = _INCOMPLETE.get(reason, "stop")
        self.done = True
        return deltas


class _Parts:
    """The parts of a text, which come in pieces, and are set apart in the answer."""

    def __init__(self) -> None:
        self._known: set[Any] = set()
        self._last: Any = None

    @property
    def any(self) -> bool:
        return bool(self._known)

    def has(self, part: Any) -> bool:
        return part in self._known

    def join(self, text: str, part: Any) -> str:
        """Return a piece of a part, after a break if the piece before it was of another part."""
        if not text:
            return ""
        if self._known and part != self._last:
            text = PART_BREAK + text
        self._known.add(part)
        self._last = part
        return text


class _Call:
    """The pieces of one call's arguments."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.begun = False
        self._joiner = SurrogateJoiner()

    def read(self, arguments: str) -> list[Delta]:
        self.begun = self.begun or bool(arguments)
        whole = self._joiner.feed(arguments)
        return [ToolCallDelta(self.index, arguments=whole)] if whole else []

    def end(self) -> list[Delta]:
        rest = self._joiner.end()
        return [ToolCallDelta(self.index, arguments=rest)] if rest else []


def _read_usage(usage: Mapping[str, Any]) -> Usage:
    given, made = usage.get("input_tokens_details"), usage.get("output_tokens_details")
    return Usage(
        input_tokens=usage.get("input_tokens"),
        output_tokens=usage.get("output_tokens"),
        cached_tokens=(given or {}).get("cached_tokens"),
        reasoning_tokens=(made or {}).get("reasoning_tokens"),
    )
