"""The ways in which services send calls by the Responses API: see call_styles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from tests.support.real_servers.call_styles import Calls, Record, Style, cut, interleave
from tests.support.real_servers.gold_calls import GoldCall


def _event(kind: str, **fields: Any) -> Record:
    return {"type": f"response.{kind}", **fields}


def _item(index: int, call: GoldCall, arguments: str | None = None) -> Record:
    given = call.text if arguments is None else arguments
    ids = {"id": f"fc_{index:08x}", "call_id": f"call_{index:08x}"}
    return {"type": "function_call", **ids, "name": call.name, "arguments": given}


def _completed(calls: Calls, output: Sequence[Record] | None = None) -> Record:
    items = [_item(*one) for one in enumerate(calls)] if output is None else output
    return _event("completed", response={"status": "completed", "output": items})


def _events(
    index: int, call: GoldCall, size: int, *, place: str = "output_index", done: bool = True
) -> list[Record]:
    """Return the events of one call; ``place`` names what says to which call a piece belongs."""
    item = _item(index, call, "")
    where = {"output_index": index} if place == "output_index" else {}
    own = {**where, "item_id": item["id"]}
    last = [_event("function_call_arguments.done", **own, arguments=call.text)] if done else []
    return [
        _event("output_item.added", **where, item=item),
        *(
            _event("function_call_arguments.delta", **own, delta=part)
            for part in cut(call.text, size)
        ),
        *last,
        _event("output_item.done", **where, item=_item(index, call)),
    ]


def _in_order(size: int, **how: Any) -> Any:
    def records(calls: Calls) -> Iterator[Record]:
        yield _event("created", response={"status": "in_progress"})
        yield from chain(*(_events(at, call, size, **how) for at, call in enumerate(calls)))
        yield _completed(calls)

    return records


def _interleaved(**how: Any) -> Any:
    def records(calls: Calls) -> Iterator[Record]:
        rows = [_events(at, call, 6, **how) for at, call in enumerate(calls)]
        yield from interleave(*rows)
        yield _completed(calls)

    return records


def _items_done_last(calls: Calls) -> Iterator[Record]:
    """As llama-server sends them: no output_index, and what is done comes at the end."""
    rows = [_events(at, call, 6, place="item_id", done=False) for at, call in enumerate(calls)]
    yield from chain(*(row[:-1] for row in rows))
    yield from (row[-1] for row in rows)
    yield _completed(calls)


def _only(*kinds: str, output: bool = True) -> Any:
    """Return a style that leaves out all events of calls but those of these kinds."""

    def records(calls: Calls) -> Iterator[Record]:
        for index, call in enumerate(calls):
            for event in _events(index, call, 8):
                if event["type"].removeprefix("response.") in kinds:
                    yield event
        yield _completed(calls, None if output else [])

    return records


_ADDED, _DELTA = "output_item.added", "function_call_arguments.delta"
_DONE, _ITEM_DONE = "function_call_arguments.done", "output_item.done"

RESPONSES = (
    Style("responses", "by argument pieces", _in_order(9)),
    Style("responses", "by character", _in_order(1)),
    Style("responses", "without output_index", _in_order(9, place="item_id")),
    Style("responses", "interleaved", _interleaved()),
    Style("responses", "interleaved, without output_index", _interleaved(place="item_id")),
    Style("responses", "items done last", _items_done_last),
    Style("responses", "pieces alone", _only(_ADDED, _DELTA, output=False)),
    Style("responses", "arguments done alone", _only(_ADDED, _DONE, output=False)),
    Style("responses", "items done alone", _only(_ITEM_DONE, output=False)),
    Style("responses", "the response alone", _only()),
    Style(
        "responses",
        "whole",
        lambda calls: [{"object": "response", **_completed(calls)["response"]}],
        whole=True,
    ),
)
