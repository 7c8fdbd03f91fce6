"""A provider that writes down what another one answers.

recorder = Recorder(provider)          # a provider like any other: register it, ask it
...
text = recorder.cassette.to_json()     # then: {"type": "test", "cassette": <that object>}
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing

from ..messages import AiModel, ChatRequest, Delta
from ..provider import AIProvider
from .cassette import Cassette
from .proxy import ProxyProvider
from .tape import Tape


class Recorder(ProxyProvider):
    """Asks another provider, and keeps each turn once it is over, also if it ended in an error or
    was cancelled, and what is known of the models. Several may share a ``tape``.

    Keys are taken out: those that the provider names, those in ``secrets``, and whatever looks like
    one.
    """

    def __init__(
        self, provider: AIProvider, secrets: Iterable[str] = (), tape: Tape | None = None
    ) -> None:
        super().__init__(provider)
        self._secrets = tuple(secrets)
        self._tape = tape or Tape()

    @property
    def cassette(self) -> Cassette:
        """Return what was recorded so far. It is made here, and not while a turn streams."""
        return self._tape.cassette(self._secrets)

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        async with aclosing(self._tape.record(self._provider, request)) as deltas:
            async for delta in deltas:
                yield delta

    async def describe_model(self, model: str) -> AiModel | None:
        about = await self._provider.describe_model(model)
        self._tape.note_model(self._provider, model, about)
        return about

    def supports_tools(self, model: str | None = None) -> bool:
        supported = self._provider.supports_tools(model)
        if model is not None:
            self._tape.note_tools(self._provider, model, supported=supported)
        return supported
