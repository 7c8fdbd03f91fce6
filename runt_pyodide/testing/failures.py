"""A failure is never silent and never taken for a success; cancelling really aborts."""

from __future__ import annotations

import asyncio
import traceback
from contextlib import aclosing

from ..errors import AuthenticationError, CutStreamError, NetworkError, ProviderError
from .case import REQUEST, Heard, ProviderCase, at, needs, wanted
from .rig import Call, Delivery, Turn

_HALF = Turn(text=("half ", "an "), ending="cut")


class Failures(ProviderCase):
    async def test_a_cut_stream_is_an_error_after_what_came(self) -> None:
        heard = await self.hear(_HALF)
        self.assert_failed(heard, CutStreamError)
        self.assertEqual(heard.text, "half an ")

    @needs("error")
    async def test_an_error_in_mid_stream_is_raised_and_is_no_text(self) -> None:
        heard = await self.hear(Turn(text=("half ",), ending="error"))
        self.assert_failed(heard, ProviderError)
        self.assertEqual(heard.text, "half ")

    @needs("wire")
    async def test_a_dropped_connection_is_an_error_after_what_came(self) -> None:
        heard = await self.hear(_HALF, Delivery(then="drop"))
        self.assert_failed(heard, CutStreamError)
        self.assertEqual(heard.text, "half an ")

    @needs("wire")
    async def test_no_server_is_a_network_error(self) -> None:
        heard = await self.hear(Turn(), Delivery(then="unreachable"))
        self.assert_failed(heard, NetworkError)
        self.assertEqual(heard.deltas, [])

    @needs("key")
    async def test_a_wrong_key_is_an_authentication_error(self) -> None:
        heard = await self.hear(Turn(ending="wrong key"))
        self.assert_failed(heard, AuthenticationError)
        self.assertEqual(heard.deltas, [])
        self.assertEqual(getattr(heard.error, "status", None), 401)

    @needs("key")
    async def test_the_key_is_shown_nowhere(self) -> None:
        provider = self.rig.provider(Turn(ending="wrong key"))
        error = (await Heard().listen(provider)).error
        self.assertIsNotNone(error)
        if error is not None:
            told = "".join(traceback.format_exception(error))
            for shown in (told, repr(error), f"{error.args}", error.message, error.advice):
                self.assertNotIn(self.rig.key, shown, "the error shows the key")
        self.assertNotIn(self.rig.key, repr(provider), "the provider's repr shows the key")

    @needs("key")
    async def test_the_key_is_named_to_those_who_must_not_write_it_down(self) -> None:
        self.assertIn(self.rig.key, self.rig.provider(Turn()).secrets())

    @needs("wire")
    async def test_a_cut_at_any_byte_is_never_a_success(self) -> None:
        for length in range(len(self.rig.wire(_HALF).body) + 1):
            with at(f"cut off at byte {length}"):
                self.assert_failed(await self.hear(_HALF, Delivery(keep=length)), CutStreamError)

    @needs("wire")
    async def test_what_ends_well_is_whole(self) -> None:
        calls = () if self.lacks("tools") else (Call("add", {"a": 1}), Call("add", {"a": 22}, "2"))
        turn = Turn(text=("a", "b"), calls=calls)
        for length in range(len(self.rig.wire(turn).body)):
            with at(f"cut off at byte {length}"):
                heard = await self.hear(turn, Delivery(keep=length))
                if heard.error is None:
                    self.assert_ended(heard, "tool_calls" if calls else "stop")
                    self.assertEqual((heard.text, heard.calls), ("ab", wanted(calls)))

    @needs("wire")
    async def test_it_asks_once_whatever_comes(self) -> None:
        turns = [Turn(), _HALF]
        turns += [] if self.lacks("key") else [Turn(ending="wrong key")]
        turns += [] if self.lacks("error") else [Turn(ending="error")]
        for turn in turns:
            with at(f"the turn ended in {turn.ending!r}"):
                await self.hear(turn)
                self.assertEqual(
                    self.rig.asked, 1, "only the loop retries, since it tells the reader"
                )

    @needs("wire")
    async def test_leaving_the_stream_closes_the_connection(self) -> None:
        provider = self.rig.provider(_HALF, Delivery(then="hold"))
        async with asyncio.timeout(self.seconds):
            async with aclosing(provider.execute_prompt_stream(REQUEST)) as stream:
                await anext(stream)
        self.assert_closed()

    @needs("wire")
    async def test_cancelling_closes_the_connection(self) -> None:
        heard = Heard()
        listening = asyncio.create_task(
            heard.listen(self.rig.provider(_HALF, Delivery(then="hold")))
        )
        async with asyncio.timeout(self.seconds):
            await heard.begun.wait()
            listening.cancel()
            await asyncio.wait({listening})
        self.assertTrue(listening.cancelled(), "the cancellation was swallowed")
        self.assert_closed()
