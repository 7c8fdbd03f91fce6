"""What real services refuse of a request: predicates over what was asked, by name.

Each returns whether the request breaks the rule. The words of the refusal and its status are data
(tests/data/services/strict.toml).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from runt_pyodide.llm.transport.base import Request

# What a message may hold, as OpenAI has it.
_FIELDS = {"role", "content", "name", "tool_calls", "tool_call_id", "refusal"}
_CALL_FIELDS = {"id", "type", "function", "index"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its JSON body, its headers by their names in lower case, and its query."""

    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: Request) -> Asked:
        headers = {name.lower(): value for name, value in request.headers.items()}
        query = dict(parse_qsl(urlsplit(request.url).query))
        return cls(json.loads(request.body or b"{}"), headers, query)

    @property
    def messages(self) -> list[Any]:
        return [*self.body.get("messages", ())]

    @property
    def turns(self) -> list[Any]:
        """The messages but for the system's."""
        return [one for one in self.messages if one["role"] not in ("system", "developer")]

    @property
    def said(self) -> list[Any]:
        """The messages of the assistant."""
        return [one for one in self.messages if one["role"] == "assistant"]

    @property
    def calls(self) -> list[Any]:
        return [call for one in self.said for call in one.get("tool_calls") or ()]

    @property
    def functions(self) -> list[Any]:
        """The tools, in either API."""
        return [tool.get("function", tool) for tool in self.body.get("tools") or ()]

    @property
    def items(self) -> list[Any]:
        """The input of the Responses API."""
        return [*self.body.get("input", ())]


Rule = Callable[[Asked], bool]


def has_role(role: str) -> Rule:
    return lambda asked: any(one["role"] == role for one in asked.messages)


def has(name: str) -> Rule:
    return lambda asked: name in asked.body


def roles_do_not_alternate(asked: Asked) -> bool:
    """Gemma's and Mistral's templates: user and assistant take turns, the user first; the results
    of calls stand between two messages of the assistant."""
    roles = [one["role"] for one in asked.turns]
    return roles[:1] != ["user"] or any(a == b != "tool" for a, b in pairwise(roles))


def signature_is_missing(asked: Asked) -> bool:
    """Gemini 3: in each step of the current turn the first call has one."""
    turns = asked.turns
    last = max((place for place, one in enumerate(turns) if one["role"] == "user"), default=0)
    steps = [one["tool_calls"] for one in turns[last:] if one.get("tool_calls")]
    return any(not _signature(calls[0]) for calls in steps)


def _signature(call: Any) -> Any:
    return ((call.get("extra_content") or {}).get("google") or {}).get("thought_signature")


def ids_have_another_form(asked: Asked) -> bool:
    """Mistral: nine letters and digits."""
    ids = [call.get("id") for call in asked.calls]
    ids += [one.get("tool_call_id") for one in asked.messages if one["role"] == "tool"]
    return any(re.fullmatch(r"[a-zA-Z0-9]{9}", str(one)) is None for one in ids)


def results_do_not_follow(asked: Asked) -> bool:
    """OpenAI: right after a message with calls comes one result for each, and no other result."""
    waiting: list[str] = []
    for one in asked.messages:
        if one["role"] == "tool":
            if one.get("tool_call_id") not in waiting:
                return True
            waiting.remove(one["tool_call_id"])
        elif waiting:
            return True
        elif one.get("tool_calls"):
            waiting = [call.get("id") for call in one["tool_calls"]]
    return bool(waiting) or any(a == b for a, b in pairwise(sorted(c["id"] for c in asked.calls)))


def arguments_are_broken(asked: Asked) -> bool:
    texts = [call["function"]["arguments"] for call in asked.calls]
    texts += [item["arguments"] for item in asked.items if item.get("type") == "function_call"]
    return not all(map(_is_object, texts))


def _is_object(text: Any) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (TypeError, ValueError):
        return False


def holds_unknown_fields(asked: Asked) -> bool:
    """Groq, Mistral: a message holds nothing that OpenAI's does not."""
    names = {name for one in asked.messages for name in one}
    inner = {name for call in asked.calls for name in call}
    return bool(names - _FIELDS or inner - _CALL_FIELDS)


def names_have_another_form(asked: Asked) -> bool:
    form = r"[a-zA-Z0-9_-]{1,64}"
    return any(re.fullmatch(form, one["name"]) is None for one in asked.functions)


def items_do_not_follow(asked: Asked) -> bool:
    """The Responses API: each call has an output, each output a call, and reasoning stands before
    what it led to."""
    made = [one["call_id"] for one in asked.items if one.get("type") == "function_call"]
    answered = [one["call_id"] for one in asked.items if one.get("type") == "function_call_output"]
    kinds = [one.get("type", "message") for one in asked.items]
    led_to = {"message", "function_call", "reasoning"}
    alone = any(a == "reasoning" and b not in led_to for a, b in pairwise([*kinds, ""]))
    return sorted(made) != sorted(answered) or alone


def _parts(asked: Asked) -> Iterator[Any]:
    for one in asked.messages:
        if isinstance(one.get("content"), list):
            yield from one["content"]


RULES: dict[str, Rule] = {
    "tools": lambda asked: bool(asked.functions),
    "a system role": has_role("system"),
    "a developer role": has_role("developer"),
    "roles that do not alternate": roles_do_not_alternate,
    "a user after a tool": lambda asked: (
        ("tool", "user") in pairwise(one["role"] for one in asked.turns)
    ),
    "an assistant at the end": lambda asked: (
        [one["role"] for one in asked.turns[-1:]] == ["assistant"]
    ),
    "results that do not follow": results_do_not_follow,
    "items that do not follow": items_do_not_follow,
    "an answer without type": lambda asked: any(
        "type" not in one and one.get("role") == "assistant" for one in asked.items
    ),
    "broken arguments": arguments_are_broken,
    "calls without signature": signature_is_missing,
    # Kimi K2.5 and K2.6 take "" for none, and a blank for some (theopenco/llmgateway pull request
    # 2093, earendil-works/pi pull request 4178); DeepSeek wants the field alone.
    "calls without thinking": lambda asked: any(
        not one.get("reasoning_content") for one in asked.said if one.get("tool_calls")
    ),
    "answers without thinking": lambda asked: any(
        "reasoning_content" not in one for one in asked.said
    ),
    "calls without tools": lambda asked: bool(asked.calls) and not asked.functions,
    "ids of another form": ids_have_another_form,
    "names of another form": names_have_another_form,
    "references in schemas": lambda asked: '"$ref"' in json.dumps(asked.functions),
    "unknown fields in messages": holds_unknown_fields,
    "null content": lambda asked: any(one.get("content", "") is None for one in asked.messages),
    "empty content": lambda asked: any(one.get("content") == "" for one in asked.messages),
    "pictures": lambda asked: any(part["type"] == "image_url" for part in _parts(asked)),
    "a response format": has("response_format"),
    "a response format beside tools": lambda asked: (
        "response_format" in asked.body and bool(asked.functions)
    ),
    "a stream": lambda asked: bool(asked.body.get("stream")),
    "stream_options": has("stream_options"),
    "temperature": has("temperature"),
    "stop": has("stop"),
    "max_tokens": has("max_tokens"),
    "max_completion_tokens": has("max_completion_tokens"),
    "no api-key": lambda asked: not asked.headers.get("api-key"),
    "no api-version": lambda asked: not asked.query.get("api-version"),
    "no key": lambda asked: not asked.headers.get("authorization", "").startswith("Bearer sk-"),
    "headers of one's own": lambda asked: bool(
        asked.headers.keys() - {"authorization", "content-type", "api-key"}
    ),
}
