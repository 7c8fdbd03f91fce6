"""Parameters of a request that a model does not take: how a refusal names one, and the body without
it.

A body is built with all that was asked for. What the model is known to refuse is then changed,
renamed or left out, by the rules of the API, which are data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import BadRequestError, ContextLengthError, ProviderError

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """What to do about a parameter that is refused.

    ``name`` is its path in the body ("reasoning.effort"), ``also`` holds other names under which
    services complain of it. It is sent under the name ``instead``, with the ``value`` there is, as
    ``change`` makes the body, or left out if all are None. ``told`` says that the reader of the
    answer must know, since it was the user's wish. An ``exact`` name is not that of what it
    contains, too: a complaint about one tool is not one about tools.
    """

    name: str
    instead: str | None = None
    value: Any = None
    also: tuple[str, ...] = ()
    told: bool = False
    exact: bool = False
    change: Callable[[Body], Body] | None = None


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


def adapt(
    body: Body, refused: Collection[str], rules: Sequence[Rule]
) -> tuple[Body, tuple[str, ...]]:
    """Return the body as the model takes it, and the names that were left out and must be told."""
    left_out: list[str] = []
    for rule in rules:
        if rule.name not in refused:
            continue
        if rule.change is not None:
            body = rule.change(body)
        elif not _holds(body, rule.name):
            continue
        elif rule.instead is not None:
            body = rename(body, {rule.name: rule.instead})
        elif rule.value is not None:
            body = {**body, rule.name: rule.value}
        else:
            body = _remove(body, rule.name.split("."))
            left_out += [rule.name.rpartition(".")[2]] if rule.told else []
    return body, tuple(left_out)


def find_refused(
    error: ProviderError, refused: Collection[str], rules: Sequence[Rule]
) -> Iterator[str]:
    """Yield the names of the parameters that a refusal may be about, besides those that were
    ``refused`` before, in the order of the rules: the smallest loss first.

    Source: OpenAI names one in ``param``; others only in the message, FastAPI servers and Mistral
    under HTTP 422. An error in a stream has no status.
    """
    if not isinstance(error, BadRequestError) or isinstance(error, ContextLengthError):
        return
    if error.status not in (400, 422, None) or _OUT_OF_RANGE.search(error.message):
        return
    named = re.sub(r"\[\d+\]|\.\d+(?=\.|$)", "", error.param or "").removeprefix("body.")
    for rule in rules:
        is_meant = _names(rule, named) if named else _is_mentioned(rule, error.message)
        if is_meant and rule.name not in refused and rule.instead not in refused:
            yield rule.name


def tell_left_out(names: Collection[str]) -> tuple[str, ...]:
    """Return the sentence that tells the reader of an answer what was left out of the request."""
    left = "Left out of the request, since the model does not take it"
    return (f"{left}: {', '.join(names)}.",) if names else ()


def rename(body: Body, names: Mapping[str, str]) -> Body:
    """Return the body with other names for some of its parameters."""
    return {names.get(key, key): value for key, value in body.items()}


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
    value: Any = body
    for key in name.split("."):
        if not isinstance(value, Mapping) or key not in value:
            return False
        value = value[key]
    return True


def _remove(body: Body, path: list[str]) -> Body:
    """Return the body without what stands at the path, and without objects that this empties."""
    head, *rest = path
    inner = _remove(body[head], rest) if rest else {}
    return {
        key: inner if key == head else value for key, value in body.items() if key != head or inner
    }
