"""What real services refuse of a request: predicates over its JSON body, by name.

Each returns whether the body breaks the rule. The words of the refusal, its status and its source
are data, beside the answers (tests/data/services).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

Body = Mapping[str, Any]
Rule = Callable[[Body], bool]


def _messages(body: Body) -> list[Any]:
    return [*body.get("messages", ())]


def _calls(body: Body) -> Iterator[Any]:
    for message in _messages(body):
        yield from message.get("tool_calls") or ()


def _said(body: Body) -> list[Any]:
    return [one for one in _messages(body) if one["role"] == "assistant"]


def _turns(body: Body) -> list[str]:
    """Return the roles, without the system's, in which results of calls are one turn."""
    roles = [one["role"] for one in _messages(body) if one["role"] not in ("system", "developer")]
    return [role for place, role in enumerate(roles) if (role, place) != ("tool", 0)]


def _is_valid(arguments: Any) -> bool:
    try:
        return isinstance(json.loads(arguments), dict)
    except (TypeError, ValueError):
        return False


def _begins_a_turn(message: Any) -> bool:
    return message["role"] == "user"


def roles_do_not_alternate(body: Body) -> bool:
    """Gemma's and Mistral's templates: user and assistant take turns, the user first; results of
    calls stand between two of the assistant's."""
    roles = _turns(body)
    if not roles or roles[0] != "user":
        return True
    return any(first == second != "tool" for first, second in pairwise(roles))


def calls_lack_signature(body: Body) -> bool:
    """Gemini 3: the first call of each step of the current turn has a signature."""
    messages = _messages(body)
    last = max((place for place, one in enumerate(messages) if _begins_a_turn(one)), default=0)
    steps = [one["tool_calls"] for one in messages[last:] if one.get("tool_calls")]
    return any(not _signature(calls[0]) for calls in steps)


def _signature(call: Any) -> Any:
    google = (call.get("extra_content") or {}).get("google") or {}
    return google.get("thought_signature")


def ids_are_not_nine_characters(body: Body) -> bool:
    """Mistral's ids of calls."""
    ids = [call.get("id") for call in _calls(body)]
    ids += [one.get("tool_call_id") for one in _messages(body) if one["role"] == "tool"]
    return any(re.fullmatch(r"[a-zA-Z0-9]{9}", str(one)) is None for one in ids)


def user_follows_tool(body: Body) -> bool:
    """Mistral: the assistant speaks after the results of its calls."""
    roles = [one["role"] for one in _messages(body)]
    return ("tool", "user") in pairwise(roles)


RULES: dict[str, Rule] = {
    "tools": lambda body: bool(body.get("tools")),
    "a system role": lambda body: any(one["role"] == "system" for one in _messages(body)),
    "a developer role": lambda body: any(one["role"] == "developer" for one in _messages(body)),
    "roles that do not alternate": roles_do_not_alternate,
    "broken arguments": lambda body: any(
        not _is_valid(call["function"]["arguments"]) for call in _calls(body)
    ),
    "calls without signature": calls_lack_signature,
    "calls without thinking": lambda body: any(
        not one.get("reasoning_content") for one in _said(body) if one.get("tool_calls")
    ),
    "answers without thinking": lambda body: any(
        not one.get("reasoning_content") for one in _said(body)
    ),
    "calls without tools": lambda body: any(_calls(body)) and not body.get("tools"),
    "ids of another form": ids_are_not_nine_characters,
    "a user after a tool": user_follows_tool,
    "a response format": lambda body: "response_format" in body,
    "a response format beside tools": lambda body: (
        "response_format" in body and bool(body.get("tools"))
    ),
    "a stream": lambda body: bool(body.get("stream")),
    "stream_options": lambda body: "stream_options" in body,
    "temperature": lambda body: "temperature" in body,
    "max_tokens": lambda body: "max_tokens" in body,
    "max_completion_tokens": lambda body: "max_completion_tokens" in body,
    "empty content": lambda body: any(one.get("content") == "" for one in _messages(body)),
}
