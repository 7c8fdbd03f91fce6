"""Which parameters of a request a model takes: what is known beforehand, and what refusals teach.

A body is built with all that was asked for. What the model is known to refuse is then renamed or
left out, by the ``RULES``. What is not a matter of one parameter, such as messages in another
order, and how all of it is learnt, is in `llm/adaptation`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ...errors import BadRequestError, ContextLengthError, ProviderError
from ..adaptation.shape import (
    ASSISTANT_LAST,
    CALL_IDS,
    IMAGES,
    NEIGHBOURS,
    RESPONSE_FORMAT,
    SYSTEM,
    TOOLS,
    USER_AFTER_TOOL,
)
from ..adaptation.wordings import EFFORT, STREAM
from .models import reasons, thinking_of
from .presets import Preset, Role

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """What to do about a parameter that is refused.

    ``name`` is its path in the body ("reasoning.effort"), ``also`` holds other names under which
    services complain of it. It is sent under the name ``instead``, with the ``value`` there is, or
    left out if both are None. ``told`` says that the reader of the answer must know, since it was
    the user's wish. An ``exact`` name is not that of what it contains, too: a complaint about one
    tool is not one about tools.
    """

    name: str
    instead: str | None = None
    value: Any = None
    also: tuple[str, ...] = ()
    told: bool = False
    exact: bool = False


# If a complaint fits several, the smallest loss comes first. Limits of tokens are renamed, never
# left out: an answer without a limit may be expensive.
RULES = (
    Rule("max_tokens", instead="max_completion_tokens"),
    Rule("max_completion_tokens", instead="max_tokens"),
    Rule("stream_options"),
    Rule(STREAM, value=False, exact=True),
    Rule("temperature", told=True),
    Rule("top_p", told=True),
    Rule("seed", also=("random_seed",), told=True),
    Rule("stop", told=True),
    Rule(EFFORT, told=True),
    # Few schemas keep within what "strict" allows; without it the schema is still a strong hint.
    Rule("response_format.json_schema.strict", also=("response_format",)),
    Rule("text.format.strict", also=("text.format", "response_format")),
    Rule(RESPONSE_FORMAT, also=("text.format",)),
    Rule(TOOLS, exact=True),
    Rule("reasoning.summary"),
    Rule("reasoning.effort", also=("reasoning_effort",), told=True),
    Rule("reasoning"),
    Rule("include"),
    # The role "system" of messages, which reasoning models call "developer".
    Rule("messages.role", instead="developer"),
    Rule(SYSTEM, also=("messages.role", "instructions")),
    Rule(IMAGES, also=("messages.content.type", "input.content.type")),
)
_ROLES: Mapping[Role, str] = {
    "alternate": NEIGHBOURS,
    "no user after tool": USER_AFTER_TOOL,
    "ends with user or tool": ASSISTANT_LAST,
}
# The user has to mend a value out of range: without it the answer is not what was asked for.
_OUT_OF_RANGE = re.compile(
    r"above max|below min|too (large|small|high|low|long)|(greater|less|more|fewer|larger) than|"
    r"at (most|least)\b|must be (between|in)\b|out of range|[<>]=",
    re.IGNORECASE,
)
# Where messages give the name of a parameter.
_PLACES = (
    r"""['"`]{}['"`]""",
    r"\bbody\b[\s.>-]{{1,4}}{}\b(?![.\[])",
    r"\b{}: (extra|unknown|unrecognized|unexpected|unsupported)",
    r"\b(param|parameter|argument|field|input|key|property)s?\b[^.:]{{0,30}}: ?\[?{}\b(?![.\[])",
)


def known_refusals(api: Literal["chat", "responses"], model: str, effort: str | None) -> set[str]:
    """Return what one of OpenAI's own models refuses. Source: openai-python
    `types/chat/completion_create_params.py` and `types/responses/response_create_params.py`."""
    thinks = thinking_of(model) != "never"
    refused = {"temperature", "top_p", "stop"} if reasons(model, effort) else set[str]()
    if api == "responses":
        return refused if thinks else {"reasoning", "include"}
    return refused | {"max_tokens", "messages.role" if thinks else "reasoning_effort"}


def refusals_of_preset(preset: Preset) -> set[str]:
    """Return what a service is known to refuse: its own list, the order of roles that it does not
    take, and ids of another form than its own."""
    refused = {*preset.refuses, *(_ROLES[role] for role in preset.roles)}
    if length := re.search(r"\{(?:\d+,)?(\d+)\}", preset.ids):
        refused.add(f"{CALL_IDS}{length[1]}")
    return refused


def adapt(
    body: Body, refused: Collection[str], renames: Mapping[str, str] | None = None
) -> tuple[Body, tuple[str, ...]]:
    """Return the body as the model takes it, and the names that were left out and must be told."""
    left_out: list[str] = []
    for rule in RULES:
        if rule.name not in refused or not _holds(body, rule.name):
            continue
        if rule.name == "messages.role":
            body = {**body, "messages": [_as_developer(message) for message in body["messages"]]}
        elif rule.instead is not None:
            body = _rename(body, {rule.name: rule.instead})
        elif rule.value is not None:
            body = {**body, rule.name: rule.value}
        else:
            body = _remove(body, rule.name.split("."))
            left_out += [rule.name.rpartition(".")[2]] if rule.told else []
    if not body.get(STREAM):
        # They are options of a stream, and refused beside "stream": false.
        body = {name: value for name, value in body.items() if name != "stream_options"}
    return _rename(body, renames or {}), tuple(left_out)


def find_refused(
    error: ProviderError, _sent: Mapping[str, Any], refused: Collection[str]
) -> Iterator[str]:
    """Yield the names of the parameters that a refusal may be about, besides those that were
    ``refused`` before, the smallest loss first.

    Source: OpenAI names one in ``param``; others only in the message, FastAPI servers and Mistral
    under HTTP 422. An error in a stream has no status.
    """
    if not isinstance(error, BadRequestError) or isinstance(error, ContextLengthError):
        return
    if error.status not in (400, 422, None) or _OUT_OF_RANGE.search(error.message):
        return
    named = re.sub(r"\[\d+\]|\.\d+(?=\.|$)", "", error.param or "").removeprefix("body.")
    for rule in RULES:
        is_meant = _names(rule, named) if named else _is_mentioned(rule, error.message)
        if is_meant and rule.name not in refused and rule.instead not in refused:
            yield rule.name


def _names(rule: Rule, param: str) -> bool:
    names = (rule.name, *rule.also)
    if rule.exact:
        return param in names
    return any(f"{param}.".startswith(f"{name}.") for name in names)


def _is_mentioned(rule: Rule, message: str) -> bool:
    return any(_mentions(message, name) for name in (rule.name, *rule.also))


def _mentions(message: str, name: str) -> bool:
    """Return whether a message is about a parameter: it has the name, and if that is also a common
    word, in quotes or where a name is given."""
    if not re.fullmatch(r"(?!temperature)[a-z]+", name):
        return re.search(rf"\b{re.escape(name)}\b", message) is not None
    return any(re.search(place.format(name), message, re.IGNORECASE) for place in _PLACES)


def _holds(body: Body, name: str) -> bool:
    if name == "messages.role":
        return any(message["role"] == "system" for message in body.get("messages", ()))
    value: Any = body
    for key in name.split("."):
        if not isinstance(value, Mapping) or key not in value:
            return False
        value = value[key]
    return True


def _rename(body: Body, names: Mapping[str, str]) -> Body:
    return {names.get(key, key): value for key, value in body.items()}


def _remove(body: Body, path: list[str]) -> Body:
    """Return the body without what stands at the path, and without objects that this empties."""
    head, *rest = path
    inner = _remove(body[head], rest) if rest else {}
    return {
        key: inner if key == head else value for key, value in body.items() if key != head or inner
    }


def _as_developer(message: Body) -> Body:
    return {**message, "role": "developer"} if message["role"] == "system" else message
