"""Turns written down as they come, and made into a cassette when one is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ...errors import ProviderError
from ..messages import ChatRequest, Delta, FinishDelta, TextDelta, ThinkingDelta, ToolCallDelta
from ..redaction import Redactor
from .cassette import Cassette, RecordedDelta, RecordedError, RecordedTurn


@dataclass(slots=True)
class TapedTurn:
    """Who was asked what, and what came: who streams it appends the deltas, and sets the error."""

    provider: str
    request: ChatRequest
    deltas: list[Delta] = field(default_factory=list)
    error: ProviderError | None = None

    @property
    def is_whole(self) -> bool:
        ended = bool(self.deltas) and isinstance(self.deltas[-1], FinishDelta)
        return ended or self.error is not None


class Tape:
    """Turns in the order in which they began."""

    def __init__(self) -> None:
        self._turns: list[TapedTurn] = []

    def begin(self, provider: str, request: ChatRequest) -> TapedTurn:
        turn = TapedTurn(provider, request)
        self._turns.append(turn)
        return turn

    def cassette(self, secrets: Iterable[str]) -> Cassette:
        """The turns that came to their end, in an error too, without keys; named after the one who
        was asked last."""
        redactor = Redactor(secrets)
        turns = [turn for turn in self._turns if turn.is_whole]
        return Cassette(
            provider=turns[-1].provider if turns else "",
            turns=tuple(_record(turn, redactor) for turn in turns),
        )


def _record(turn: TapedTurn, redactor: Redactor) -> RecordedTurn:
    recorded = RecordedTurn(
        request=turn.request,
        deltas=tuple(map(RecordedDelta.of, _join_keys(turn.deltas, redactor))),
        error=RecordedError.of(turn.error) if turn.error else None,
    )
    value = recorded.model_dump(mode="json", by_alias=True)
    return RecordedTurn.model_validate(redactor.json(value))


def _join_keys(deltas: list[Delta], redactor: Redactor) -> list[Delta]:
    """The deltas; but a text with a key that runs over several of them is whole in the first."""
    pieces: dict[str | int, list[str]] = {}
    for delta in deltas:
        if (found := _piece(delta)) is not None:
            pieces.setdefault(found[0], []).append(found[1])
    whole = {
        stream: "".join(parts)
        for stream, parts in pieces.items()
        if redactor.text("".join(parts)) != "".join(map(redactor.text, parts))
    }
    written: set[str | int] = set()
    kept: list[Delta] = []
    for delta in deltas:
        found = _piece(delta)
        if found is None or found[0] not in whole:
            kept.append(delta)
        elif found[0] not in written:
            written.add(found[0])
            kept.append(_with_text(delta, whole[found[0]]))
    return kept


def _piece(delta: Delta) -> tuple[str | int, str] | None:
    """The text that the delta goes on with, by its kind or the index of its call, and the piece."""
    match delta:
        case TextDelta(text):
            return "text", text
        case ThinkingDelta(text):
            return "thinking", text
        case ToolCallDelta():
            return delta.index, delta.arguments
        case _:
            return None


def _with_text(delta: Delta, text: str) -> Delta:
    if isinstance(delta, ToolCallDelta):
        return replace(delta, arguments=text)
    return ThinkingDelta(text) if isinstance(delta, ThinkingDelta) else TextDelta(text)
