"""Answers of OpenAI's Responses API: a stream's events to deltas.

Source: openai-python `types/responses/response_stream_event.py` and the types that it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import CutStreamError, ProtocolError
from ..messages import (
    Delta,
    FinishDelta,
    FinishReason,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    Usage,
    UsageDelta,
)
from ..service_errors import error_of_complaint, read_complaint
from ..wire.surrogates import SurrogateJoiner
from .records import parse_record
from .responses import PART_BREAK, Item, build_state, keep_item, text_of

_INCOMPLETE: dict[str, FinishReason] = {
    "max_output_tokens": "length",
    "content_filter": "content_filter",
}


class EventReader:
    """The events of one stream to deltas. Call ``end`` when the stream is over.

    What was streamed comes once more, whole, with the end of its item: that is read only where it
    was not streamed.
    """

    def __init__(self, model: str) -> None:
        self._model = model
        self._text = _Voice()
        self._thinking = _Voice()
        self._calls: dict[Any, _Call] = {}
        self._items: list[Item] = []
        self._finish: FinishReason | None = None
        self._started = False
        self.done = False

    def read(self, data: str) -> list[Delta]:
        """The deltas in one event. Raises the ProviderError that it reports, and ProtocolError
        where it is no event of this API. Events of an unknown type are passed over."""
        # [DONE] is no part of this protocol, but gateways send it.
        if self.done or data.startswith("[DONE]"):
            return []
        event = parse_record(data)
        if event.get("type") == "error" or ("type" not in event and event.get("error")):
            # The fields stand in the event itself; gateways put them in an object.
            raise error_of_complaint(read_complaint(event.get("error") or event))
        self._started = True
        try:
            # A server that does not stream sends the response alone.
            return self._read_event(event.get("type") or f"response.{event['status']}", event)
        except (AttributeError, KeyError, TypeError):
            raise ProtocolError(f"The server sent a malformed event: {data[:200]}") from None

    def end(self) -> list[Delta]:
        """The last deltas. Raises CutStreamError where the stream ended before the answer did."""
        if self._finish is None:
            when = "in the middle of the answer" if self._started else "before the answer began"
            raise CutStreamError(f"The connection ended {when}.")
        deltas: list[Delta] = [ThinkingDelta(rest) for rest in self._thinking.end()]
        deltas += [TextDelta(rest) for rest in self._text.end()]
        deltas += [delta for call in self._calls.values() for delta in call.end()]
        called = self._calls and self._finish == "stop"
        reason: FinishReason = "tool_calls" if called else self._finish
        state = build_state(self._model, self._items)
        return [*deltas, FinishDelta(reason, state=state)]

    def _read_event(self, kind: str, event: Mapping[str, Any]) -> list[Delta]:
        place = event.get("output_index")
        match kind.removeprefix("response."):
            case "output_text.delta" | "refusal.delta":
                return [TextDelta(text) for text in self._text.say(event["delta"], place)]
            case "reasoning_summary_text.delta" | "reasoning_text.delta":
                part = (place, event.get("summary_index"))
                return [ThinkingDelta(text) for text in self._thinking.say(event["delta"], part)]
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
        elif item["type"] == "message" and not self._text.was_heard(place):
            deltas += [TextDelta(text) for text in self._text.say(text_of(item), place)]
        elif item["type"] == "reasoning" and not self._thinking.was_heard((place, None)):
            for number, part in enumerate(item.get("summary") or item.get("content") or ()):
                if not self._thinking.was_heard((place, number)):
                    said = self._thinking.say(part["text"], (place, number))
                    deltas += [ThinkingDelta(text) for text in said]
        return deltas

    def _read_response(self, status: str, response: Mapping[str, Any]) -> list[Delta]:
        if status == "failed":
            raise error_of_complaint(read_complaint(response.get("error") or "it said no more"))
        deltas: list[Delta] = []
        if not self._items and not self._text.spoken:
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


class _Voice:
    """Text in pieces of several parts, which stand apart in the answer."""

    def __init__(self) -> None:
        self._joiner = SurrogateJoiner()
        self._heard: set[Any] = set()
        self._last: Any = None

    @property
    def spoken(self) -> bool:
        return bool(self._heard)

    def was_heard(self, part: Any) -> bool:
        return part in self._heard

    def say(self, text: str, part: Any) -> list[str]:
        """What can be shown now: one piece, or none."""
        if not text:
            return []
        if self._heard and part != self._last:
            text = PART_BREAK + text
        self._heard.add(part)
        self._last = part
        whole = self._joiner.feed(text)
        return [whole] if whole else []

    def end(self) -> list[str]:
        rest = self._joiner.end()
        return [rest] if rest else []


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
