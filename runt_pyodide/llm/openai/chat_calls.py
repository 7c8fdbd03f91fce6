"""The tool calls of a streamed chat completion, whose pieces hardly say where they belong.

Ids and indexes are missing, repeated, shared and moved on, each on some server. So a piece is put
in its place by what it carries. It goes on with the call that its id and index name together, else
its id, else its index, else with the last call. It begins another one only if it has a name, and
says what that call cannot say any more: another name, another id, or arguments that begin again. A
piece without a name never begins a call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..messages import ToolCallDelta
from ..wire.arguments import Arguments, may_begin, write_arguments
from .chat_state import read_call_state

Place = int | str | None


class CallReader:
    """Gives the pieces of a turn's calls an index, one for each call, with an id and a name."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._by_both: dict[tuple[str, Place], Call] = {}
        self._by_id: dict[str, Call] = {}
        self._by_place: dict[Place, Call] = {}
        self._announced: dict[Place, str] = {}

    @property
    def any(self) -> bool:
        return bool(self._calls)

    def read(self, piece: Mapping[str, Any], answer_id: str | None = None) -> list[ToolCallDelta]:
        """Return the delta in one piece, or none. ``answer_id`` names the answer it is in."""
        function = piece.get("function")
        function = piece if function is None else function
        call = self._by_place.get(piece.get("index"))
        state = read_call_state(piece)
        if call is not None and not (state or piece.get("id") or function.get("name")):
            # As most pieces are.
            self._by_place[None] = call
            return call.add(write_arguments(function.get("arguments")))
        part = Piece(
            _read_text(piece.get("id")),
            _read_text(function.get("name")),
            write_arguments(function.get("arguments")),
            _read_place(piece.get("index")),
        )
        call = self._find(part)
        if call is None:
            return []
        self._bind(part, call)
        call.keep(state)
        # The reply to a call names it by its id, so that one of ours may be in no other turn.
        own_id = f"{answer_id or 'call'}_{call.index}"
        return call.read(part, own_id)

    def end(self) -> list[ToolCallDelta]:
        """Return what was held back of the arguments when nothing more comes."""
        return [delta for call in self._calls for delta in call.end()]

    def _find(self, piece: Piece) -> Call | None:
        """Return the call that a piece is part of, which may be a new one; None if it says nothing
        of a call."""
        call, is_named = self._find_begun(piece)
        if not piece.name and not piece.arguments and not is_named:
            # Some servers announce a call by its id alone, and name it in the next piece.
            if piece.id:
                self._announced[piece.place] = piece.id
            return None
        if call is not None and not (piece.name and self._begins_another(call, piece)):
            return call
        announced = self._announced.pop(piece.place, None)
        call_id = piece.id or announced
        call = Call(len(self._calls), call_id)
        self._calls.append(call)
        if call_id:
            self._by_id[call_id] = call
            self._by_both[call_id, piece.place] = call
        return call

    def _find_begun(self, piece: Piece) -> tuple[Call | None, bool]:
        """Return the call that a piece goes on with, if it begins none, and whether the piece names
        it."""
        if piece.id:
            call = self._by_both.get((piece.id, piece.place)) or self._by_id.get(piece.id)
            if call is not None:
                return call, True
        # Under None stands the last call of all.
        call = self._by_place.get(piece.place)
        if call is not None:
            return call, not piece.id
        return self._by_place.get(None), False

    def _bind(self, piece: Piece, call: Call) -> None:
        """Remember where the next pieces of a call will be."""
        self._by_place[piece.place] = self._by_place[None] = call
        if piece.id:
            self._by_id.setdefault(piece.id, call)

    def _begins_another(self, call: Call, piece: Piece) -> bool:
        """Return whether a piece with a name begins another call than the one that it might go on
        with."""
        if call.name is None:
            return False
        if piece.name != call.name:
            return True
        if not may_begin(piece.arguments):
            return False
        arguments = call.arguments
        says_new = bool(piece.arguments) and arguments.is_whole
        is_here = self._by_place.get(piece.place) is call
        repeats = arguments.repeats(piece.arguments)
        # Some servers say "{}" before the arguments.
        is_promised = is_here and piece.place is not None and arguments.is_empty
        if piece.id and piece.id == call.id:
            # An id that several calls share.
            return says_new and not (repeats or (is_here and arguments.is_empty))
        if piece.id:
            # Some servers make a new id for each piece: then the first had no arguments yet.
            return not (is_promised and piece.arguments and not arguments.is_whole)
        if not is_here:
            return True
        return says_new and (call.id is None or not (repeats or is_promised))


@dataclass(slots=True)
class Piece:
    """What a piece of a call carries: "" and None stand for what it does not."""

    id: str
    name: str
    arguments: str
    place: Place


class Call:
    """One call. ``id`` is the one that the server gave it."""

    def __init__(self, index: int, call_id: str | None) -> None:
        self.index = index
        self.id = call_id
        self.name: str | None = None
        self.arguments = Arguments()
        self._state: dict[str, Any] = {}
        self._has_new_state = False
        self._early = ""
        self._own_id = ""

    def keep(self, state: Mapping[str, Any]) -> None:
        """Keep what the service wants back."""
        self._state |= state
        self._has_new_state = self._has_new_state or bool(state)

    def read(self, piece: Piece, own_id: str) -> list[ToolCallDelta]:
        """Return the delta in a piece of this call. Pieces before the name wait for it. ``own_id``
        is its id if the server gave it none."""
        self._own_id = self.id or own_id
        if self.name is not None or not piece.name:
            return self.add(piece.arguments)
        self.name = piece.name
        early, self._early = self._early, ""
        return self._tell(self._own_id, piece.name, early + self.arguments.add(piece.arguments))

    def add(self, arguments: str) -> list[ToolCallDelta]:
        """Return the delta in some more of the arguments."""
        return self._pass_on(self.arguments.add(arguments))

    def settle(self, arguments: str) -> list[ToolCallDelta]:
        """Return what is missing of the arguments, which the service now gives as a whole."""
        return self._pass_on(self.arguments.settle(arguments))

    def end(self) -> list[ToolCallDelta]:
        """Return what was held back. The model is told of a call without a name."""
        rest = self.arguments.end()
        if self.name is None:
            return self._tell(self._own_id, "", self._early + rest)
        return self._tell(None, None, rest)

    def _pass_on(self, arguments: str) -> list[ToolCallDelta]:
        if self.name is not None:
            return self._tell(None, None, arguments)
        self._early += arguments
        return []

    def _tell(self, call_id: str | None, name: str | None, arguments: str) -> list[ToolCallDelta]:
        state = dict(self._state) if self._has_new_state else None
        self._has_new_state = False
        if call_id is None and not arguments and state is None:
            return []
        return [ToolCallDelta(self.index, call_id, name, arguments, state)]


def _read_text(value: Any) -> str:
    return "" if value is None else str(value)


def _read_place(value: Any) -> Place:
    """Return an index as the key of a place: the number 0 and the text "0" are the same."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value
