"""The turns of an AI run: request one, write it down as it comes, run its calls, and repeat until
the model makes no more calls.

This is the only loop that calls a provider on a cell's behalf.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ...errors import ContentFilterError, LimitError
from ...llm.adaptation.calls import rename_in_state
from ...llm.messages import AIResponse, Message, ToolCall
from ...llm.reply import only_thought
from ..prompt.conversation import Conversation
from ..record.fields import Ending, RunAccount
from ..record.write import Transcript
from .limits import Meter
from .request_turn import TurnRequester
from .run_tools import OpenCall, ToolRunner
from .usage import Account


@dataclass(slots=True, kw_only=True)
class Loop:
    """One run. ``time`` is a clock in seconds. ``check`` looks at the last answer: if it returns a
    complaint, the model is sent that once, so that it can correct the answer. ``turns_before``
    counts the turns that stand there already, and ``earlier`` is what this run took of them in an
    earlier session.
    """

    conversation: Conversation
    requester: TurnRequester
    tool_runner: ToolRunner
    meter: Meter
    transcript: Transcript
    time: Callable[[], float]
    check: Callable[[str], str | None] = lambda _: None
    turns_before: int = 0
    earlier: RunAccount = field(default_factory=RunAccount)
    _account: Account = field(init=False)

    def __post_init__(self) -> None:
        self._account = Account.go_on(self.earlier, self.time())

    async def run(self, opened: Sequence[OpenCall] = ()) -> AIResponse:
        """Run until the last answer and return it; calls that an earlier session ``opened`` come
        first.

        Raise LimitError if a limit ends the run or truncates the answer, ContentFilterError if
        the service withholds it, and whatever the provider raises. What was written by then stays,
        marked with how it ended, also if the run is cancelled.
        """
        limit: str | None = None
        try:
            async with self.meter.running():
                return await self._take_turns(opened)
        except LimitError as error:
            limit = error.message
            raise
        finally:
            self._tell_account(limit)

    async def _take_turns(self, opened: Sequence[OpenCall]) -> AIResponse:
        turns, mended = self.conversation.turns, False
        if opened:
            turns += await self.tool_runner.answer(opened)
        while True:
            response = await self._take_turn()
            if not response.tool_calls:
                repair = None if mended else self.check(response.text)
                if repair is None:
                    return response
                mended = True
                turns += [self._message_of(response, ()), Message("user", repair)]
                continue
            calls = self.conversation.name_calls(response.tool_calls)
            turns.append(self._message_of(response, calls))
            turns += await self.tool_runner.answer(self.tool_runner.open(calls))

    async def _take_turn(self) -> AIResponse:
        transcript, asked = self.transcript, self.time()
        self.meter.begin_turn()
        self.turns_before += 1
        transcript.begin_turn(self.turns_before)
        ending: Ending = "error"
        try:
            response = await self.requester.request(self.conversation)
            ending = response.finish_reason
        except asyncio.CancelledError:
            ending = "cancelled"
            raise
        finally:
            usage, ended = transcript.usage, self.time()
            candidate = self.requester.candidate
            in_vain = self.requester.in_vain
            for failed, spent in in_vain:
                self._account.add_usage(failed, spent)
            self._account.add_turn(candidate, usage, asked, transcript.spoke_at, ended)
            self.meter.count_usage(usage and sum((spent for _, spent in in_vain), usage))
            transcript.end_turn(ending)
            self._tell_account()  # if Python breaks down, no end of the run tells it
        self.conversation.learn(self.requester.candidate, response)
        if response.notice:
            transcript.notice("warning", response.notice)
        _refuse_half(response, self.conversation.token_limit)
        return response

    def _tell_account(self, limit: str | None = None) -> None:
        self._account.tool_calls = self.meter.own_calls
        self.transcript.tell_account(self._account.until(self.time(), limit))

    def _message_of(self, response: AIResponse, calls: tuple[ToolCall, ...]) -> Message:
        candidate = self.requester.candidate
        origin = candidate.provider.origin(candidate.model)
        names = {one.id: call.id for one, call in zip(response.tool_calls, calls, strict=False)}
        state = rename_in_state(response.state, names)
        return Message("assistant", response.text, tool_calls=calls, state=state, origin=origin)


def _refuse_half(response: AIResponse, limit: int | None) -> None:
    if response.finish_reason == "length":
        told = "" if limit is None else f", which is set to {limit:,}"
        thought = " It used up its tokens for thinking." if only_thought(response) else ""
        raise LimitError(
            f"The answer was truncated at the limit of output tokens{told}.{thought}",
            advice="Continue the run, raise the cell's limit of output tokens, or ask for less.",
        )
    if response.finish_reason == "content_filter":
        raise ContentFilterError("The service withheld the rest of the answer (content filter).")
