"""Anthropic, by its Messages API: thin glue."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from typing import Any

from ...errors import CutStreamError, ProviderError
from ..adaptation.adapter import Built
from ..messages import AiModel, ChatRequest, Delta, FinishDelta, Usage, UsageDelta
from ..services.provider import ServiceProvider
from .events import EventReader, is_paused
from .models import describe, read_models
from .refusals import adapt, find_known, find_refused, is_forced
from .request_body import build_body
from .settings import AnthropicSettings, alternative_addresses
from .thinking import Said

_MOST_PARTS = 10


class AnthropicProvider(ServiceProvider[AnthropicSettings]):
    """Answers by ``POST {base_url}/messages``, streamed."""

    its_service = "anthropic"

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        """Ask for a turn, and go on with it as long as the service pauses it."""
        before: Said = ()
        spent = Usage()
        for _ in range(_MOST_PARTS):
            said, now = None, spent
            async with aclosing(self._stream(request, before)) as deltas:
                async for delta in deltas:
                    if isinstance(delta, UsageDelta):
                        spent = now + delta.usage
                        yield UsageDelta(spent)
                    elif isinstance(delta, FinishDelta) and is_paused(delta):
                        said = delta.state[1:]
                    else:
                        yield delta
            if said is None:
                return
            before = said
        raise CutStreamError(f"The service paused its answer {_MOST_PARTS} times.")

    def _stream(self, request: ChatRequest, before: Said) -> AsyncGenerator[Delta, None]:
        return self._ask(
            request,
            "/messages",
            partial(_build, before),
            partial(EventReader, request.model, before, is_bound=is_forced(request)),
        )

    def _read_list(self, body: bytes) -> list[AiModel]:
        return read_models(body, self.name)

    def _describe(self, name: str) -> AiModel:
        return describe(name, self.name)

    def alternative_addresses(self) -> Sequence[str]:
        return alternative_addresses(self.base_url)

    def _find_known(self, request: ChatRequest) -> frozenset[str]:
        return super()._find_known(request) | find_known(request)

    def _find_refused(
        self,
        request: ChatRequest,
        error: ProviderError,
        sent: Mapping[str, Any],
        refused: frozenset[str],
    ) -> Iterator[str]:
        yield from find_refused(request, error, sent, refused)


def _build(before: Said, request: ChatRequest, refused: frozenset[str]) -> Built:
    return Built(*adapt(build_body(request, refused, before), request, refused))
