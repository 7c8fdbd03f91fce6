"""The opaque state of a service, as the outputs of a run keep it.

It is kept as it came: a signature counts byte by byte. Only a text in it that is the turn's whole
thinking is not written twice, since many services want exactly that back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ...notebook.wire import find_fault

State = tuple[Mapping[str, Any], ...]

_THINKING = {"same_as": "thinking"}
"""Stands for the thinking of the turn, which has outputs of its own."""


def write_state(state: Iterable[Mapping[str, Any]], thinking: str = "") -> State:
    """Return the state as it is written down, beside outputs that hold this thinking. State that
    is not allowed in an event is left out: it lasts as long as its run."""

    def fold(value: Any) -> Any:
        return _THINKING if thinking and value == thinking else value

    written = [_walk(dict(item), fold) for item in state]
    return () if find_fault(written) else tuple(written)


def read_state(written: Iterable[Mapping[str, Any]], thinking: str = "") -> State:
    """Return the state that was written beside outputs that hold this thinking."""

    def unfold(value: Any) -> Any:
        return thinking if value == _THINKING else value

    return tuple(_walk(dict(item), unfold) for item in written)


def _walk(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return the value with what ``change`` makes of each part of it, from the outside in."""
    changed = change(value)
    if changed is not value:
        return changed
    if isinstance(value, Mapping):
        return {name: _walk(one, change) for name, one in value.items()}
    return [_walk(one, change) for one in value] if isinstance(value, list) else value
