"""Every event that goes in or out, as a model: ``parse_event`` reads one, ``to_wire`` writes one.

Names and fields are those of the runt notebooks' public schema (runtimed/anode), except those under
"Ours". Fields are snake_case here and camelCase on the wire. Optional fields without a value are
left out there, never null. Unknown fields are passed over, so that newer notebooks can be read.

``make schema`` writes schema/events.json from these models: JavaScript's validator, its types and
the page's store come from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from ...errors import EventError
from ..wire import find_fault, is_well_formed, read_fault
from .approvals import *
from .cells import *
from .model import *
from .model import EVENTS, WIRE, Event
from .outputs import *
from .runtime import *


def event_models() -> list[type[Event]]:
    """Return every kind of event, sorted by name."""
    return [EVENTS[name] for name in event_names()]


def event_names() -> list[str]:
    """Return every name that ``parse_event`` knows, sorted."""
    return sorted(EVENTS)


def parse_event(wire: object) -> Event | None:
    """Return the event that ``wire``, decoded JSON ``{"name", "args"}``, describes.

    Return None for an unknown name: such events are passed over. Raise EventError, which names
    the event and the field, for a known name with bad args, and for anything that is not an event
    or holds what is not allowed on the wire, whatever its name.
    """
    name, args = _open_event(wire)
    if fault := find_fault(args):
        raise EventError(name, ".".join(fault.path) or "args", fault.problem)
    model = EVENTS.get(name)
    if model is None:
        return None
    try:
        return model.model_validate(args, context=WIRE)
    except ValidationError as error:
        fault = read_fault(error.errors(include_url=False, include_input=False)[0], args)
        raise EventError(name, ".".join(fault.path) or "args", fault.problem) from None


def to_wire(event: Event) -> dict[str, Any]:
    """Return the event as JSON data: ``{"name": ..., "args": {...}}``."""
    return {"name": event.NAME, "args": event.model_dump(by_alias=True, exclude_none=True)}


def _open_event(wire: object) -> tuple[str, dict[str, Any]]:
    """Return the name and the args; an event without any may leave them out."""
    name = wire.get("name") if isinstance(wire, Mapping) else None
    if not isinstance(wire, Mapping) or not isinstance(name, str) or not name:
        raise EventError("?", "name", "must be text, and not empty: an event has a name and args")
    if not is_well_formed(name):
        raise EventError("?", "name", "holds half of a surrogate pair")
    args = wire.get("args")
    if args is None:
        return name, {}
    if not isinstance(args, dict):
        raise EventError(name, "args", "must be an object")
    return name, args
