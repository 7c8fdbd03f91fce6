"""A provider that writes down what another one answers.

recorder = Recorder(provider)          # a provider like any other: register it, ask it
...
text = recorder.cassette.to_json()     # then: {"type": "test", "cassette": <that object>}
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import replace

from ...errors import ProviderError
from ...messages import (
    AiModel,
    ChatRequest,
    Delta,
    FinishDelta,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
)
from ..base import AIProvider
from . import Cassette, RecordedDelta, RecordedError, RecordedTurn
from .redaction import Redactor


class Recorder(AIProvider):
    """Asks another provider, and keeps each turn that came to its end, in an error too.

    A turn that was left before its end is not kept. Keys are taken out: those that the provider
    says it has, those in ``secrets``, and what looks like one.
    """

    def __init__(self, provider: AIProvider, secrets: Iterable[str] = ()) -> None:
        self._provider = provider
        self._redactor = Redactor((*provider.secrets(), *secrets))
        self._turns: list[RecordedTurn | None] = []
        self.name = provider.name

    @property
    def models(self) -> Sequence[str]:  # type: ignore[override]
        return self._provider.models

    @property
    def base_url(self) -> str | None:  # type: ignore[override]
        return self._provider.base_url

    @property
    def cassette(self) -> Cassette:
        """What was recorded so far."""
        turns = tuple(turn for turn in self._turns if turn is not None)
        return Cassette(provider=self.name, turns=turns)

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        place = len(self._turns)
        self._turns.append(None)
        deltas: list[Delta] = []
        error: ProviderError | None = None
        try:
            async with aclosing(self._provider.execute_prompt_stream(request)) as stream:
                async for delta in stream:
                    deltas.append(delta)
                    yield delta
        except ProviderError as caught:
            error = caught
            raise
        finally:
            if error is not None or (deltas and isinstance(deltas[-1], FinishDelta)):
                self._turns[place] = self._record(request, deltas, error)

    def missing(self) -> str | None:
        return self._provider.missing()

    def secrets(self) -> Sequence[str]:
        return self._provider.secrets()

    def supports_tools(self, model: str | None = None) -> bool:
        return self._provider.supports_tools(model)

    def supports_streaming(self) -> bool:
        return self._provider.supports_streaming()

    async def get_available_models(self) -> list[AiModel]:
        return await self._provider.get_available_models()

    async def list_models(self) -> list[AiModel]:
        return await self._provider.list_models()

    async def check_model(self, model: str) -> None:
        await self._provider.check_model(model)

    def neighbours(self) -> Sequence[AIProvider]:
        return self._provider.neighbours()

    def _record(
        self, request: ChatRequest, deltas: list[Delta], error: ProviderError | None
    ) -> RecordedTurn:
        turn = RecordedTurn(
            request=request,
            deltas=tuple(map(RecordedDelta.of, _join_keys(deltas, self._redactor))),
            error=RecordedError.of(error) if error else None,
        )
        value = turn.model_dump(mode="json", by_alias=True)
        return RecordedTurn.model_validate(self._redactor.json(value))


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
