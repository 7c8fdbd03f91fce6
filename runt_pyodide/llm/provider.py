"""What every provider is: one turn of a chat, as a stream of deltas."""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from .messages import AiModel, AIResponse, ChatRequest, ChatSettings, Delta, Message
from .reply import Reply


class AIProvider(ABC):
    """A service that answers chat requests.

    ``name`` is what cells and configurations call it, ``models`` what it is known to offer without
    asking it, the default first. ``base_url`` is where it sends its requests, None where it sends
    none.
    """

    name: str
    models: Sequence[str]
    base_url: str | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {self.base_url!r})"

    @abstractmethod
    def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        """One turn: its deltas as they come, a FinishDelta last.

        Raises a ProviderError where the turn does not end well, whatever was yielded before; an
        error is never yielded as text. Closing the generator aborts the request.
        """

    async def execute_prompt(self, request: ChatRequest) -> AIResponse:
        """The same turn, whole. Raises what the stream raises."""
        reply = Reply()
        async with aclosing(self.execute_prompt_stream(request)) as deltas:
            async for delta in deltas:
                reply.add(delta)
        return reply.response()

    def missing(self) -> str | None:
        """What must be configured before it can be asked, in a sentence; None when it is ready."""
        return None

    def secrets(self) -> Sequence[str]:
        """What may never be shown or written down: the keys that it was given."""
        return ()

    def supports_tools(self, model: str | None = None) -> bool:  # noqa: ARG002 -- an overrider's
        return True

    def supports_streaming(self) -> bool:
        return True

    async def get_available_models(self) -> list[AiModel]:
        """The models it offers now. Raises no error for a service that does not answer."""
        return [AiModel(name, self.name, name) for name in self.models]

    async def describe_model(self, model: str) -> AiModel | None:  # noqa: ARG002 -- an overrider's
        """What is known of a model, asking the service for no more than it would be asked anyway;
        None where nothing is. Raises no error for a service that does not answer."""
        return None

    async def list_models(self) -> list[AiModel]:
        """The models that the service itself lists. Raises a ProviderError where it does not."""
        return await self.get_available_models()

    async def check_model(self, model: str) -> None:
        """Raises a ProviderError where that model gives no answer.

        It is asked for a few tokens, which a service may charge for; a provider that can tell
        without should.
        """
        request = ChatRequest(
            (Message("user", "Say ok."),), model, settings=ChatSettings(max_tokens=16)
        )
        async with aclosing(self.execute_prompt_stream(request)) as deltas:
            await anext(deltas, None)

    def at_alternative_addresses(self) -> Sequence[AIProvider]:
        """Return the same provider at other addresses, for one that does not answer at its own:
        those that the user may have meant, the likeliest first. They have no key, which was given
        for this address alone."""
        return ()

    def neighbours(self) -> Sequence[AIProvider]:
        """The earlier name of ``at_alternative_addresses``."""
        warnings.warn(
            "AIProvider.neighbours is now AIProvider.at_alternative_addresses",
            DeprecationWarning,
            stacklevel=2,
        )
        return self.at_alternative_addresses()
