"""Answers that a page was not let read: what is named first."""

from __future__ import annotations

import pytest

from runt_pyodide import errors
from runt_pyodide.llm.complaints.unread import Reach, explain_unread

KEY = "Check the API key in the AI settings: a service that leaves"
NO_KEY = "If the service wants a key, enter one"
ALLOW = "Allow this page's origin"
CASES: list[tuple[Reach, bool, list[str]]] = [
    (Reach("S", "It does.", "yes", "2026"), True, [KEY, "S, as of 2026: It does.", ALLOW]),
    (Reach("S", "It does.", "yes", "2026"), False, [NO_KEY, "S, as of 2026: It does.", ALLOW]),
    (Reach("S", "It does not.", "no", "2026"), True, ["S, as of 2026: It does not.", ALLOW]),
    (Reach("S", "It does not.", "no", "2026"), False, [NO_KEY, "S, as of 2026", ALLOW]),
    (Reach("S", "Turn it on.", "set up", "2026-11"), True, ["S, as of 2026-11: Turn", ALLOW]),
    (Reach("S", "Turn it on.", "set up", "2026-11"), False, ["S, as of 2026-11: Turn", ALLOW]),
    (Reach("S", "Nobody knows."), True, ["S: Nobody knows.", ALLOW, KEY]),
    (Reach("S", "Nobody knows."), False, [NO_KEY, "S: Nobody knows.", ALLOW]),
    (Reach(), True, [ALLOW, KEY]),
    (Reach(), False, [NO_KEY, ALLOW]),
]


@pytest.mark.parametrize(("reach", "keyed", "order"), CASES)
def test_what_is_likely_is_named_first(reach: Reach, keyed: bool, order: list[str]) -> None:
    error = explain_unread(errors.CorsError("It says no (CORS)."), reach, keyed=keyed)
    places = [error.advice.find(part) for part in order]
    assert places == sorted(places) and places[0] == 0
    assert all(place >= 0 for place in places)
    no_key = not keyed and reach.allows != "set up"
    assert error.message == ("No API key is set. " if no_key else "") + "It says no (CORS)."
    assert error.args == (error.message,)


def test_what_may_be_cors_is_told_alike() -> None:
    error = errors.NetworkError("No answer, or none to read.")
    error.may_be_cors = True
    assert explain_unread(error, Reach(), keyed=False).message.startswith("No API key is set. No")


def test_a_refusal_without_a_key_says_so() -> None:
    error = explain_unread(errors.AuthenticationError("No."), Reach(), keyed=False)
    assert error.advice == f"No API key is set. {errors.AuthenticationError.advice}"
    error = explain_unread(errors.AuthenticationError("No."), Reach(), keyed=True)
    assert error.advice == errors.AuthenticationError.advice


@pytest.mark.parametrize(
    "error", [errors.NetworkError("x"), errors.OfflineError("x"), errors.ServerError("x")]
)
def test_other_errors_stay_as_they_are(error: errors.ProviderError) -> None:
    before = str(error)
    assert str(explain_unread(error, Reach("S", "It does.", "yes"), keyed=False)) == before
