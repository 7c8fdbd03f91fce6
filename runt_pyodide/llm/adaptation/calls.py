"""Calls of tools as services take them back: each with its result, under an id and a name that are
accepted, with arguments that are JSON; or told in words, for those that take none.

Sources of the rules: `tests/data/requests/refusals.json` holds what services said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import count
from typing import Any

from ...json_text import read_json
from ..messages import Message, ToolCall

NO_RESULT = "This call has no result."
NO_OUTPUT = "(no output)"
_LONGEST_NAME = 64
_NOT_IN_A_NAME = re.compile(r"[^a-zA-Z0-9_-]")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_USUAL_LENGTH = 24


def pair_results(messages: Sequence[Message]) -> list[Message]:
    """Return the messages with exactly one result for each call, right after it and in the order of
    the calls, none of them empty. What stood between calls and results comes after them; a result
    without a call is left out."""
    paired: list[Message] = []
    at = 0
    while at < len(messages):
        message, at = messages[at], at + 1
        if message.role == "tool":
            continue
        paired.append(message)
        if not message.tool_calls:
            continue
        until = at
        while until < len(messages) and messages[until].role != "assistant":
            until += 1
        following, at = messages[at:until], until
        results = [one for one in following if one.role == "tool"]
        paired += [_take_result(call, results) for call in message.tool_calls]
        paired += [one for one in following if one.role != "tool"]
    return paired


def _take_result(call: ToolCall, results: list[Message]) -> Message:
    """Take the first result that answers the call out of the list."""
    for place, result in enumerate(results):
        if result.tool_call_id == call.id:
            del results[place]
            content = result.content if result.content.strip() else NO_OUTPUT
            return replace(result, content=content, tool_name=result.tool_name or call.name)
    return Message("tool", NO_RESULT, tool_call_id=call.id, tool_name=call.name)


def tell_calls(messages: Sequence[Message]) -> list[Message]:
    """Return paired messages with the calls and their results in words: for a service that takes no
    tools, and for a request without any (LiteLLM and Bedrock refuse calls in its history)."""
    told: list[Message] = []
    for message in messages:
        if message.role == "tool":
            answer = f"The tool {message.tool_name} gave this result:\n{message.content}"
            before = told[-1]
            if before.role == "user":
                told[-1] = replace(before, content=f"{before.content}\n\n{answer}")
            else:
                told.append(Message("user", answer))
        elif message.tool_calls:
            calls = (f"[I called {call.name}({call.arguments})]" for call in message.tool_calls)
            parts = (message.content, *calls)
            content = "\n\n".join(part for part in parts if part.strip())
            told.append(replace(message, content=content, tool_calls=()))
        else:
            told.append(message)
    return told


def mend_calls(messages: Sequence[Message]) -> list[Message]:
    """Return the messages with calls whose arguments are JSON objects and whose names are names, as
    every service checks them: a call that a model broke would make each later request fail."""
    return [
        replace(
            message,
            tool_calls=tuple(map(_mend_call, message.tool_calls)),
            tool_name=message.tool_name and sound_name(message.tool_name),
        )
        if message.tool_calls or message.tool_name
        else message
        for message in messages
    ]


def _mend_call(call: ToolCall) -> ToolCall:
    return replace(call, name=sound_name(call.name), arguments=sound_arguments(call.arguments))


def sound_name(name: str) -> str:
    """Return a name of letters, digits, "_" and "-", at most 64 of them. Source: OpenAI's
    `^[a-zA-Z0-9_-]{1,64}$`, which compatible services check too."""
    return _NOT_IN_A_NAME.sub("_", name)[:_LONGEST_NAME] or "unnamed"


def sound_arguments(text: str) -> str:
    """Return the arguments of a call as strict JSON text of an object; "{}" if they are not one."""
    try:
        value = read_json(text)
        if not isinstance(value, dict):
            return "{}"
        try:
            json.loads(text, parse_constant=_refuse)
            text.encode()
        except ValueError:
            return json.dumps(_without_constants(value))
    except (ValueError, RecursionError):
        return "{}"
    return text


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _without_constants(value: Any) -> Any:
    """Return the value with null for what JSON cannot say, such as NaN."""
    if isinstance(value, dict):
        return {key: _without_constants(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_constants(one) for one in value]
    is_finite = not isinstance(value, float) or value - value == 0
    return value if is_finite else None


def rename_ids(messages: Sequence[Message], length: int | None) -> list[Message]:
    """Return paired messages whose calls have ids that are unique in the request and, if a
    ``length`` is given, of as many letters and digits.

    An id that is fine already stays. Another is the same in each request, so that services find
    what they have in their caches.
    """
    ids = _Ids(length)
    renamed: list[Message] = []
    names: Iterator[str] = iter(())
    for message in messages:
        if message.role == "tool":
            renamed.append(replace(message, tool_call_id=next(names)))
            continue
        taken = [ids.take(call.id) for call in message.tool_calls]
        names = iter(taken)
        renamed.append(name_calls(message, taken) if taken else message)
    return renamed


def name_calls(message: Message, ids: Sequence[str]) -> Message:
    """Return the message with these ids for its calls, and for the items of its state that name
    them by ``call_id``."""
    pairs = list(zip(message.tool_calls, ids, strict=True))
    new = {call.id: one for call, one in reversed(pairs)}
    calls = tuple(replace(call, id=one) for call, one in pairs)
    return replace(message, tool_calls=calls, state=rename_in_state(message.state, new))


def rename_in_state(
    state: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> tuple[Mapping[str, Any], ...]:
    """Return the state of a turn in which items that name a call by ``call_id`` name it as it is
    called now."""
    renamed: list[Mapping[str, Any]] = []
    for item in state:
        call_id = item.get("call_id")
        now = names.get(call_id) if isinstance(call_id, str) else None
        renamed.append(item if now is None else {**item, "call_id": now})
    return tuple(renamed)


class _Ids:
    def __init__(self, length: int | None) -> None:
        self._length = length
        self._taken: set[str] = set()

    def take(self, ours: str) -> str:
        """Return the service's id for a call of ours."""
        if self._fits(ours) and ours not in self._taken:
            self._taken.add(ours)
            return ours
        for number in count():
            theirs = _derive(f"{ours}\0{number}", self._length or _USUAL_LENGTH)
            if theirs not in self._taken:
                self._taken.add(theirs)
                return theirs
        raise AssertionError("unreachable")

    def _fits(self, ours: str) -> bool:
        if self._length is None:
            return bool(ours)
        return len(ours) == self._length and ours.isascii() and ours.isalnum()


def _derive(text: str, length: int) -> str:
    """Return as many letters and digits, which depend on the text alone."""
    number = int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest())
    letters = []
    for _ in range(length):
        number, place = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return "".join(letters)
