"""Calls that repeat without progress."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from runt_pyodide.ai.turns.repeats import Repeats
from runt_pyodide.errors import LimitError

Call = tuple[str, str, str]


def count_until_enough(calls: Iterable[Call], *, failed: bool = False) -> int | None:
    """Return how many calls are made before the run is ended; None if it is not."""
    repeats = Repeats()
    for made, (name, arguments, result) in enumerate(calls, 1):
        try:
            repeats.add(name, arguments, result, failed=failed)
        except LimitError:
            return made
    return None


LIST, READ = ("list_cells", "{}", "[]"), ("read_cell", '{"cellId": "a"}', "1")


@pytest.mark.parametrize(
    ("calls", "made"),
    [
        ([LIST] * 9, 3),
        ([LIST, READ] * 9, 6),
        ([LIST, READ, ("fly", "{}", "no")] * 9, 9),
        ([LIST, LIST, READ, READ, LIST, LIST], None),
        ([(f"fly_{n}", "{}", "no") for n in range(9)], None),
        ([one for n in range(9) for one in (("modify_cell", str(n), "ok"), LIST)], None),
        ([("run", "{}", str(n)) for n in range(9)], None),
    ],
)
def test_what_was_made_before_is_no_progress(calls: list[Call], made: int | None) -> None:
    assert count_until_enough(calls) == made


@pytest.mark.parametrize(
    "result",
    [
        '{{"cell_id": "{n}-abc", "note": "made"}}',
        '{{"status": "success", "duration_ms": {n}}}',
        "took {n}.5 ms",
        "CPU times: user {n} µs, sys: 0 ns, total: 1{n}.2 s",
        "<object at 0x7f9c{n}>",
        "at 2026-11-30T07:00:0{n}.123Z",
        "at 07:00:0{n}",
        "at 7:0{n} PM",
        "100%|###| 5/5 [00:0{n}<00:00, {n}.25it/s]",
        "saved at 176459187{n}.5312",
        "saved at 176459187{n}123",
        '{{"elapsed": 0.{n}12}}',
        "Out[{n}]: 4",
        "id 1b4e28ba-2fa1-11d2-883f-0016d3cca42{n}",
        'File "Cell In[{n}]", line 1',
    ],
)
def test_ids_times_and_durations_hide_no_repetition(result: str) -> None:
    assert count_until_enough(("run", "{}", result.format(n=n)) for n in range(9)) == 3


@pytest.mark.parametrize(
    "result", ["x = {n}", "[{n}, 2]", "{n} rows", "loss {n}.25", "176459{n}", "a[{n}]: 4"]
)
def test_other_numbers_are_results(result: str) -> None:
    assert count_until_enough(("run", "{}", result.format(n=n)) for n in range(9)) is None


def test_the_same_error_of_different_calls_is_enough_unless_something_went_well() -> None:
    calls = [("run", str(n), "ValueError: no") for n in range(9)]
    assert count_until_enough(calls, failed=True) == 3
    repeats = Repeats()
    for n in range(9):
        repeats.add("run", str(n), "ValueError: no", failed=True)
        repeats.add("read", str(n), "fine", failed=False)
