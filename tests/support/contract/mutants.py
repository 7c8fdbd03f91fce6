"""Providers that each break a rule, as one easily might, and the cases that must find it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from runt_pyodide.errors import (
    BadRequestError,
    CutStreamError,
    NetworkError,
    ProtocolError,
    ProviderError,
)
from runt_pyodide.llm.messages import (
    AIResponse,
    ChatRequest,
    Delta,
    FinishDelta,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UsageDelta,
)
from runt_pyodide.llm.transport.base import Request, Response
from tests.support.contract.echo import EchoProvider, EchoReader

MUTANTS: dict[type[EchoProvider], set[str]] = {}
Mutant = type[EchoProvider]


def found_by(*cases: str) -> Callable[[Mutant], Mutant]:
    def add(mutant: Mutant) -> Mutant:
        MUTANTS[mutant] = {*cases}
        return mutant

    return add


class Mapped(EchoProvider):
    """Changes the deltas one by one."""

    def map(self, delta: Delta) -> Iterator[Delta]:
        yield delta

    async def read(self, response: Response) -> AsyncGenerator[Delta, None]:
        async for delta in super().read(response):
            for mapped in self.map(delta):
                yield mapped


# ---- What is said ----


@found_by("text_comes_whole_and_the_end_comes_last")
class GoesOnAfterTheEnd(Mapped):
    def map(self, delta: Delta) -> Iterator[Delta]:
        yield delta
        if isinstance(delta, FinishDelta):
            yield TextDelta("")


@found_by("an_empty_answer_ends_as_any_other")
class TakesNoTextForAFailure(EchoProvider):
    async def read(self, response: Response) -> AsyncGenerator[Delta, None]:
        said = False
        async for delta in super().read(response):
            said = said or not isinstance(delta, FinishDelta)
            yield delta
            if not said:
                raise ProtocolError("The service said nothing.")


@found_by("thinking_is_kept_apart_from_text")
class ThinksAloud(Mapped):
    def map(self, delta: Delta) -> Iterator[Delta]:
        yield TextDelta(delta.text) if isinstance(delta, ThinkingDelta) else delta


@found_by("a_refusal_is_told_in_its_words")
class HidesRefusals(EchoProvider):
    class reader(EchoReader):
        def read(self, kind: bytes, value: str) -> Iterator[Delta]:
            return iter(()) if kind == b"x" else super().read(kind, value)


@found_by("usage_is_what_the_service_counted")
class DropsUsage(Mapped):
    def map(self, delta: Delta) -> Iterator[Delta]:
        if not isinstance(delta, UsageDelta):
            yield delta


@found_by("the_limit_of_tokens_is_told", "a_call_is_told_and_the_turn_ends_for_it")
class AlwaysStops(Mapped):
    def map(self, delta: Delta) -> Iterator[Delta]:
        yield FinishDelta("stop") if isinstance(delta, FinishDelta) else delta


@found_by("text_and_a_call_may_be_in_one_turn")
class DropsTextBesideCalls(EchoProvider):
    async def read(self, response: Response) -> AsyncGenerator[Delta, None]:
        deltas = [delta async for delta in super().read(response)]
        called = any(isinstance(delta, ToolCallDelta) for delta in deltas)
        for delta in deltas:
            if not (called and isinstance(delta, TextDelta)):
                yield delta


@found_by("two_calls_are_two_each_with_an_id")
class CountsNoCalls(Mapped):
    def map(self, delta: Delta) -> Iterator[Delta]:
        yield replace(delta, index=0) if isinstance(delta, ToolCallDelta) else delta


@found_by("the_ids_of_calls_are_the_service_s")
class NamesCallsItself(Mapped):
    def map(self, delta: Delta) -> Iterator[Delta]:
        named = isinstance(delta, ToolCallDelta) and delta.id
        yield replace(delta, id=f"call_{delta.index}") if named else delta  # type: ignore


@found_by("id_and_name_come_whole_with_the_first_piece_of_a_call")
class RepeatsIds(Mapped):
    def map(self, delta: Delta) -> Iterator[Delta]:
        call = isinstance(delta, ToolCallDelta)
        yield replace(delta, id=("one", "two")[delta.index]) if call else delta  # type: ignore


@found_by("a_call_may_have_no_arguments")
class SaysNothingAsNull(Mapped):
    def map(self, delta: Delta) -> Iterator[Delta]:
        now = isinstance(delta, ToolCallDelta) and delta.name == "now"
        yield replace(delta, arguments="null") if now else delta  # type: ignore


@found_by("all_that_a_request_may_hold_is_taken")
class TrustsArguments(EchoProvider):
    def build(self, request: ChatRequest) -> Request:
        for message in request.messages:
            for call in message.tool_calls:
                json.loads(call.arguments)
        return super().build(request)


@found_by("execute_prompt_is_the_stream_drained")
class HasASecondPath(EchoProvider):
    async def execute_prompt(self, request: ChatRequest) -> AIResponse:
        return replace(await super().execute_prompt(request), thinking="")


@found_by("turns_at_the_same_time_are_kept_apart")
class HasOneReader(EchoProvider):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        one = EchoReader()
        self.reader = lambda: one  # type: ignore


@found_by("what_came_is_told_while_the_rest_is_awaited")
class TellsAllAtTheEnd(EchoProvider):
    async def read(self, response: Response) -> AsyncGenerator[Delta, None]:
        for delta in [delta async for delta in super().read(response)]:
            yield delta


@found_by("unicode_survives_every_split")
class DecodesPieces(EchoProvider):
    class reader(EchoReader):
        def feed(self, data: bytes) -> Iterator[Delta]:
            return super().feed(data.decode(errors="replace").encode())


# ---- What goes wrong ----


@found_by("a_cut_stream_is_an_error_after_what_came")
class SwallowsACut(EchoProvider):
    class reader(EchoReader):
        def end(self) -> Iterator[Delta]:
            yield self.finish or FinishDelta("stop")


@found_by("an_error_in_mid_stream_is_raised_and_is_no_text")
class SaysErrorsAsText(EchoProvider):
    class reader(EchoReader):
        def read(self, kind: bytes, value: str) -> Iterator[Delta]:
            if kind == b"e":
                self.finish = FinishDelta("stop")
                return iter([TextDelta(f"Error: {value}")])
            return super().read(kind, value)


@found_by("a_dropped_connection_is_an_error_after_what_came")
class TakesADropForTheEnd(EchoProvider):
    async def read(self, response: Response) -> AsyncGenerator[Delta, None]:
        reader = self.reader()
        try:
            async for piece in response.body:
                for delta in reader.feed(piece):
                    yield delta
        except CutStreamError:
            reader.finish = FinishDelta("stop")
        for delta in reader.end():
            yield delta


@found_by("no_server_is_a_network_error")
class DoesNotSayWhoWasAsked(EchoProvider):
    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        try:
            async for delta in super().execute_prompt_stream(request):
                yield delta
        except NetworkError as error:
            raise NetworkError(error.message) from None


@found_by("a_wrong_key_is_an_authentication_error")
class TakesARefusalForABadRequest(EchoProvider):
    async def refused(self, response: Response) -> ProviderError:
        return BadRequestError((await super().refused(response)).message, status=401)


@found_by("the_key_is_shown_nowhere")
class RepeatsTheKey(EchoProvider):
    async def refused(self, response: Response) -> ProviderError:
        said = (await response.read()).decode()
        error = await super().refused(response)
        error.args = (said,)
        return error


@found_by("the_key_is_shown_nowhere")
class ShowsTheKey(EchoProvider):
    def __repr__(self) -> str:
        return f"ShowsTheKey({self.name!r}, {self._key!r})"


@found_by("the_key_is_named_to_those_who_must_not_write_it_down")
class KeepsTheKeyToItself(EchoProvider):
    def secrets(self) -> Sequence[str]:
        return ()


@found_by("a_cut_at_any_byte_is_never_a_success")
class MistakesHalfARecord(EchoProvider):
    class reader(EchoReader):
        def end(self) -> Iterator[Delta]:
            if self._buffer:
                raise ProtocolError("The service sent half a netstring.")
            return super().end()


@found_by("what_ends_well_is_whole")
class TakesACallForTheEnd(EchoProvider):
    class reader(EchoReader):
        def end(self) -> Iterator[Delta]:
            if self._calls:
                self.finish = FinishDelta("tool_calls")
            return super().end()


@found_by("it_asks_once_whatever_comes")
class AsksAgain(EchoProvider):
    async def ask(self, request: Request) -> AsyncGenerator[Delta, None]:
        begun = False
        try:
            async for delta in super().ask(request):
                begun = True
                yield delta
        except ProviderError:
            if begun:
                raise
            async for delta in super().ask(request):
                yield delta


# ---- Stops ----


@found_by("leaving_the_stream_closes_the_connection", "cancelling_closes_the_connection")
class LeavesTheConnectionOpen(EchoProvider):
    async def ask(self, request: Request) -> AsyncGenerator[Delta, None]:
        self.sending = self._transport.send(request)
        response = await self.sending.__aenter__()
        if response.status == 401:
            raise await self.refused(response)
        async for delta in self.read(response):
            yield delta


@found_by("cancelling_closes_the_connection")
class SwallowsTheCancellation(EchoProvider):
    async def ask(self, request: Request) -> AsyncGenerator[Delta, None]:
        try:
            async for delta in super().ask(request):
                yield delta
        except asyncio.CancelledError:
            return
