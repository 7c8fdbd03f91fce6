"""A provider that answers from a cassette in place of another one."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace

from ...errors import ConfigError, ProviderError
from ..cassette.proxy import ProxyProvider
from ..cassette.replay import Replay, play
from ..messages import AiModel, ChatRequest, Delta
from ..provider import AIProvider


class RecordedOnly(AIProvider):
    """A provider that was asked when the cassette was recorded, and is not configured now."""

    def __init__(self, name: str, replay: Replay) -> None:
        self.name, self.models = name, replay.models_of(name)
        self.service = replay.about(name).service

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        raise ConfigError(
            f"The provider {self.name!r} is not configured, and {request.model!r} has to be asked "
            "for what the cassette does not hold.",
            advice=f"Configure it: configure({self.name!r}, ...).",
        )
        yield  # it is a generator


class Player(ProxyProvider):
    """Answers as the recorded provider did, without a key or a network. With ``otherwise``, what
    the cassette has no answer to goes there."""

    def __init__(
        self, provider: AIProvider, replay: Replay, otherwise: AIProvider | None = None
    ) -> None:
        super().__init__(provider)
        self._replay = replay
        self._otherwise = otherwise

    @property
    def models(self) -> Sequence[str]:  # type: ignore[override]
        return self._provider.models or self._replay.models_of(self.name)

    @property
    def plays_recording(self) -> bool:
        return self._otherwise is None

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        try:
            async with aclosing(self._answer(request)) as deltas:
                async for delta in deltas:
                    yield delta
        except ProviderError as error:
            error.provider, error.model = self.name, request.model
            raise

    def _answer(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        if self._otherwise is None:
            return play(self._replay.find(request, self.name))
        if (turn := self._replay.seek(request, self.name)) is not None:
            return play(turn)
        if (missing := self._otherwise.missing()) is not None:
            raise ConfigError(f"The cassette has no answer to this request, and {missing}")
        return self._otherwise.execute_prompt_stream(request)

    def missing(self) -> str | None:
        return None

    def supports_tools(self, model: str | None = None) -> bool:
        if self._otherwise is not None:
            return self._otherwise.supports_tools(model)
        return self._replay.supports_tools(model or "", self.name)

    async def describe_model(self, model: str) -> AiModel | None:
        recorded = self._replay.describe_model(model, self.name)
        if recorded is not None:
            return replace(recorded, provider=self.name)
        if self._otherwise is not None:
            return await self._otherwise.describe_model(model)
        return None

    async def look_up(self, model: str) -> None:
        if self._otherwise is not None:
            await self._otherwise.look_up(model)

    async def list_models(self) -> list[AiModel]:
        if self._otherwise is not None and self._otherwise.missing() is None:
            return await self._otherwise.list_models()
        return [await self._describe(model) for model in self._replay.models_of(self.name)]

    async def get_available_models(self) -> list[AiModel]:
        return await self.list_models()

    async def check_model(self, model: str) -> None:
        """Accept every model: nobody is asked."""

    async def _describe(self, model: str) -> AiModel:
        return await self.describe_model(model) or AiModel(model, self.name, model)
