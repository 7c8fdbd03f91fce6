"""The turns of an AI run: ask, write down what comes, end as the model ends.

The only loop that calls a provider on a cell's behalf.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from ..errors import ContentFilterError, LimitError
from ..messages import ChatRequest
from ..outputs import OutputWriter
from ..providers.base import AIProvider
from .reply import Reply
from .transcript import Transcript


async def run(provider: AIProvider, request: ChatRequest, writer: OutputWriter) -> Reply:
    """Ask once and stream the answer into ``writer``.

    Raises what the provider raises, LimitError where the answer was cut at a limit of tokens, and
    ContentFilterError where the service withheld it. What came before stays written, marked with
    how it ended; so it does when the run is cancelled.
    """
    reply = Reply()
    transcript = Transcript(writer, provider.name, request.model, iteration=1)
    try:
        async with aclosing(provider.execute_prompt_stream(request)) as deltas:
            async for delta in deltas:
                reply.add(delta)
                transcript.write(delta)
        reason = reply.response().finish_reason
    except BaseException as error:
        stopped = isinstance(error, asyncio.CancelledError)
        transcript.end("cancelled" if stopped else "error", reply.usage)
        raise
    transcript.end(reason, reply.usage)
    if reason == "length":
        raise LimitError(
            "The answer was cut at the limit of output tokens.",
            advice="Raise the cell's token limit, or ask for the rest in a new AI cell below.",
        )
    if reason == "content_filter":
        raise ContentFilterError("The service withheld the rest of the answer (content filter).")
    return reply
