"""Which parameters of a request a model takes: what is known beforehand, and what refusals teach.

A body is built with all that was asked for. What the model is known to refuse is then renamed or
left out, by the first of ``RULES`` that fits. A refusal that is new is learnt from the service's
answer, and the request is sent once more: each time one parameter less, so that this comes to an
end.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ...errors import BadRequestError, ContextLengthError
from .models import reasons, thinking_of

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """What to do about a parameter that is refused.

    ``name`` is its path in the body ("reasoning.effort"), ``also`` holds other names under which
    services complain of it. It is sent under the name ``instead``, or left out if that is None.
    ``told`` says that the reader of the answer must know, since it was the user's wish.
    """

    name: str
    instead: str | None = None
    also: tuple[str, ...] = ()
    told: bool = False


# If a complaint fits several, the smallest loss comes first. Limits of tokens are renamed, never
# left out: an answer without a limit may be expensive.
RULES = (
    Rule("max_tokens", instead="max_completion_tokens"),
    Rule("max_completion_tokens", instead="max_tokens"),
    Rule("stream_options"),
    Rule("temperature", told=True),
    Rule("top_p", told=True),
    Rule("seed", also=("random_seed",), told=True),
    Rule("stop", told=True),
    Rule("reasoning_effort", told=True),
    # Few schemas keep within what "strict" allows; without it the schema is still a strong hint.
    Rule("response_format.json_schema.strict", also=("response_format",)),
    Rule("response_format", told=True),
    Rule("text.format.strict", also=("text.format", "response_format")),
    Rule("text.format", also=("response_format",), told=True),
    Rule("reasoning.summary"),
    Rule("reasoning.effort", also=("reasoning_effort",), told=True),
    Rule("reasoning"),
    Rule("include"),
    # The role "system" of messages, which reasoning models call "developer".
    Rule("messages.role", instead="developer"),
)
_BY_NAME = {rule.name: rule for rule in RULES}
# The user has to mend a value out of range: without it the answer is not what was asked for.
_OUT_OF_RANGE = re.compile(
    r"above max|below min|too (large|small|high|low|long)|(greater|less|more|fewer|larger) than|"
    r"at (most|least)\b|must be (between|in)\b|out of range|[<>]=",
    re.IGNORECASE,
)


def known_refusals(api: Literal["chat", "responses"], model: str, effort: str | None) -> set[str]:
    """Return what one of OpenAI's own models refuses. Source: openai-python
    `types/chat/completion_create_params.py` and `types/responses/response_create_params.py`."""
    thinks = thinking_of(model) != "never"
    refused = {"temperature", "top_p", "stop"} if reasons(model, effort) else set[str]()
    if api == "responses":
        return refused if thinks else {"reasoning", "include"}
    return refused | {"max_tokens", "messages.role" if thinks else "reasoning_effort"}


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
        else:
            body = _remove(body, rule.name.split("."))
            left_out += [rule.name.rpartition(".")[2]] if rule.told else []
    return _rename(body, renames or {}), tuple(left_out)


class Refusals:
    """What each model was seen to refuse, as long as the provider lives."""

    def __init__(self) -> None:
        self._learnt: dict[str, set[str]] = {}

    def of(self, model: str) -> frozenset[str]:
        return frozenset(self._learnt.get(model, ()))

    def learn(
        self, model: str, error: BadRequestError, body: Body, refused: Collection[str]
    ) -> bool:
        """Return whether the error refuses a parameter of the body that can be done without. It is
        known from then on; ``refused`` is what was left out already, so that each is learnt once.
        """
        rule = find_rule(error, body, refused)
        if rule is None or rule.instead in refused:
            return False
        self._learnt.setdefault(model, set()).add(rule.name)
        return True


@dataclass(slots=True)
class Adaptation:
    """The body of one request, as its model takes it, as far as is known.

    ``wanted`` is the body with all that was asked for, ``known`` what the model refuses of it as
    was known beforehand. ``left_out`` names what is missing from the last body and must be told.
    """

    wanted: Body
    refusals: Refusals
    known: frozenset[str] = frozenset()
    renames: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    _refused: frozenset[str] = field(default=frozenset(), init=False)

    def body(self) -> Body:
        self._refused = self.known | self.refusals.of(self._model)
        body, self.left_out = adapt(self.wanted, self._refused, self.renames)
        return body

    def learn(self, error: BadRequestError, _sent: Mapping[str, Any]) -> Body | None:
        """Return the body without what the service refused of the last one; None if that cannot be
        done without."""
        learnt = self.refusals.learn(self._model, error, self.wanted, self._refused)
        return self.body() if learnt else None

    @property
    def _model(self) -> str:
        return str(self.wanted["model"])


def find_rule(error: BadRequestError, body: Body, refused: Collection[str] = ()) -> Rule | None:
    """Return the rule for the parameter that a refusal is about, if there is one besides those
    that were ``refused`` before.

    Source: OpenAI names it in ``param``; others only in the message, FastAPI servers and Mistral
    under HTTP 422.
    """
    if error.status not in (400, 422) or isinstance(error, ContextLengthError):
        return None
    if _OUT_OF_RANGE.search(error.message):
        return None
    named = re.sub(r"\[\d+\]", "", error.param or "").removeprefix("body.")
    for rule in RULES:
        names = (rule.name, *rule.also)
        if rule.name in refused or not _holds(body, rule.name):
            continue
        if named and any(f"{named}.".startswith(f"{name}.") for name in names):
            return rule
        if not named and any(_mentions(error.message, name) for name in names):
            return rule
    return None


def _mentions(message: str, name: str) -> bool:
    """Return whether a message is about a parameter: it has the name, in quotes if that is also a
    common word."""
    is_word = re.fullmatch(r"(?!temperature)[a-z]+", name) is not None
    quotes = r"""['"`]""" if is_word else r"\b"
    return re.search(quotes + re.escape(name) + quotes, message) is not None


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
