"""The tool calls of a streamed chat completion, whose pieces hardly say where they belong.

In a delta only ``index`` is certain, and not even that everywhere: servers leave it out, send 0 for
each of several calls, or repeat id and name in every piece. So a piece is put in its place by what
it has, in this order. A known id: that call. A new id: a new call. No id: the last call of its
index, or the last of all if it has no index; but a new call if the server has no ids at all and the
piece begins again, with another name, or with arguments after those that were whole.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ...json_text import read_json
from ..messages import ToolCallDelta
from ..wire.records import SurrogateJoiner
from .chat_state import read_call_state


class CallReader:
    """Gives the pieces of a turn's calls an index, one for each call, with an id and a name."""

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self._by_id: dict[str, _Call] = {}
        self._by_place: dict[int | None, _Call] = {}

    @property
    def any(self) -> bool:
        return bool(self._calls)

    def read(self, piece: Mapping[str, Any], answer_id: str | None = None) -> list[ToolCallDelta]:
        """Return the delta in one piece, or none. ``answer_id`` names the answer it is in."""
        function = piece.get("function") or {}
        call_id, name = piece.get("id") or None, function.get("name") or None
        arguments = function.get("arguments") or ""
        if not isinstance(arguments, str):
            arguments = json.dumps(arguments)
        place = piece.get("index")
        known = len(self._calls)
        call = self._find(place, call_id, name, arguments)
        # None stands for the last call of all, to which pieces without an index belong.
        self._by_place[place] = self._by_place[None] = call
        new_name = name if call.name is None else None
        call.name = call.name or name
        whole = call.add(arguments)
        state = call.add_state(piece)
        if call.index >= known:
            # The reply to a call names it by its id, so that one of ours may be in no other turn.
            own_id = f"{answer_id or 'call'}_{call.index}"
            return [ToolCallDelta(call.index, call_id or own_id, name, whole, state)]
        if not whole and new_name is None and state is None:
            return []
        return [ToolCallDelta(call.index, None, new_name, whole, state)]

    def end(self) -> list[ToolCallDelta]:
        """Return what was held back of the arguments when nothing more comes."""
        rests = ((call.index, call.joiner.end()) for call in self._calls)
        return [ToolCallDelta(index, arguments=rest) for index, rest in rests if rest]

    def _find(
        self, place: int | None, call_id: str | None, name: str | None, arguments: str
    ) -> _Call:
        if call_id in self._by_id:
            return self._by_id[call_id]
        call = self._by_place.get(place)
        if call is not None and not _begins_another(call, call_id, name, arguments):
            return call
        call = _Call(len(self._calls), call_id)
        self._calls.append(call)
        if call_id is not None:
            self._by_id[call_id] = call
        return call


class _Call:
    def __init__(self, index: int, call_id: str | None) -> None:
        self.index = index
        self.id = call_id
        self.name: str | None = None
        self.joiner = SurrogateJoiner()
        self._arguments: list[str] = []
        self._state: dict[str, Any] = {}

    def add(self, arguments: str) -> str:
        """Return as much of the arguments as can be passed on now."""
        self._arguments.append(arguments)
        return self.joiner.feed(arguments)

    def add_state(self, piece: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the state of the call so far, if the piece adds to it."""
        if not (more := read_call_state(piece)):
            return None
        self._state = {**self._state, **more}
        return self._state

    @property
    def is_whole(self) -> bool:
        try:
            read_json("".join(self._arguments))
        except ValueError:
            return False
        return True


def _begins_another(call: _Call, call_id: str | None, name: str | None, arguments: str) -> bool:
    """Return whether a piece at the place of ``call`` is the first of another call."""
    if call.id is not None:
        return call_id is not None
    if name is None or call.name is None:
        return False
    return name != call.name or (arguments != "" and call.is_whole)
