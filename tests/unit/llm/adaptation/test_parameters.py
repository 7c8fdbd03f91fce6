"""Parameters that a model does not take: how a refusal names one, and the body without it."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.errors import BadRequestError, ContextLengthError, ProviderError, ServerError
from runt_pyodide.llm.adaptation.parameters import (
    Rule,
    adapt,
    find_refused,
    rename,
    tell_left_out,
)

RULES = (
    Rule("limit", instead="most"),
    Rule("heat", told=True),
    Rule("config.effort", also=("effort_level",), told=True),
    Rule("config"),
    Rule("stream", value=False, exact=True),
    Rule("roles", change=lambda body: {**body, "role": "other"}),
)
BODY = {"limit": 3, "heat": 1, "config": {"effort": "low"}, "stream": True}


@pytest.mark.parametrize(
    ("refused", "changed", "told"),
    [
        ("limit", {"most": 3, "heat": 1, "config": {"effort": "low"}, "stream": True}, ()),
        ("heat", {"limit": 3, "config": {"effort": "low"}, "stream": True}, ("heat",)),
        ("config.effort", {"limit": 3, "heat": 1, "stream": True}, ("effort",)),
        ("config", {"limit": 3, "heat": 1, "stream": True}, ()),
        ("stream", {**BODY, "stream": False}, ()),
        ("roles", {**BODY, "role": "other"}, ()),
        ("another", BODY, ()),
    ],
)
def test_the_body_without_it(refused: str, changed: dict[str, Any], told: tuple[str, ...]) -> None:
    assert adapt(dict(BODY), {refused}, RULES) == (changed, told)


def test_what_is_not_in_the_body_is_not_told() -> None:
    assert adapt({"x": 1}, {"heat", "config.effort"}, RULES) == ({"x": 1}, ())


def refusal(message: str, param: str | None = None, status: int | None = 400) -> BadRequestError:
    error = BadRequestError(message, status=status)
    error.param = param
    return error


@pytest.mark.parametrize(
    ("error", "names"),
    [
        (refusal("Not supported", "heat"), ["heat"]),
        (refusal("Not supported", "body.config.effort"), ["config.effort", "config"]),
        (refusal("'heat' is not supported"), ["heat"]),
        (refusal("config.effort: Input should be low"), ["config.effort"]),
        (refusal("no effort_level, please", status=422), ["config.effort"]),
        (refusal("'heat' must be between 0 and 2"), []),
        (refusal("'heat' is not supported", status=403), []),
        (refusal("the heat of the day"), []),
        (refusal("x", "stream.of.thought"), []),
        (ContextLengthError("'heat' is too long", status=400), []),
        (ServerError("'heat' is not supported", status=500), []),
    ],
)
def test_what_a_refusal_names(error: ProviderError, names: list[str]) -> None:
    assert [*find_refused(error, (), RULES)] == names


def test_what_was_refused_before_is_not_named_again() -> None:
    error = refusal("'heat' and config.effort are not supported")
    assert [*find_refused(error, {"heat"}, RULES)] == ["config.effort"]
    assert [*find_refused(refusal("x", "limit"), {"most"}, RULES)] == []


def test_the_sentence_for_the_reader() -> None:
    assert tell_left_out(()) == ()
    (told,) = tell_left_out(("heat", "effort"))
    assert told == "Left out of the request, since the model does not take it: heat, effort."


def test_other_names() -> None:
    assert rename({"a": 1, "b": 2}, {"a": "c"}) == {"c": 1, "b": 2}
