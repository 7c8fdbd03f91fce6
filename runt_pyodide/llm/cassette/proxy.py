"""A provider that stands before another one, and passes on whatever it does not do itself."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

from ..access.budget import Budget
from ..messages import AiModel, ChatRequest, Delta, Message
from ..provider import AIProvider


class ProxyProvider(AIProvider):
    """Looks and answers as the provider that it was given."""

    def __init__(self, provider: AIProvider) -> None:
        self._provider = provider
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
    def plays_recording(self) -> bool:
        return self._provider.plays_recording

    def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        return self._provider.execute_prompt_stream(request)

    def missing(self) -> str | None:
        return self._provider.missing()

    def describe_cors(self) -> str:
        return self._provider.describe_cors()

    def remarks(self) -> Sequence[str]:
        return self._provider.remarks()

    async def find_budget(self) -> Budget | None:
        return await self._provider.find_budget()

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
