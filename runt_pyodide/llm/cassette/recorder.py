"""A provider that writes down what another one answers.

recorder = Recorder(provider)          # a provider like any other: register it, ask it
...
text = recorder.cassette.to_json()     # then: {"type": "test", "cassette": <that object>}
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing

from ..messages import AiModel, ChatRequest, Delta, Message
from ..provider import AIProvider
from .cassette import Cassette
from .tape import Tape


class Recorder(AIProvider):
    """Asks another provider, and keeps each turn that came to its end, even in an error.

    A turn that was left before its end is not kept. Keys are taken out: those that the provider
    names, those in ``secrets``, and whatever looks like one.
    """

    def __init__(self, provider: AIProvider, secrets: Iterable[str] = ()) -> None:
        self._provider = provider
        self._secrets = (*provider.secrets(), *secrets)
        self._tape = Tape()
        self.name = provider.name
        self.service = provider.service
        self.has_plain_names = provider.has_plain_names

    @property
    def models(self) -> Sequence[str]:  # type: ignore[override]
        return self._provider.models

    @property
    def base_url(self) -> str | None:  # type: ignore[override]
        return self._provider.base_url

    @property
    def cassette(self) -> Cassette:
        """Return what was recorded so far. It is made here, and not while a turn streams."""
        return self._tape.cassette(self._secrets)

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        async with aclosing(self._tape.record(self._provider, request)) as deltas:
            async for delta in deltas:
                yield delta

    def missing(self) -> str | None:
        return self._provider.missing()

    def describe_cors(self) -> str:
        return self._provider.describe_cors()

    def remarks(self) -> Sequence[str]:
        return self._provider.remarks()

    def secrets(self) -> Sequence[str]:
        return self._provider.secrets()

    def origin(self, model: str) -> str:
        return self._provider.origin(model)

    def state_size(self, message: Message, model: str) -> int:
        return self._provider.state_size(message, model)

    def supports_tools(self, model: str | None = None) -> bool:
        return self._provider.supports_tools(model)

    def supports_streaming(self) -> bool:
        return self._provider.supports_streaming()

    async def get_available_models(self) -> list[AiModel]:
        return await self._provider.get_available_models()

    async def describe_model(self, model: str) -> AiModel | None:
        return await self._provider.describe_model(model)

    async def look_up(self, model: str) -> None:
        await self._provider.look_up(model)

    async def list_models(self) -> list[AiModel]:
        return await self._provider.list_models()

    async def check_model(self, model: str) -> None:
        await self._provider.check_model(model)

    def alternative_addresses(self) -> Sequence[str]:
        return self._provider.alternative_addresses()

    def elsewhere(self, base_url: str) -> AIProvider:
        return self._provider.elsewhere(base_url)
