"""Events as the wire has them: what a person sends, and what an agent answers."""

from __future__ import annotations

import json
from typing import Any

from tests.support.stages.world import WireEvent

NOW = "2026-01-01T00:00:00.000Z"
# What grows with the code base or tells the time: tests of its own look at it.
_APART = ("manifest", "run", "usage")


def cell(cell_id: str, source: str, cell_type: str = "code", index: str = "m") -> list[Any]:
    created = {"id": cell_id, "cellType": cell_type, "fractionalIndex": index, "createdBy": "me"}
    return [
        ("v2.CellCreated", created),
        ("v1.CellSourceChanged", {"id": cell_id, "source": source, "modifiedBy": "me"}),
    ]


def request(queue_id: str, cell_id: str, number: int = 1) -> tuple[str, dict[str, Any]]:
    args = {"queueId": queue_id, "cellId": cell_id, "executionCount": number, "requestedBy": "me"}
    return ("v1.ExecutionRequested", args)


def event(name: str, **args: Any) -> WireEvent:
    return {"name": name, "args": args}


def status(value: str) -> WireEvent:
    return event("v1.RuntimeSessionStatusChanged", sessionId="session", status=value)


def claimed(queue: str, cell_id: str, number: int = 1) -> list[WireEvent]:
    ids = {"queueId": queue, "runtimeSessionId": "session"}
    return [
        event("v1.ExecutionAssigned", **ids),
        event("v1.ExecutionStarted", **ids, cellId=cell_id, startedAt=NOW, executionCount=number),
        event("v1.CellOutputsCleared", cellId=cell_id, wait=False, clearedBy="session"),
    ]


def completed(queue: str, cell_id: str, outcome: str = "success", **more: Any) -> WireEvent:
    ended = {"status": outcome, **more, "completedAt": NOW, "executionDurationMs": 0}
    return event("v1.ExecutionCompleted", queueId=queue, cellId=cell_id, **ended)


def names(events: list[WireEvent]) -> list[str]:
    return [event["name"] for event in events]


def plain(events: list[WireEvent]) -> list[WireEvent]:
    """Return the events without the fields that have their own tests."""
    copied: list[WireEvent] = json.loads(json.dumps(events))
    for event in copied:
        _strip(event)
    return copied


def _strip(value: Any) -> None:
    if isinstance(value, dict):
        if isinstance(value.get("anode"), dict):
            for key in _APART:
                value["anode"].pop(key, None)
        for inner in value.values():
            _strip(inner)
    elif isinstance(value, list):
        for inner in value:
            _strip(inner)
