"""The errors: their tree and their texts."""

from __future__ import annotations

import copy
import inspect
import pickle
import re
from typing import Any

import pytest

from runt_pyodide import Answer, errors
from runt_pyodide.errors import CellError, EventError, ProviderError, RuntError

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, RuntError) and kind.__module__ == errors.__name__
]


def test_the_tree_that_the_module_draws_is_the_one_that_it_has() -> None:
    drawn: dict[str, str] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if named := re.match(r"^    ([│├└─ ]*)(\w+(?:Error))\b", line):
            del above[len(named[1]) // 4 :]
            drawn[named[2]] = above[-1] if above else "Exception"
            above.append(named[2])
    assert drawn == {kind.__name__: kind.__bases__[0].__name__ for kind in KINDS}


@pytest.mark.parametrize(
    ("message", "advice", "text"),
    [
        ("It failed", None, "It failed"),
        ("It failed", "Try again.", "It failed. Try again."),
        ("It failed!", "Try again.", "It failed! Try again."),
        ("It failed.", "", "It failed."),
    ],
)
def test_advice_follows_the_message_as_a_sentence(
    message: str, advice: str | None, text: str
) -> None:
    assert str(RuntError(message, advice=advice)) == text


@pytest.mark.parametrize("kind", [one for one in KINDS if issubclass(one, ProviderError)])
def test_the_advice_of_a_kind_is_there_unless_another_is_given(
    kind: type[ProviderError],
) -> None:
    assert kind("It failed.").advice == kind.advice
    assert kind("It failed.", advice="Do this.").advice == "Do this."


WITH_MORE: dict[str, tuple[Any, ...]] = {
    "EventError": ("v1.X", "id", "is wrong"),
    "ApprovalError": ("run", {"a": 1}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_it_comes_back_from_a_pickle_with_all_that_it_carries(kind: type[RuntError]) -> None:
    error = kind(*WITH_MORE.get(kind.__name__, ("It failed.",)))
    error.answer = Answer("Half of")
    error.add_note("By the way.")
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert (type(again), str(again), vars(again)) == (kind, str(error), vars(error))


def test_an_event_error_says_where() -> None:
    error = EventError("v1.CellCreated", "id", "must be a string")
    assert str(error) == "v1.CellCreated: id must be a string"
    assert (error.event, error.field) == ("v1.CellCreated", "id")


def test_a_cell_error_is_what_an_error_output_shows() -> None:
    error = CellError("ValueError: no", ename="ValueError", evalue="no", traceback=["a", "b"])
    assert (error.ename, error.evalue, error.traceback) == ("ValueError", "no", ("a", "b"))
    own = CellError("It cannot run.", advice="Change it.")
    assert (own.ename, own.evalue) == ("CellError", "It cannot run. Change it.")
