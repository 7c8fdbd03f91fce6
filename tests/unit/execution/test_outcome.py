"""How an execution ended, and how its error is shown."""

from __future__ import annotations

import asyncio

import pytest

from runt_pyodide.errors import CellError, ConfigError
from runt_pyodide.execution.outcome import Cancelled, Failure, Success, outcome_of


async def ended(error: BaseException | None) -> asyncio.Task[None]:
    async def run() -> None:
        if error is not None:
            raise error

    task = asyncio.create_task(run())
    await asyncio.wait([task])
    return task


async def test_a_task_ends_in_one_of_three_ways() -> None:
    error = ValueError("no")
    assert outcome_of(await ended(None)) == Success()
    assert outcome_of(await ended(asyncio.CancelledError())) == Cancelled()
    assert outcome_of(await ended(error)) == Failure(error)
    assert (Success.status, Cancelled.status, Failure.status) == ("success", "cancelled", "error")


@pytest.mark.parametrize(
    ("error", "described"),
    [
        (CellError("It failed.", ename="E", evalue="v", traceback=["t"]), ("E", "v", ["t"])),
        (
            ConfigError("No key.", advice="Enter one."),
            ("ConfigError", "No key. Enter one.", []),
        ),
    ],
)
def test_an_error_of_ours_says_all_itself(
    error: Exception, described: tuple[str, str, list[str]]
) -> None:
    assert Failure(error).describe() == described


async def test_what_was_not_expected_is_shown_with_its_traceback() -> None:
    failure = outcome_of(await ended(KeyError("x")))
    assert isinstance(failure, Failure)
    ename, evalue, lines = failure.describe()
    assert (ename, evalue) == ("KeyError", "'x'")
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-1] == "KeyError: 'x'"


def test_an_error_whose_text_fails_is_told_all_the_same() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise ValueError

    failure = Failure(Mute())
    assert failure.message == "(its text cannot be shown: __str__ raised ValueError)"
    assert failure.describe()[:2] == ("Mute", failure.message)
