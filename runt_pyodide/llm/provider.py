"""What every provider does: it answers one turn of a chat with a stream of deltas."""

from __future__ import annotations

import json
import warnings
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import aclosing
from hashlib import sha256

from ..errors import ProtocolError
from .access.address import hide_credentials
from .access.budget import Budget
from .messages import AiModel, AIResponse, ChatRequest, ChatSettings, Delta, Message
from .reply import Reply


class AIProvider(ABC):
    """A service that answers chat requests.

    ``name`` is what cells and configurations call it, ``models`` names those that it is known to
    offer without being asked, the default first. ``base_url`` is where it sends its requests, None
    if it sends none. ``service`` names the known service that is there, by its preset; it is None
    for a server of one's own, whatever that calls its models. ``has_plain_names`` says that none
    of the service's models has a slash in its name. ``plays_recording`` says that nobody is asked,
    so that there is nothing to wait for before another try.
    """

    name: str
    models: Sequence[str]
    base_url: str | None = None
    service: str | None = None
    has_plain_names: bool = False

    @property
    def plays_recording(self) -> bool:
        return False

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {hide_credentials(self.base_url)!r})"

    @abstractmethod
    def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        """Yield the deltas of one turn as they come, a FinishDelta last.

        Raise a ProviderError if the turn does not end well, whatever was yielded before; an error
        is never yielded as text. Closing the generator aborts the request.
        """

    async def execute_prompt(self, request: ChatRequest) -> AIResponse:
        """Return the same turn, whole. Raise what the stream raises."""
        reply = Reply()
        async with aclosing(open_stream(self, request)) as deltas:
            async for delta in deltas:
                check_delta(self, delta)
                reply.add(delta)
        return reply.response()

    def origin(self, model: str) -> str:
        """Return what names this service and one of its models in `Message.origin`, the same in
        every session, whatever the provider is called. It does not tell the address, which may be
        private, to those who are given the notebook."""
        address, _, _ = (self.base_url or self.name).partition("?")
        return f"{sha256(address.encode()).hexdigest()[:16]} {model}"

    def state_size(self, message: Message, model: str) -> int:  # noqa: ARG002 -- an overrider's
        """Return how many characters the state of one of its own messages, and that of the calls in
        it, adds to a request to a model."""
        states = [*message.state, *(call.state for call in message.tool_calls if call.state)]
        return sum(len(json.dumps(state)) for state in states)

    def missing(self) -> str | None:
        """Return a sentence on what must be configured before it can be asked; None if nothing."""
        return None

    def describe_cors(self) -> str:
        """Return a sentence on whether the service lets a page read its answers, as is documented,
        and since when; "" if nothing is."""
        return ""

    def remarks(self) -> Sequence[str]:
        """Return in sentences what the service was found to lack, though it works."""
        return ()

    async def find_budget(self) -> Budget | None:
        """Return what the key may spend; None if the service does not tell, or not now."""
        return None

    def secrets(self) -> Sequence[str]:
        """Return what may never be shown or written down, such as the keys that it was given."""
        return ()

    def supports_tools(self, model: str | None = None) -> bool:  # noqa: ARG002 -- an overrider's
        return True

    def supports_streaming(self) -> bool:
        return True

    async def get_available_models(self) -> list[AiModel]:
        """Return the models that it offers now. Raise nothing if the service does not answer."""
        return [AiModel(name, self.name, name) for name in self.models]

    async def describe_model(self, model: str) -> AiModel | None:  # noqa: ARG002 -- an overrider's
        """Return what is known of a model; None if nothing is. The service is not asked for more
        than it would be anyway. Raise nothing if it does not answer."""
        return None

    async def look_up(self, model: str) -> None:  # noqa: B027 -- most know what they know
        """Find out what the service tells of a model, for ``describe_model``, if that was not done
        yet. It is asked once, and does not keep anybody waiting for long. Raise nothing."""

    def adopt(self, other: AIProvider) -> None:  # noqa: B027 -- most learn nothing
        """Take over what another provider, whose place this one takes, has learnt of the same
        service."""

    async def list_models(self) -> list[AiModel]:
        """Return the models that the service itself lists. Raise a ProviderError if it does not."""
        return await self.get_available_models()

    async def check_model(self, model: str) -> None:
        """Raise a ProviderError if the model does not answer.

        It is asked for a few tokens, which a service may charge for; a provider that can tell
        without asking should.
        """
        request = ChatRequest(
            (Message("user", "Say ok."),), model, settings=ChatSettings(max_tokens=16)
        )
        async with aclosing(open_stream(self, request)) as deltas:
            async for delta in deltas:
                check_delta(self, delta)
                return

    def alternative_addresses(self) -> Sequence[str]:
        """Return the base URLs that the user may have meant, if no API answers at this one: the
        likeliest first. A provider that has some can be made for them with ``elsewhere``."""
        return ()

    def elsewhere(self, base_url: str) -> AIProvider:
        """Return the same provider at an address, without the key, which was given for its own."""
        raise NotImplementedError(f"{type(self).__name__} has no other addresses.")

    def neighbours(self) -> Sequence[AIProvider]:
        """Return the provider at its alternative addresses, as earlier versions asked for them."""
        warnings.warn(
            "AIProvider.neighbours is now alternative_addresses and elsewhere",
            DeprecationWarning,
            stacklevel=2,
        )
        return [self.elsewhere(url) for url in self.alternative_addresses()]


_YIELDS = "execute_prompt_stream has to yield TextDelta(text) for text, and FinishDelta last."


def open_stream(provider: AIProvider, request: ChatRequest) -> AsyncGenerator[Delta, None]:
    """Return the stream of a provider that anybody may have written. Raise ProtocolError if it is
    none, such as what a method without ``yield`` returns."""
    stream: object = provider.execute_prompt_stream(request)
    if isinstance(stream, AsyncGenerator):
        return stream
    if isinstance(stream, Coroutine):
        stream.close()  # it is never awaited
    raise ProtocolError(
        f"The provider {provider.name!r} returned a {type(stream).__name__}, and no stream.",
        advice=_YIELDS,
    )


def check_delta(provider: AIProvider, delta: object) -> None:
    """Raise ProtocolError if a provider that anybody may have written yielded no delta."""
    if not isinstance(delta, Delta):
        raise ProtocolError(
            f"The provider {provider.name!r} yielded a {type(delta).__name__}, and no delta.",
            advice=_YIELDS,
        )
