"""Turns, written down as they come, and made into a cassette on request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from ...errors import ProviderError, RuntError
from ..messages import (
    AiModel,
    ChatRequest,
    Delta,
    FinishDelta,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
)
from ..provider import AIProvider, check_delta, open_stream
from ..redaction import Redactor
from .cassette import (
    OPAQUE,
    Cassette,
    RecordedDelta,
    RecordedError,
    RecordedProvider,
    RecordedTurn,
)

_KEPT = 8


@dataclass(slots=True)
class TapedTurn:
    """Who was asked what, what came, and how it ended: if it was cancelled, after how long.
    ``now`` is a clock in seconds."""

    provider: str
    request: ChatRequest
    now: Callable[[], float]
    began: float
    deltas: list[Delta] = field(default_factory=list)
    error: ProviderError | None = None
    cancelled_after: float | None = None

    @property
    def is_whole(self) -> bool:
        return bool(self.deltas) and isinstance(self.deltas[-1], FinishDelta)

    @property
    def is_over(self) -> bool:
        return self.is_whole or self.error is not None or self.cancelled_after is not None

    def cancel(self) -> None:
        """Note that nobody waits for the rest, unless it is over."""
        if not self.is_over:
            self.cancelled_after = round(self.now() - self.began, 3)


class Tape:
    """Turns in the order in which they began, and what was known of those who were asked."""

    def __init__(self) -> None:
        self._turns: list[TapedTurn] = []
        self._services: dict[str, str | None] = {}
        self._models: dict[tuple[str, str], AiModel] = {}
        self._without_tools: set[tuple[str, str]] = set()
        self._secrets: set[str] = set()

    @property
    def is_empty(self) -> bool:
        return not any(turn.is_over for turn in self._turns)

    def close(self) -> None:
        """Take what came so far of the turns that are not over as all that was wanted of them."""
        for turn in self._turns:
            turn.cancel()

    def note_model(self, provider: AIProvider, model: str, about: AiModel | None) -> None:
        """Keep what the provider knows of a model: it decides what that is sent."""
        if about is not None:
            self._models[provider.name, model] = about

    def note_tools(self, provider: AIProvider, model: str, *, supported: bool) -> None:
        """Keep whether a model is sent tools."""
        note = self._without_tools.discard if supported else self._without_tools.add
        note((provider.name, model))

    async def record(
        self, provider: AIProvider, request: ChatRequest
    ) -> AsyncGenerator[Delta, None]:
        """Ask the provider, and yield what it answers; all of it is kept. Raise ProviderError."""
        now = asyncio.get_running_loop().time
        turn = TapedTurn(provider.name, request, now, now())
        self._turns.append(turn)
        self._services[provider.name] = provider.service
        self._secrets.update(provider.secrets())
        try:
            async with aclosing(open_stream(provider, request)) as deltas:
                async for delta in deltas:
                    check_delta(provider, delta)
                    turn.deltas.append(delta)
                    yield delta
        except ProviderError as error:
            turn.error = error
            raise
        except (asyncio.CancelledError, GeneratorExit):
            turn.cancel()
            raise

    def cassette(self, secrets: Iterable[str] = ()) -> Cassette:
        """Return the turns that are over, without keys. It is named after the provider that was
        asked last."""
        redactor = Redactor([*secrets, *self._secrets])
        turns = [turn for turn in self._turns if turn.is_over]
        return Cassette(
            provider=turns[-1].provider if turns else "",
            providers=tuple(map(self._describe, dict.fromkeys(turn.provider for turn in turns))),
            turns=tuple(_record(turn, redactor) for turn in turns),
        )

    def _describe(self, name: str) -> RecordedProvider:
        models = [about for (owner, _), about in self._models.items() if owner == name]
        return RecordedProvider(
            name=name,
            service=self._services[name],
            models=tuple(models),
            without_tools=tuple(sorted(one for owner, one in self._without_tools if owner == name)),
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
        provider=turn.provider,
        cancelled_after=turn.cancelled_after,
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
