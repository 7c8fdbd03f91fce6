"""The turns of an AI run: ask, write down what comes, run the calls, until the model calls no more.

The only loop that calls a provider on a cell's behalf.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from ...errors import ContentFilterError, LimitError
from ...llm.messages import AIResponse, Message, ToolCall
from ..candidate import Candidate
from ..record.fields import Ending
from ..record.write import Transcript
from .limits import Meter
from .request_turn import Prompt, TurnRequester
from .run_tools import OpenCall, ToolRunner
from .usage import Account


class Conversation(Prompt, Protocol):
    """What is asked, and grows by what was answered. ``turns`` are the run's own messages."""

    turns: list[Message]

    def learn(self, candidate: Candidate, response: AIResponse) -> None:
        """Take note of what the service counted."""

    def name_calls(self, calls: Iterable[ToolCall]) -> tuple[ToolCall, ...]:
        """The calls under ids that no other call of the notebook has."""


class Loop:
    """One run. ``check`` looks at the last answer: what it gives, if anything, is put to the model
    once, for it to mend the answer. ``turns_before`` were taken by the run that this one continues.
    """

    def __init__(
        self,
        conversation: Conversation,
        requester: TurnRequester,
        tool_runner: ToolRunner,
        meter: Meter,
        transcript: Transcript,
        clock: Callable[[], float],
        check: Callable[[str], str | None] = lambda _: None,
        turns_before: int = 0,
    ) -> None:
        self._conversation = conversation
        self._requester = requester
        self._tool_runner = tool_runner
        self._meter = meter
        self._transcript = transcript
        self._clock = clock
        self._check = check
        self._turns_before = turns_before
        self._account = Account(clock())

    async def run(self, opened: Sequence[OpenCall] = ()) -> AIResponse:
        """Run to the last answer, with ``opened`` calls of an earlier session first.

        Raises LimitError where a limit ends it or an answer was cut at the limit of tokens,
        ContentFilterError where the service withheld it, and what the provider raised. What came
        before stays written, marked with how it ended; so it does when the run is cancelled.
        """
        limit: str | None = None
        try:
            async with self._meter.running():
                return await self._take_turns(opened)
        except LimitError as error:
            limit = error.message
            raise
        finally:
            self._account.tool_calls = self._meter.tool_calls
            self._transcript.end_run(self._account.close(self._clock(), limit))

    async def _take_turns(self, opened: Sequence[OpenCall]) -> AIResponse:
        turns, mended = self._conversation.turns, False
        if opened:
            turns += await self._tool_runner.answer(opened)
        while True:
            response = await self._take_turn()
            if not response.tool_calls:
                repair = None if mended else self._check(response.text)
                if repair is None:
                    return response
                mended = True
                turns += [_message_of(response, ()), Message("user", repair)]
                continue
            calls = self._conversation.name_calls(response.tool_calls)
            turns.append(_message_of(response, calls))
            turns += await self._tool_runner.answer(self._tool_runner.open(calls))

    async def _take_turn(self) -> AIResponse:
        transcript, asked = self._transcript, self._clock()
        transcript.begin_turn(self._turns_before + self._meter.begin_turn())
        ending: Ending = "error"
        try:
            response = await self._requester.ask(self._conversation)
            ending = response.finish_reason
        except asyncio.CancelledError:
            ending = "cancelled"
            raise
        finally:
            usage, ended = transcript.usage, self._clock()
            model = self._requester.candidate.model
            self._account.add_turn(model, usage, asked, transcript.spoke_at, ended)
            self._meter.count_usage(usage)
            transcript.end_turn(ending)
        self._conversation.learn(self._requester.candidate, response)
        if response.notice:
            transcript.notice("warning", response.notice)
        _refuse_half(response)
        return response


def _message_of(response: AIResponse, calls: tuple[ToolCall, ...]) -> Message:
    return Message("assistant", response.text, tool_calls=calls, state=response.state)


def _refuse_half(response: AIResponse) -> None:
    if response.finish_reason == "length":
        raise LimitError(
            "The answer was cut at the limit of output tokens.",
            advice="Continue the run, raise the cell's token limit, or ask for less.",
        )
    if response.finish_reason == "content_filter":
        raise ContentFilterError("The service withheld the rest of the answer (content filter).")
