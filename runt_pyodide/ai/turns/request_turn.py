"""Asking for one turn: again where that may help, another provider where one fails, and with less
where the prompt was too long."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from itertools import count
from typing import Protocol

from ...errors import BadRequestError, ContentFilterError, ContextLengthError, ProviderError
from ...llm.cassette.tape import Tape
from ...llm.messages import AIResponse, ChatRequest
from ...llm.provider import AIProvider
from ...llm.reply import Reply
from ...llm.retry import RetryPolicy
from ..candidate import Candidate
from ..record.write import Transcript


class Prompt(Protocol):
    """What is asked."""

    async def build(self, candidate: Candidate) -> ChatRequest:
        """The request for this candidate: what it sees and how much of it depends on the model."""

    def shorten(self, candidate: Candidate) -> bool:
        """Take less from now on, since it was too long; False where there is nothing to leave
        out."""


class TurnRequester:
    """Asks the candidates of a run, in their order; who failed is not asked again in later turns.

    Who fails before it said anything is asked again by the policy, and then the next one is. All
    that is asked and answered goes on the tape too.
    """

    def __init__(
        self,
        candidates: Sequence[Candidate],
        transcript: Transcript,
        policy: RetryPolicy,
        tape: Tape,
    ) -> None:
        self._candidates = [*candidates]
        self._transcript = transcript
        self._policy = policy
        self._tape = tape

    @property
    def candidate(self) -> Candidate:
        """Who answered last, or is to be asked first."""
        return self._candidates[0]

    async def ask(self, prompt: Prompt) -> AIResponse:
        """One turn, written down as it comes. Raises what the last one asked raised."""
        while True:
            try:
                return await self._ask_patiently(prompt)
            except ContextLengthError as error:
                if self._transcript.has_spoken or not prompt.shorten(self.candidate):
                    raise
                self._transcript.notice("warning", f"{error.sentence} Asking again with less.")
            except (BadRequestError, ContentFilterError):
                raise  # what was asked is at fault, and not who was asked
            except ProviderError as error:
                if self._transcript.has_spoken or len(self._candidates) == 1:
                    raise
                del self._candidates[0]
                instead = self.candidate.provider.name
                self._transcript.notice(
                    "fallback", f"{error.sentence} {instead!r} is asked instead."
                )

    async def _ask_patiently(self, prompt: Prompt) -> AIResponse:
        """Ask, and again after a while where the policy says so and nothing was said yet."""
        candidate = self.candidate
        self._transcript.ask(candidate.provider.name, candidate.model)
        request = await prompt.build(candidate)
        for retries_done in count():
            try:
                return await self._stream(candidate.provider, request)
            except ProviderError as error:
                wait = self._policy.wait_before_retry(error, retries_done)
                if wait is None or self._transcript.has_spoken:
                    raise
                told = f"{error.sentence} Asking again in {wait:.2g} s"
                progress = f"({retries_done + 1} of {self._policy.retries})."
                self._transcript.notice("retry", f"{told} {progress}", wait)
                await self._policy.sleep(wait)
        raise AssertionError("unreachable")

    async def _stream(self, provider: AIProvider, request: ChatRequest) -> AIResponse:
        reply, transcript = Reply(), self._transcript
        turn = self._tape.begin(provider.name, request)
        try:
            async with aclosing(provider.execute_prompt_stream(request)) as deltas:
                async for delta in deltas:
                    silent = not transcript.has_spoken
                    turn.deltas.append(delta)
                    reply.add(delta)
                    transcript.write(delta)
                    if silent and transcript.has_spoken:
                        # Let it be shown before the rest is read, much of which may be there.
                        await asyncio.sleep(0)
        except ProviderError as error:
            turn.error = error
            raise
        return reply.response()
