"""Turns, written down as they come, and made into a cassette on request."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from ...errors import ProviderError, RuntError
from ..messages import ChatRequest, Delta, FinishDelta, TextDelta, ThinkingDelta, ToolCallDelta
from ..provider import AIProvider
from ..redaction import Redactor
from .cassette import OPAQUE, Cassette, RecordedDelta, RecordedError, RecordedTurn

_KEPT = 8


@dataclass(slots=True)
class TapedTurn:
    """Who was asked what, and what came."""

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

    async def record(
        self, provider: AIProvider, request: ChatRequest
    ) -> AsyncGenerator[Delta, None]:
        """Ask the provider, and yield what it answers; all of it is kept. Raise ProviderError."""
        turn = TapedTurn(provider.name, request)
        self._turns.append(turn)
        try:
            async with aclosing(provider.execute_prompt_stream(request)) as deltas:
                async for delta in deltas:
                    turn.deltas.append(delta)
                    yield delta
        except ProviderError as error:
            turn.error = error
            raise

    def cassette(self, secrets: Iterable[str]) -> Cassette:
        """Return the turns that came to their end, even in an error, without keys. It is named
        after the provider that was asked last."""
        redactor = Redactor(secrets)
        turns = [turn for turn in self._turns if turn.is_whole]
        return Cassette(
            provider=turns[-1].provider if turns else "",
            turns=tuple(_record(turn, redactor) for turn in turns),
        )


class Tapes:
    """The tapes of the last runs, by the ids of the runs."""

    def __init__(self) -> None:
        self._tapes: dict[str, Tape] = {}

    def begin(self, run_id: str) -> Tape:
        """Return a new tape, and let go of the oldest if there are too many."""
        tape = self._tapes[run_id] = Tape()
        for old in [*self._tapes][:-_KEPT]:
            del self._tapes[old]
        return tape

    def find(self, run_id: str) -> Tape:
        """Return the tape of a run. Raise RuntError if it is not kept."""
        if run_id not in self._tapes:
            raise RuntError(
                "What was asked and answered in that run is not kept any more.",
                advice="Run the cell again, and export it then.",
            )
        return self._tapes[run_id]


def _record(turn: TapedTurn, redactor: Redactor) -> RecordedTurn:
    recorded = RecordedTurn(
        request=turn.request,
        deltas=tuple(map(RecordedDelta.of, _join_keys(turn.deltas, redactor))),
        error=RecordedError.of(turn.error) if turn.error else None,
    )
    value = recorded.model_dump(mode="json", by_alias=True)
    return RecordedTurn.model_validate(redactor.json(value, OPAQUE))


def _join_keys(deltas: list[Delta], redactor: Redactor) -> list[Delta]:
    """Return the deltas. A text with a key that runs over several of them is whole in the first."""
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
    """Return which text the delta continues (its kind, or the index of its call), and its piece."""
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
