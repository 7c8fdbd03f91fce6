"""Requesting one turn: retried if that may help, sent to another provider if one fails, and
shortened if the prompt was too long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing

from ...errors import (
    BadRequestError,
    ContentFilterError,
    ContextLengthError,
    ModelSlipError,
    ProviderError,
)
from ...llm.cassette.tape import Tape
from ...llm.messages import AIResponse, ChatRequest, Delta, Usage
from ...llm.provider import AIProvider
from ...llm.reply import Reply, is_empty, only_thought
from ...llm.retry import Retries, RetryPolicy
from ..candidate import Candidate
from ..prompt.conversation import Conversation
from ..record.write import Transcript

_ONLY_THE_PROMPT = "Shorten the prompt, or choose a model with a larger context window."
_KEPT = "What came is kept."
_ABOUT_THE_ANSWER = (ModelSlipError, ContentFilterError)


class TurnRequester:
    """Requests the turns of a run from its candidates, in their order.

    A provider that fails before its first delta is retried per ``policy``, then replaced by the
    next candidate for the rest of the run. A prompt that was too long is shortened and sent again.
    Every request and its answer are recorded on the ``tape``. ``watch`` is called with each delta
    once it is written, and raises LimitError when it is enough. ``in_vain`` is what the attempts
    took that another one followed, in this turn.
    """

    def __init__(
        self,
        candidates: Sequence[Candidate],
        transcript: Transcript,
        policy: RetryPolicy,
        tape: Tape,
        watch: Callable[[Delta], None] = lambda _: None,
    ) -> None:
        self._candidates = [*candidates]
        self._transcript = transcript
        self._policy = policy
        self._tape = tape
        self._watch = watch
        self.in_vain: list[tuple[Candidate, Usage]] = []

    @property
    def candidate(self) -> Candidate:
        """The candidate that answered last or, before the first answer, the one to ask first."""
        return self._candidates[0]

    async def request(self, conversation: Conversation) -> AIResponse:
        """Return one turn, written down as it comes. Raise what the last candidate raises."""
        self.in_vain = []
        while True:
            candidate = self.candidate
            try:
                return await self._request_patiently(conversation)
            except ProviderError as error:
                if self._is_too_late(error):
                    if self._transcript.has_written and not error.advice.startswith(_KEPT):
                        error.advice = f"{_KEPT} {error.advice}".rstrip()
                    raise
                if not (self._shorten(conversation, error) or self._fall_back(error)):
                    raise
                self._start_over(candidate)

    def _is_too_late(self, error: ProviderError) -> bool:
        """Return whether something came that a second answer cannot follow. After a slip of the
        model, or an answer that was withheld, that is words alone: thinking leads to an answer,
        whichever it led to before."""
        transcript, about_answer = self._transcript, isinstance(error, _ABOUT_THE_ANSWER)
        return transcript.has_text if about_answer else transcript.has_spoken

    def _shorten(self, conversation: Conversation, error: ProviderError) -> bool:
        if not isinstance(error, ContextLengthError):
            return False
        if not conversation.shorten(self.candidate, error):
            error.advice = _ONLY_THE_PROMPT
            return False
        self._transcript.notice("warning", f"{error.sentence} Retrying with less.")
        return True

    def _fall_back(self, error: ProviderError) -> bool:
        """Go on to the next candidate, unless there is none, or the request itself is at fault: a
        prompt that is too long for one model may not be for the next."""
        refused = isinstance(error, BadRequestError) and not isinstance(error, ContextLengthError)
        if refused or len(self._candidates) == 1:
            return False
        del self._candidates[0]
        instead = self.candidate.provider.name
        self._transcript.notice("fallback", f"{error.sentence} Asking {instead!r} instead.")
        return True

    async def _request_patiently(self, conversation: Conversation) -> AIResponse:
        """Request a turn, and retry as the policy says while nothing has come yet."""
        candidate = self.candidate
        provider, model = candidate.provider, candidate.model
        self._transcript.ask(provider.name, model, provider.origin(model))
        request, retries = await conversation.build(candidate), Retries(self._policy)
        while True:
            try:
                return await self._stream(provider, request)
            except ProviderError as error:
                retry = None if self._is_too_late(error) else retries.after(error)
                if retry is None:
                    raise
                self._start_over(candidate)
                if retry.told:
                    self._transcript.notice("retry", retry.told, retry.lasts or None)
                if not provider.plays_recording:
                    await self._policy.sleep(retry.wait)

    def _start_over(self, candidate: Candidate) -> None:
        if (usage := self._transcript.start_over()) is not None:
            self.in_vain.append((candidate, usage))

    async def _stream(self, provider: AIProvider, request: ChatRequest) -> AIResponse:
        reply, transcript = Reply(), self._transcript
        async with aclosing(self._tape.record(provider, request)) as deltas:
            async for delta in deltas:
                silent = not transcript.has_spoken
                reply.add(delta)
                transcript.write(delta)
                self._watch(delta)
                if silent and transcript.has_spoken:
                    # Let the first text be shown before the rest is read: much may have arrived.
                    await asyncio.sleep(0)
        response = reply.response()
        if len(self._candidates) > 1:
            _refuse_nothing(response)
        return response


def _refuse_nothing(response: AIResponse) -> None:
    """Raise the ProviderError of a turn that was truncated or withheld before it said anything: it
    lets another provider answer."""
    if not is_empty(response):
        return
    if response.finish_reason == "content_filter":
        raise ContentFilterError("The service withheld the answer (content filter).")
    if response.finish_reason == "length":
        thought = ": it used up its tokens for thinking" if only_thought(response) else ""
        raise ModelSlipError(f"The model said nothing up to its limit of output tokens{thought}.")
