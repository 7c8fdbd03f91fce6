"""Answers of Anthropic's Messages API: a stream's events, mapped to deltas.

Source: anthropic-sdk-python `types/raw_message_stream_event.py` and the types that it names;
platform.claude.com, "Streaming messages" and "Stop reasons".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...json_text import read_json
from ..adaptation.calls import sound_arguments
from ..messages import Delta, FinishDelta, ToolCallDelta, UsageDelta
from ..wire.arguments import Arguments, write_arguments
from ..wire.endings import Ending, read_ending
from ..wire.records import RecordReader, mend_surrogates
from ..wire.template import Layout
from ..wire.usage import read_usage
from .request_body import ANSWER_TOOL
from .thinking import Block, Said, build_state

PAUSED = "pause_turn"
"""The service waits for the same request, with what the model said so far at its end."""

_BREAK = "\n\n"
_PIECES = ("text", "thinking", "partial_json", "signature")


class EventReader(RecordReader):
    """Reads the events of one stream. Events and blocks of an unknown type are passed over.

    ``before`` are the blocks of the same turn that came before it paused. ``is_bound`` says that
    the model was made to call a tool with its answer: what it calls it with is the text.
    """

    layout = Layout(
        texts=(("delta", "text"), ("delta", "thinking"), ("delta", "partial_json")),
        names=("index",),
    )

    def __init__(self, model: str, before: Said = (), *, is_bound: bool = False) -> None:
        super().__init__()
        self._model = model
        self._before = before
        self._answer_tool = ANSWER_TOOL if is_bound else None
        self._blocks: dict[int, _Part] = {}
        self._told = {block["type"] for block in before}
        self._last = ""
        for block in before:
            for cited in block.get("citations") or ():
                self.cite(cited.get("url"), cited.get("title"))
        self._calls = 0
        self._counted: dict[str, Any] = {}
        self._ending: Ending | None = None
        self._notice = ""

    def has_ended(self) -> bool:
        return self._ending is not None or (self.done and self._begun)

    def read_end(self) -> list[Delta]:
        parts = [*self._blocks.values()]
        rests = [delta for part in parts for delta in self._call(part, part.end())]
        made = (part.block() for part in parts)
        blocks = [*self._before, *(block for block in made if block.get("text") != "")]
        ending = self._ending or read_ending("stop")
        if ending.word == PAUSED:
            return [*rests, FinishDelta("stop", state=({"type": PAUSED}, *blocks))]
        finish = ending.finish(called=self._calls > 0)
        notice = self._notice or finish.notice
        return [*rests, replace(finish, notice=notice, state=build_state(self._model, blocks))]

    def read_record(self, record: Mapping[str, Any]) -> list[Delta]:
        match record.get("type"):
            case "message_start":
                return self._read_message(record["message"])
            case "content_block_start":
                return self._open(record["index"], record["content_block"])
            case "content_block_delta":
                return self._read_delta(record["index"], record["delta"])
            case "message_delta":
                return self._read_ending(record["delta"], record.get("usage"))
            case "message_stop":
                self.done = True
            case "message":  # of a server that does not stream
                self.done = True
                return self._read_message(record)
        return []

    def _read_message(self, message: Mapping[str, Any]) -> list[Delta]:
        deltas: list[Delta] = []
        for index, block in enumerate(message.get("content") or ()):
            deltas += self._open(index, block)
        return [*deltas, *self._read_ending(message, message.get("usage"))]

    def _open(self, index: int, block: Mapping[str, Any]) -> list[Delta]:
        """Read the beginning of a block, or a whole one."""
        kind, last, self._last = block["type"], self._last, block["type"]
        part = self._blocks[index] = _Part(block, kind)
        part.signature = block.get("signature") or ""
        for cited in block.get("citations") or ():
            part.citations.append(cited)
            self.cite(cited.get("url"), cited.get("title"))
        given = write_arguments(block.get("input") or None)
        if kind == "tool_use" and block["name"] != self._answer_tool:
            part.call, self._calls = self._calls, self._calls + 1
            return [ToolCallDelta(part.call, block["id"], block["name"], part.arguments.add(given))]
        if kind == "tool_use":
            part.kind = "text"
            return self._tell(part, given)
        # Texts that follow on each other are one text, in whose parts sources are cited.
        part.is_apart = kind in self._told and not kind == last == "text"
        return self._tell(part, block.get(kind) or "") if kind in ("text", "thinking") else []

    def _read_delta(self, index: int, delta: Mapping[str, Any]) -> list[Delta]:
        if cited := delta.get("citation"):
            self._blocks[index].citations.append(cited)
            self.cite(cited.get("url"), cited.get("title"))
        name = next((name for name in _PIECES if delta.get(name)), "")
        if not name:
            return []
        if index not in self._blocks and name in ("text", "thinking"):
            self._open(index, {"type": name})
        part, piece = self._blocks[index], delta[name]
        if name == "signature":
            part.signature += piece
        elif part.kind in ("text", "thinking"):
            return self._tell(part, piece)
        elif name == "partial_json" and part.call is not None:
            return self._call(part, part.arguments.add(piece))
        elif name == "partial_json":
            part.pieces.append(piece)
        return []

    def _tell(self, part: _Part, text: str) -> list[Delta]:
        if not text:
            return []
        part.pieces.append(text)
        self._told.add(part.kind)
        lead, part.is_apart = _BREAK * part.is_apart, False
        return self.say(lead + text) if part.kind == "text" else self.think(lead + text)

    def _call(self, part: _Part, arguments: str) -> list[Delta]:
        if part.call is None or not arguments:
            return []
        return [ToolCallDelta(part.call, arguments=arguments)]

    def _read_ending(self, end: Mapping[str, Any], usage: Any) -> list[Delta]:
        if word := end.get("stop_reason"):
            self._ending = read_ending(word)
            self._notice = (end.get("stop_details") or {}).get("explanation") or ""
        self._counted |= {name: n for name, n in (usage or {}).items() if n is not None}
        counted = read_usage(self._counted) if usage else None
        return [] if counted is None else [UsageDelta(counted)]


def is_paused(finish: FinishDelta) -> bool:
    """Return whether the turn goes on; the blocks that it has so far follow in the state."""
    return finish.state[:1] == ({"type": PAUSED},)


@dataclass(slots=True)
class _Part:
    """A block of the answer, as far as it came. Of a call, ``call`` is its number; a text or
    thinking that is ``is_apart`` follows after a break."""

    begun: Mapping[str, Any]
    kind: str
    pieces: list[str] = field(default_factory=list)
    signature: str = ""
    citations: list[Mapping[str, Any]] = field(default_factory=list)
    call: int | None = None
    arguments: Arguments = field(default_factory=Arguments)
    is_apart: bool = False

    def end(self) -> str:
        """Return what was held back of a call's arguments."""
        return self.arguments.end() if self.call is not None else ""

    def block(self) -> Block:
        """Return the block as the next request has it; of a call, only which one it is."""
        match self.kind:
            case "text":
                cited = {"citations": self.citations} if self.citations else {}
                return {"type": "text", "text": self._text(), **cited}
            case "thinking":
                return {"type": "thinking", "thinking": self._text(), "signature": self.signature}
            case "tool_use":
                return {"type": "tool_use", "call_id": self.begun["id"]}
        if self.pieces:  # a call of a tool of the service's own
            return {**self.begun, "input": read_json(sound_arguments(self._text()))}
        return dict(self.begun)

    def _text(self) -> str:
        return mend_surrogates("".join(self.pieces))
