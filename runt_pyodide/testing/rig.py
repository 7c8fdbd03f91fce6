"""Rigs: they make a provider's service say a given turn, without the service itself."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from ..errors import CutStreamError, NetworkError
from ..llm.provider import AIProvider
from ..llm.transport.base import Request, Response, Transport
from ..llm.transport.scripted import Scripted, ScriptedTransport

KEY = "sk-a-secret-of-the-contract-0123456789"
MODEL = "some-model"

Feature = Literal[
    "call ids", "error", "key", "length", "refusal", "thinking", "tools", "usage", "wire"
]
FEATURES: tuple[Feature, ...] = get_args(Feature)
"""Features that the cases need and that a service may lack.

"call ids": the service gives calls ids of its own. "error": it can report an error in the middle of
an answer. "key": it takes an API key, and refuses a wrong one with HTTP 401. "length": it says when
a limit of output tokens truncated the answer. "refusal": a model can decline, in words that are
marked as a refusal. "thinking", "tools", "usage": it has them. "wire": its answers come as bytes,
through a Transport, so that they can be cut, held and closed.
"""

Ending = Literal["end", "length", "cut", "error", "wrong key"]


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    id: str = "call_of_the_service"


@dataclass(frozen=True, slots=True)
class Turn:
    """What the service says: thinking, text and calls, in this order; each text is a piece of its
    own. A ``refusal`` replaces the text, if the service has a form for refusals.

    ``usage`` is the number of input and output tokens. ``ending`` is how the turn ends: with "end"
    the model ends it, also after calls; with "cut" the bytes just stop; with "error" an error is
    reported after what was said; with "wrong key" there is no answer but HTTP 401, with the key in
    its text.
    """

    text: tuple[str, ...] = ()
    thinking: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    refusal: tuple[str, ...] = ()
    usage: tuple[int, int] | None = None
    ending: Ending = "end"


@dataclass(frozen=True, slots=True)
class Wire:
    """An answer as bytes."""

    body: bytes
    content_type: str
    status: int = 200


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the bytes of an answer come: in two pieces, if ``split`` is set; only the first ``keep``
    of them, if that is set. After them, with "hold" nothing more comes while the connection stays
    open, and with "drop" the connection breaks. With "unreachable" there is no answer at all."""

    split: int | None = None
    keep: int | None = None
    then: Literal["end", "hold", "drop", "unreachable"] = "end"

    def deliver(self, wire: Wire) -> Scripted | NetworkError:
        if self.then == "unreachable":
            return NetworkError("No answer from the server.")
        body = wire.body[: self.keep]
        pieces: list[bytes | CutStreamError | asyncio.Event] = [body]
        if self.split is not None:
            pieces = [body[: self.split], body[self.split :]]
        if self.then == "hold":
            pieces.append(asyncio.Event())
        if self.then == "drop":
            pieces.append(CutStreamError("The connection ended in the middle of the answer."))
        return Scripted(wire.status, {"Content-Type": wire.content_type}, pieces)


WHOLE = Delivery()


class Rig(ABC):
    """Makes providers whose service says a given turn, to every request.

    ``cannot`` holds the features that the service, or the rig, does not have. ``asked`` counts the
    requests for a turn that the last provider made, and ``aborted`` the answers that it aborted; a
    rig without "wire" need not count.
    """

    name: str
    cannot: frozenset[Feature] = frozenset()
    key: str = KEY
    asked: int = 0
    aborted: int = 0

    @abstractmethod
    def provider(self, turn: Turn, delivery: Delivery = WHOLE) -> AIProvider:
        """Return a new provider with the rig's name. Without "wire", the delivery is WHOLE."""

    def wire(self, turn: Turn) -> Wire:
        """Return the turn as it is sent. Not called for a rig without "wire"."""
        raise NotImplementedError(f"The rig {self.name!r} does not define wire().")


class WireRig(Rig):
    """The rig of a provider that sends its requests through a Transport."""

    @abstractmethod
    def connect(self, transport: Transport) -> AIProvider:
        """Return the provider, with ``self.key`` as its key and ``self.name`` as its name."""

    @abstractmethod
    def encode(self, turn: Turn) -> Wire:
        """Return the turn as the service sends it."""

    def aside(self, request: Request) -> Wire | None:  # noqa: ARG002 -- an overrider's
        """Return the answer to a request that is not for a turn, such as one for facts about the
        model; None if the request is for a turn."""
        return None

    def provider(self, turn: Turn, delivery: Delivery = WHOLE) -> AIProvider:
        self.asked = self.aborted = 0
        return self.connect(_Service(self, turn, delivery))

    def wire(self, turn: Turn) -> Wire:
        return self.encode(turn)


class _Service:
    """A Transport that gives the rig's answer to each request."""

    def __init__(self, rig: WireRig, turn: Turn, delivery: Delivery) -> None:
        self._rig = rig
        self._answer = delivery.deliver(rig.encode(turn))

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncGenerator[Response, None]:
        aside = self._rig.aside(request)
        if aside is not None:
            async with ScriptedTransport([WHOLE.deliver(aside)]).send(request) as response:
                yield response
            return
        self._rig.asked += 1
        once = ScriptedTransport([self._answer])
        try:
            async with once.send(request) as response:
                yield response
        finally:
            self._rig.aborted += once.aborted
