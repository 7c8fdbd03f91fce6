"""The order of roles: neighbours joined, and what services with strict templates ask for.

Messages whose calls have their results (`calls.pair_results`) go in and come out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..messages import Message

GO_ON = "Go on."
NOTED = "I have the results."


def join_freely(messages: Sequence[Message]) -> list[Message]:
    """Return the messages with neighbours of one role as one, where that costs nothing.

    A prompt, the last message before an answer, stays a message of its own: it is what the model
    has to answer. Pictures stay behind the words that they belong to, and turns whose service wants
    something back with them stay as they were.
    """
    joined: list[Message] = []
    for place, message in enumerate(messages):
        following = messages[place + 1].role if place + 1 < len(messages) else None
        is_prompt = message.role == "user" and following != "user"
        if joined and not is_prompt and _may_join(joined[-1], message):
            joined[-1] = _join(joined[-1], message)
        else:
            joined.append(message)
    return joined


def _may_join(first: Message, second: Message) -> bool:
    if first.role != second.role or first.role not in ("user", "assistant"):
        return False
    return not (first.images or first.tool_calls or first.state or second.state)


def alternate(messages: Sequence[Message]) -> list[Message]:
    """Return the messages in the strictest order that any service asks for: the user's come first
    and, but for results, last; those of the user and of the assistant take turns, where calls with
    their results are the beginning of an assistant's turn.

    Sources: the chat templates of Gemma ("Conversation roles must alternate") and of Mistral's
    models, which pass over calls and results; Perplexity ("should alternate with assistant
    message(s)").
    """
    ordered: list[Message] = []
    for message in part_results(as_users(messages)):
        before = ordered[-1] if ordered else None
        if before is None and message.role == "assistant":
            ordered.append(Message("user", GO_ON))
        if before and before.role == message.role != "tool" and not before.tool_calls:
            ordered[-1] = _join(before, message)
        else:
            ordered.append(message)
    return end_with_user(ordered)


def end_with_user(messages: Sequence[Message]) -> list[Message]:
    """Return the messages with the user's last, unless results are. Source: Anthropic ("must end
    with a user message"), Mistral ("Expected last role User or Tool")."""
    if messages and messages[-1].role != "assistant":
        return [*messages]
    return [*messages, Message("user", GO_ON)]


def part_results(messages: Sequence[Message]) -> list[Message]:
    """Return the messages with a word of the assistant between results and what the user says
    next. Source: mistral-common `protocol/instruct/validator.py` ("Unexpected role 'user' after
    role 'tool'")."""
    parted: list[Message] = []
    for message in messages:
        if parted and parted[-1].role == "tool" and message.role in ("user", "system"):
            parted.append(Message("assistant", NOTED))
        parted.append(message)
    return parted


def begin_with(text: str, messages: Sequence[Message]) -> list[Message]:
    """Return the messages with the text, unless it is "", at the beginning of the first one, which
    is the user's, and none of the system: for models that take no such role."""
    first, *others = as_users(messages) if messages else [Message("user", GO_ON)]
    if not text:
        return [first, *others]
    if first.role != "user":
        return [Message("user", text), first, *others]
    parts = (text, first.content)
    return [replace(first, content="\n\n".join(filter(None, parts))), *others]


def as_users(messages: Sequence[Message]) -> list[Message]:
    """Return the messages with those of the system as the user's."""
    return [replace(m, role="user") if m.role == "system" else m for m in messages]


def _join(first: Message, second: Message) -> Message:
    """Return two messages of one role as one. State belongs to a whole turn: the second's, which
    has the calls, or else the first's."""
    texts = (first.content, second.content)
    owner = second if second.state or second.tool_calls else first
    return replace(
        second,
        content="\n\n".join(text for text in texts if text.strip()),
        images=(*first.images, *second.images),
        state=owner.state,
        origin=owner.origin,
    )
