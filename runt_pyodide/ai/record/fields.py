"""What an AI run writes into its outputs: the names and types of all of it.

An output's metadata holds one `AIRecord` under ``anode``; a tool call and its result hold a
`CallData` or a `ResultData` under MIME types of their own, so that readers who know these find
calls in any notebook. Deltas add to a record: each brings the fields that are new. The names are
those of the runt notebooks if these have one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ...llm.messages import FinishReason, Source, ToolCall, Usage
from ...llm.messages import Role as MessageRole
from ...notebook.state.output import Output
from .changes import Change
from .typed_json import TypedJson

CALL = "application/vnd.anode.aitool+json"
RESULT = "application/vnd.anode.aitool.result+json"
MOCK_PROVIDER = "mock"
"""The ``ai_provider`` of a mock answer, which only says that no provider is configured."""

Role = Literal["assistant", "function_call", "tool"]
Ending = FinishReason | Literal["cancelled", "error"]
CallState = Literal["pending", "waiting", "running", "success", "error", "denied", "cancelled"]
OPEN_STATES: frozenset[CallState] = frozenset({"pending", "waiting", "running"})
"""Those of a call that has not ended."""
NoticeKind = Literal["retry", "fallback", "warning"]


@dataclass(frozen=True, slots=True)
class Notice(TypedJson):
    """What the reader is told during a turn; from the time ``until`` it no longer holds."""

    kind: NoticeKind
    text: str
    until: str | None = None


@dataclass(frozen=True, slots=True)
class RunAccount(TypedJson):
    """What a run itself took so far; what it started has accounts of its own. ``usage`` sums up the
    service's counts; ``price_usd`` is what the turns cost whose price is known, None if there is
    none; ``unpriced`` names the models of the others, of which only a part is known; ``limit``
    names the limit that ended the run."""

    turns: int | None = None
    tool_calls: int | None = None
    duration_ms: float | None = None
    usage: Usage | None = None
    first_token_ms: float | None = None
    tokens_per_second: float | None = None
    price_usd: float | None = None
    unpriced: tuple[str, ...] = ()
    limit: str | None = None


@dataclass(frozen=True, slots=True)
class AIRecord(TypedJson):
    """What an AI run records about one output.

    Every output names its run and its turn (``iteration``, from 1). The first text of a run holds
    the ``prompt`` as it was sent, if that is not the cell's source; the first text of a turn holds
    the ``manifest``, the last one ``finish_reason`` and ``usage``; a call holds its ``state`` and,
    if a person was asked for it, the sources of the cells that it depends on as the model had
    ``seen`` them, by the cells' ids; a result holds the ``change`` that it made; the last output of
    a turn holds what the ``run`` took until then. ``continued_by`` names the execution that
    continued from here. The manifest is left as JSON, since it is long and seldom read: see
    `manifest_of`. The last text of a turn, and a call, hold the ``service_state`` that the service
    wants back with it and alone understands, and the ``origin`` that names the service and the
    model that it goes back to. The last text of a turn also holds the ``sources`` that the service
    found on the web for it.
    """

    role: Role | None = None
    run_id: str | None = None
    iteration: int | None = None
    ai_provider: str | None = None
    ai_model: str | None = None
    thinking: bool = False
    notices: tuple[Notice, ...] = ()
    prompt: str | None = None
    manifest: Mapping[str, Any] | None = None
    finish_reason: Ending | None = None
    usage: Usage | None = None
    tool_call: bool = False
    tool_call_id: str | None = None
    tool_name: str | None = None
    tool_args: Mapping[str, Any] | None = None
    tool_error: bool = False
    state: CallState | None = None
    seen: Mapping[str, Any] | None = None
    duration_ms: float | None = None
    change: Change | None = None
    run: RunAccount | None = None
    continued_by: str | None = None
    origin: str | None = None
    service_state: tuple[Mapping[str, Any], ...] = ()
    sources: tuple[Source, ...] = ()

    @classmethod
    def of(cls, output: Output) -> AIRecord:
        """Return the record of an output, without the fields that cannot be read."""
        return cls.of_metadata(output.metadata)

    @classmethod
    def of_metadata(cls, metadata: Mapping[str, Any]) -> AIRecord:
        """Return the record in the metadata of an output, without what cannot be read."""
        return cls.read(metadata.get(_KEY)) or cls()

    def to_metadata(self) -> dict[str, Any]:
        """Return the metadata of an output, or what a delta adds to it."""
        return {_KEY: self.to_json()}


_KEY = "anode"


@dataclass(frozen=True, slots=True)
class CallData(TypedJson):
    """A tool call as it is shown. ``arguments`` is the model's text if that isn't a JSON object."""

    tool_call_id: str
    tool_name: str
    arguments: Mapping[str, Any] | str | None = None

    def to_call(self) -> ToolCall:
        """Return the call as the model made it."""
        text = _to_text({} if self.arguments is None else self.arguments)
        return ToolCall(self.tool_call_id, self.tool_name, text)


@dataclass(frozen=True, slots=True)
class ResultData(TypedJson):
    """The result of a tool call: ours is a text, a runt notebook's may be any JSON."""

    tool_call_id: str
    status: Literal["success", "error"] | None = None
    result: Any = None
    tool_name: str | None = None
    arguments: Mapping[str, Any] | str | None = None
    timestamp: str | None = None

    @property
    def text(self) -> str:
        """What the model is told."""
        return "" if self.result is None else _to_text(self.result)


@dataclass(frozen=True, slots=True)
class ManifestEntry(TypedJson):
    """One message. ``source`` is the id of the cell that it is about, or "prompt", "turn" (of this
    run), "system" or "tools"; ``cut`` counts the characters that were left out of it."""

    role: MessageRole
    source: str
    characters: int
    tokens: int
    images: int = 0
    cut: int = 0


@dataclass(frozen=True, slots=True)
class NoRoom(TypedJson):
    """The cells above for which there was no room: their number, the topmost and the lowest."""

    cells: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Manifest(TypedJson):
    """What a model was sent in a turn. ``window`` is the model's context window in tokens,
    ``reserved`` the part of it that is kept for the answer, and ``tokens`` an estimate of all that
    was sent. ``hidden`` are the cells above that are hidden from AI."""

    window: int
    reserved: int
    tokens: int
    messages: tuple[ManifestEntry, ...] = ()
    hidden: tuple[str, ...] = ()
    no_room: NoRoom | None = None
    images_left_out: int = 0


def manifest_of(record: AIRecord) -> Manifest | None:
    """Return what the model saw in the turn that a record begins."""
    return Manifest.read(record.manifest)


def _to_text(value: object) -> str:
    """Return a text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value)
