"""A request without what its model does not take: the changes that are the same for every API.

Each is known by the name of what is refused. What depends on one API's body, such as the names of
its parameters, is that API's matter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..messages import ChatRequest, Message
from .calls import mend_calls, pair_results, rename_ids, tell_calls
from .roles import alternate, begin_with, end_with_user, join_freely, part_results

TOOLS = "tools"
CALLS = "calls"
IMAGES = "images"
RESPONSE_FORMAT = "response_format"
SYSTEM = "system"
NEIGHBOURS = "neighbours"
USER_AFTER_TOOL = "user_after_tool"
ASSISTANT_LAST = "assistant_last"
WEB_SEARCH = "web_search"
CALL_IDS = "call_ids."
"""With a number behind it: ids that are not of so many letters and digits."""

SHAPES = frozenset(
    (
        *(TOOLS, CALLS, IMAGES, RESPONSE_FORMAT, WEB_SEARCH),
        *(SYSTEM, NEIGHBOURS, USER_AFTER_TOOL, ASSISTANT_LAST),
    )
)
"""The names that ``shape`` knows, besides those that begin with ``CALL_IDS``."""

_NO_TOOLS = "You have no tools in this conversation: answer in words."
_UNSEEN = "[{count} left out here: you cannot see images]"
_EMPTY = "(empty)"


@dataclass(frozen=True, slots=True)
class Shaped:
    """The request as it is sent, and the sentences that the reader of its answer must be told."""

    request: ChatRequest
    told: tuple[str, ...] = ()


def shape(request: ChatRequest, refused: Collection[str]) -> Shaped:
    """Return the request without what is ``refused``, and with messages that any service takes:
    each call with its result, nothing empty, no two calls of one id.

    A request without tools has no calls in its messages either: they are told in words.
    """
    told: list[str] = []
    request = replace(request, messages=_mend(request.messages))
    if TOOLS in refused and request.tools:
        request = _add_to_system(replace(request, tools=()), _NO_TOOLS)
        told.append(f"The model {request.model!r} cannot call tools, so it was asked without them.")
    if CALLS in refused or not request.tools:
        request = replace(request, messages=tuple(tell_calls(request.messages)))
    if IMAGES in refused and (count := sum(len(one.images) for one in request.messages)):
        request = replace(request, messages=tuple(map(_without_images, request.messages)))
        what = "The image was" if count == 1 else f"{count} images were"
        told.append(f"{what} left out, since the model {request.model!r} cannot see.")
    if WEB_SEARCH in refused and request.settings.web_search:
        settings = replace(request.settings, web_search=None)
        request = replace(request, settings=settings)
        told.append(f"The web was not searched: the service cannot do so for {request.model!r}.")
    if RESPONSE_FORMAT in refused and request.response_format is not None:
        words = tell_schema(request.response_format)
        request = _add_to_system(replace(request, response_format=None), words)
        told.append(
            f"The model {request.model!r} does not take response_format, so it was told the schema "
            "in words."
        )
    return Shaped(_order(request, refused), tuple(told))


def tell_news(refused: str, model: str) -> tuple[str, ...]:
    """Return the sentence that tells what has just been learnt of a model, if it is of a kind that
    changes nothing for the reader."""
    news = _NEWS.get(refused)
    return (f"The model {model!r} {news}.",) if news else ()


_IN_ORDER = "takes messages in a strict order of roles, so they were joined"
_NEWS = {
    SYSTEM: "takes no system prompt, so it stands at the beginning of the first message",
    NEIGHBOURS: _IN_ORDER,
    USER_AFTER_TOOL: _IN_ORDER,
    ASSISTANT_LAST: _IN_ORDER,
}


def tell_schema(schema: Mapping[str, Any]) -> str:
    """Return what tells a model to follow a schema, for services that do not make it."""
    text = json.dumps(schema, ensure_ascii=False)
    return (
        "Answer with one JSON value that follows this JSON schema, and with nothing before or "
        f"after it:\n{text}"
    )


def _order(request: ChatRequest, refused: Collection[str]) -> ChatRequest:
    messages = join_freely(request.messages)
    if SYSTEM in refused:
        messages = begin_with(request.system_prompt or "", messages)
        request = replace(request, system_prompt=None)
    if USER_AFTER_TOOL in refused:
        messages = part_results(messages)
    if NEIGHBOURS in refused:
        messages = alternate(messages)
    if ASSISTANT_LAST in refused:
        messages = end_with_user(messages)
    return replace(request, messages=tuple(rename_ids(messages, _length_of_ids(refused))))


def _mend(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Return the messages without empty ones: services refuse those of white space too."""
    return tuple(
        message if message.content.strip() or not _must_speak(message) else _fill(message)
        for message in mend_calls(pair_results(messages))
        if not _says_nothing(message)
    )


def _says_nothing(message: Message) -> bool:
    """Return whether it is a turn in which the model said nothing and did nothing."""
    is_silent = not message.content.strip() and not message.tool_calls
    return message.role == "assistant" and is_silent


def _must_speak(message: Message) -> bool:
    return not (message.images or message.tool_calls)


def _fill(message: Message) -> Message:
    return replace(message, content=_EMPTY)


def _without_images(message: Message) -> Message:
    if not message.images:
        return message
    count = "1 image" if len(message.images) == 1 else f"{len(message.images)} images"
    parts = (message.content, _UNSEEN.format(count=count))
    return replace(message, content="\n\n".join(filter(None, parts)), images=())


def _add_to_system(request: ChatRequest, text: str) -> ChatRequest:
    parts = (request.system_prompt, text)
    return replace(request, system_prompt="\n\n".join(filter(None, parts)))


def _length_of_ids(refused: Collection[str]) -> int | None:
    """Return the shortest length of ids that was asked for; None if none was."""
    found = (re.fullmatch(rf"{re.escape(CALL_IDS)}(\d+)", name) for name in refused)
    return min((int(match[1]) for match in found if match), default=None)
