"""The turns of an AI run: ask, write down what comes, end as the model ends.

The only loop that calls a provider on a cell's behalf.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import count

from ..errors import BadRequestError, ContentFilterError, LimitError, ProviderError
from ..messages import AIResponse, ChatRequest
from ..outputs import OutputWriter
from ..providers.base import AIProvider
from .reply import Reply
from .retry import RetryPolicy
from .transcript import Transcript


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who may be asked, and what."""

    provider: AIProvider
    request: ChatRequest


async def run(
    candidates: Sequence[Candidate], writer: OutputWriter, policy: RetryPolicy
) -> AIResponse:
    """Ask once and stream the answer into ``writer``.

    The first candidate is asked; where it fails before it said anything, again by the policy, and
    then the next one. Raises what the last one asked raised, LimitError where the answer was cut at
    a limit of tokens, and ContentFilterError where the service withheld it. What came before stays
    written, marked with how it ended; so it does when the run is cancelled.
    """
    transcript = Transcript(writer, iteration=1)
    try:
        response = await _ask_in_turn(candidates, transcript, policy)
    except BaseException as error:
        stopped = isinstance(error, asyncio.CancelledError)
        transcript.end("cancelled" if stopped else "error")
        raise
    if response.notice:
        transcript.notice("warning", response.notice)
    transcript.end(response.finish_reason)
    if response.finish_reason == "length":
        raise LimitError(
            "The answer was cut at the limit of output tokens.",
            advice="Raise the cell's token limit, or ask for the rest in a new AI cell below.",
        )
    if response.finish_reason == "content_filter":
        raise ContentFilterError("The service withheld the rest of the answer (content filter).")
    return response


async def _ask_in_turn(
    candidates: Sequence[Candidate], transcript: Transcript, policy: RetryPolicy
) -> AIResponse:
    """Ask the first candidate, and the next where one fails before it said anything."""
    *others, last = candidates
    for candidate, following in zip(others, candidates[1:], strict=True):
        try:
            return await _ask_patiently(candidate, transcript, policy)
        except (BadRequestError, ContentFilterError):
            raise  # what was asked is at fault, and not who was asked
        except ProviderError as error:
            if transcript.has_spoken:
                raise
            instead = following.provider.name
            transcript.notice("fallback", f"{error.sentence} {instead!r} is asked instead.")
    return await _ask_patiently(last, transcript, policy)


async def _ask_patiently(
    candidate: Candidate, transcript: Transcript, policy: RetryPolicy
) -> AIResponse:
    """Ask, and again after a while where the policy says so and nothing was said yet."""
    transcript.ask(candidate.provider.name, candidate.request.model)
    for retries_done in count():
        try:
            return await _ask(candidate, transcript)
        except ProviderError as error:
            wait = policy.wait_before_retry(error, retries_done)
            if wait is None or transcript.has_spoken:
                raise
            told = f"{error.sentence} Asking again in {wait:.2g} s"
            progress = f"({retries_done + 1} of {policy.retries})."
            transcript.notice("retry", f"{told} {progress}", wait)
            await policy.sleep(wait)
    raise AssertionError("unreachable")


async def _ask(candidate: Candidate, transcript: Transcript) -> AIResponse:
    reply = Reply()
    async with aclosing(candidate.provider.execute_prompt_stream(candidate.request)) as deltas:
        async for delta in deltas:
            silent = not transcript.has_spoken
            reply.add(delta)
            transcript.write(delta)
            if silent and transcript.has_spoken:
                # Let it be shown before the rest is read, much of which may be there already.
                await asyncio.sleep(0)
    return reply.response()
