"""What makes a provider's service say a given turn, without the service."""

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
"""What a service may not have, and the cases need.

"call ids": it names calls, so that the ids are its own. "error": it can report an error in the
middle of an answer. "key": it takes an API key, and refuses a wrong one with HTTP 401. "length": it
says when a limit of tokens cut the answer. "refusal": a model can decline, in words that are marked
as such. "thinking", "tools", "usage": it has them. "wire": its answers come as bytes, through a
Transport, so that they can be cut, held and closed.
"""

Ending = Literal["end", "length", "cut", "error", "wrong key"]


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a tool."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    id: str = "call_of_the_service"


@dataclass(frozen=True, slots=True)
class Turn:
    """What the service is to say: thinking, text and calls, in this order; each text is a piece of
    its own. A ``refusal`` stands in place of the text, where the service has a form for it.

    ``usage`` is tokens in and out. ``ending`` is how it ends: "end" is the model's own, after its
    calls too; at "cut" the bytes just stop; "error" is reported after what was said; "wrong key" is
    HTTP 401 with the key in its text, instead of any answer.
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
    """How the bytes of an answer come: in two pieces, cut at ``split``; the first ``keep`` of them
    alone; and then, with "hold" nothing more, while the connection stays, and with "drop" the
    connection breaks. With "unreachable" there is no answer at all."""

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
    requests for a turn that the last provider made, and ``aborted`` the answers that it left before
    their end; a rig without "wire" need not count.
    """

    name: str
    cannot: frozenset[Feature] = frozenset()
    key: str = KEY
    asked: int = 0
    aborted: int = 0

    @abstractmethod
    def provider(self, turn: Turn, delivery: Delivery = WHOLE) -> AIProvider:
        """A new provider, named as the rig is. Without "wire" the delivery is equal to WHOLE."""

    def wire(self, turn: Turn) -> Wire:
        """The turn as it is sent. Not asked for without "wire"."""
        raise NotImplementedError(f"The rig {self.name!r} has no wire.")


class WireRig(Rig):
    """The rig of a provider that sends its requests through a Transport."""

    @abstractmethod
    def connect(self, transport: Transport) -> AIProvider:
        """The provider, with ``self.key`` as its key and ``self.name`` as its name."""

    @abstractmethod
    def encode(self, turn: Turn) -> Wire:
        """The turn as the service sends it."""

    def aside(self, request: Request) -> Wire | None:  # noqa: ARG002 -- an overrider's
        """The answer to a request that is not for a turn, such as one for facts about the model."""
        return None

    def provider(self, turn: Turn, delivery: Delivery = WHOLE) -> AIProvider:
        self.asked = self.aborted = 0
        return self.connect(_Service(self, turn, delivery))

    def wire(self, turn: Turn) -> Wire:
        return self.encode(turn)


class _Service:
    """A Transport that gives the rig's answer, anew each time."""

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
