"""Requesting one turn: retried if that may help, sent to another provider if one fails, and
shortened if the prompt was too long."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from itertools import count

from ...errors import BadRequestError, ContentFilterError, ContextLengthError, ProviderError
from ...llm.cassette.tape import Tape
from ...llm.messages import AIResponse, ChatRequest
from ...llm.provider import AIProvider
from ...llm.reply import Reply
from ...llm.retry import RetryPolicy
from ..candidate import Candidate
from ..prompt.conversation import Conversation
from ..record.write import Transcript

_ONLY_THE_PROMPT = "Shorten the prompt, or choose a model with a larger context window."


class TurnRequester:
    """Requests the turns of a run from its candidates, in their order.

    A provider that fails before its first delta is retried per ``policy``, then replaced by the
    next candidate for the rest of the run. A prompt that was too long is shortened and sent again.
    Every request and its answer are recorded on the ``tape``.
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
        """The candidate that answered last or, before the first answer, the one to ask first."""
        return self._candidates[0]

    async def request(self, conversation: Conversation) -> AIResponse:
        """Return one turn, written down as it comes. Raise what the last candidate raises."""
        while True:
            try:
                return await self._request_patiently(conversation)
            except ContextLengthError as error:
                if self._transcript.has_spoken:
                    raise
                if not conversation.shorten(self.candidate, error):
                    error.advice = _ONLY_THE_PROMPT
                    raise
                self._transcript.notice("warning", f"{error.sentence} Retrying with less.")
            except (BadRequestError, ContentFilterError):
                raise  # the request is at fault: another provider would not help
            except ProviderError as error:
                if self._transcript.has_spoken or len(self._candidates) == 1:
                    raise
                del self._candidates[0]
                instead = self.candidate.provider.name
                self._transcript.notice("fallback", f"{error.sentence} Asking {instead!r} instead.")

    async def _request_patiently(self, conversation: Conversation) -> AIResponse:
        """Request a turn, and retry as the policy says while nothing has come yet."""
        candidate = self.candidate
        provider, model = candidate.provider, candidate.model
        self._transcript.ask(provider.name, model, provider.origin(model))
        request = await conversation.build(candidate)
        for retries_done in count():
            try:
                return await self._stream(candidate.provider, request)
            except ProviderError as error:
                wait = self._policy.wait_before_retry(error, retries_done)
                if wait is None or self._transcript.has_spoken:
                    raise
                told = f"{error.sentence} Retrying in {wait:.2g} s"
                progress = f"({retries_done + 1} of {self._policy.retries})."
                self._transcript.notice("retry", f"{told} {progress}", wait)
                await self._policy.sleep(wait)
        raise AssertionError("unreachable")

    async def _stream(self, provider: AIProvider, request: ChatRequest) -> AIResponse:
        reply, transcript = Reply(), self._transcript
        async with aclosing(self._tape.record(provider, request)) as deltas:
            async for delta in deltas:
                silent = not transcript.has_spoken
                reply.add(delta)
                transcript.write(delta)
                if silent and transcript.has_spoken:
                    # Let the first text be shown before the rest is read: much may have arrived.
                    await asyncio.sleep(0)
        return reply.response()
