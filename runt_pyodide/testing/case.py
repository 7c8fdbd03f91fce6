"""One turn of a provider under test, and the checks that every turn shares."""

from __future__ import annotations

import asyncio
import json
import unittest
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ClassVar, TypeVar

from ..errors import ProviderError
from ..llm.messages import AIResponse, ChatRequest, Delta, FinishDelta, FinishReason, Message
from ..llm.provider import AIProvider
from ..llm.reply import Reply
from .rig import FEATURES, MODEL, WHOLE, Call, Delivery, Feature, Rig, Turn

REQUEST = ChatRequest((Message("user", "Why is the sky blue?"),), MODEL)


@dataclass(slots=True)
class Heard:
    """What came in a turn: the deltas, and the error that ended it. The first delta sets
    ``begun``."""

    deltas: list[Delta] = field(default_factory=list)
    error: ProviderError | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self, provider: AIProvider, request: ChatRequest = REQUEST) -> Heard:
        try:
            async with aclosing(provider.execute_prompt_stream(request)) as stream:
                async for delta in stream:
                    self.deltas.append(delta)
                    self.begun.set()
        except ProviderError as error:
            self.error = error
        return self

    @property
    def reply(self) -> Reply:
        reply = Reply()
        for delta in self.deltas:
            reply.add(delta)
        return reply

    @property
    def text(self) -> str:
        return self.reply.text

    @property
    def calls(self) -> list[tuple[str, Any]]:
        return read_calls(self.reply)


def read_calls(reply: Reply | AIResponse) -> list[tuple[str, Any]]:
    """Return the names and arguments of calls. An empty text means no arguments."""
    return [(call.name, json.loads(call.arguments or "{}")) for call in reply.tool_calls]


def wanted(calls: tuple[Call, ...]) -> list[tuple[str, Any]]:
    """Return the calls of a turn in the form of ``read_calls``."""
    return [(call.name, call.arguments) for call in calls]


@contextmanager
def at(where: str) -> Iterator[None]:
    """Say in a failure at which step of a series it happened."""
    try:
        yield
    except AssertionError as error:
        error.add_note(where)
        raise


_Test = TypeVar("_Test", bound="ProviderCase")


def needs(
    *features: Feature,
) -> Callable[[Callable[[_Test], Awaitable[None]]], Callable[[_Test], Awaitable[None]]]:
    """Skip the test if the rig lacks one of these features."""

    def decorate(test: Callable[[_Test], Awaitable[None]]) -> Callable[[_Test], Awaitable[None]]:
        @wraps(test)
        async def checked(self: _Test) -> None:
            if reason := self.skipped().get(test.__name__):
                self.skipTest(reason)
            await test(self)

        checked.needs = features  # type: ignore[attr-defined]
        return checked

    return decorate


class ProviderCase(unittest.IsolatedAsyncioTestCase):
    """A test case for a rig; only a class that has one is run. A turn may take ``seconds``."""

    __test__ = False  # pytest asks this of each class.
    rig: ClassVar[Rig]
    seconds: ClassVar[float] = 5.0

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        cls.__test__ = hasattr(cls, "rig")

    @classmethod
    def setUpClass(cls) -> None:
        if not cls.__test__:
            raise unittest.SkipTest("derive from this class, and give it a rig")
        if unknown := sorted(cls.rig.cannot - {*FEATURES}):
            known = ", ".join(FEATURES)
            raise ValueError(
                f"{cls.rig.name}: `cannot` has unknown features: {unknown}; known: {known}"
            )

    @classmethod
    def skipped(cls) -> dict[str, str]:
        """Return the tests that are skipped, and why. Compare this in a test of your own, so that
        no test is skipped unnoticed."""
        reasons = {}
        for name in unittest.defaultTestLoader.getTestCaseNames(cls):
            missing = cls.rig.cannot & {*getattr(getattr(cls, name), "needs", ())}
            if missing:
                rule = name.removeprefix("test_").replace("_", " ")
                reasons[name] = f"{rule}: {cls.rig.name} has no {', '.join(sorted(missing))}"
        return reasons

    async def asyncSetUp(self) -> None:
        # unittest turns on asyncio's debug mode, in which the long series take ten times as long.
        asyncio.get_running_loop().set_debug(False)

    def lacks(self, feature: Feature) -> bool:
        return feature in self.rig.cannot

    async def hear(
        self, turn: Turn, delivery: Delivery = WHOLE, request: ChatRequest = REQUEST
    ) -> Heard:
        """Return what a new provider makes of a turn. Raise TimeoutError if it takes too long."""
        async with asyncio.timeout(self.seconds):
            return await Heard().listen(self.rig.provider(turn, delivery), request)

    def assert_ended(self, heard: Heard, reason: FinishReason = "stop") -> None:
        """Check that the turn ended well and once: a FinishDelta with this reason came last."""
        self.assertIsNone(heard.error, "the turn ended in an error")
        finishes = [delta for delta in heard.deltas if isinstance(delta, FinishDelta)]
        self.assertEqual([finish.reason for finish in finishes], [reason], "it ends once, so")
        self.assertIs(heard.deltas[-1], finishes[0], "nothing comes after the end")

    def assert_failed(self, heard: Heard, kind: type[ProviderError]) -> None:
        """Check that the turn ended in an error of this kind, which says who was asked and what to
        do next."""
        finished = any(isinstance(delta, FinishDelta) for delta in heard.deltas)
        self.assertFalse(finished, "a turn that fails has no FinishDelta")
        self.assertIsInstance(heard.error, kind)
        if heard.error is not None:
            asked = (heard.error.provider, heard.error.model)
            self.assertEqual(asked, (self.rig.name, MODEL), "the error says who was asked")
            self.assertTrue(heard.error.advice, "the error says what to do next")

    def assert_closed(self) -> None:
        """Check that there was one request, and that its answer was aborted."""
        self.assertEqual(self.rig.asked, 1, "requests")
        self.assertEqual(self.rig.aborted, 1, "the answer is aborted, so that the service stops")
