"""Calls that repeat without progress."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Iterator
from random import Random

import pytest

from runt_pyodide.ai.turns.repeats import Repeats
from runt_pyodide.errors import LimitError

Call = tuple[str, str, str]


def count_until_enough(calls: Iterable[Call], *, failed: bool = False) -> int | None:
    """Return how many calls are made before the run is ended; None if it is not. Calls of "create"
    and "modify" change the notebook."""
    repeats = Repeats()
    for made, (name, arguments, result) in enumerate(calls, 1):
        changes = name in ("create", "modify")
        try:
            repeats.add(name, arguments, result, failed=failed, changes=changes)
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


def in_turn(*calls: Callable[[int], Call]) -> list[Call]:
    return [one(n) for n in range(30) for one in calls]


def create(n: int) -> Call:
    return "create", "print(1)", '{"done": "created"}'


def look(n: int) -> Call:
    """Look at what has been done: it is never the same again."""
    return "list_cells", "{}", f"{n} cells"


@pytest.mark.parametrize(
    ("calls", "made"),
    [
        # What a change made again does is no progress, however it looks afterwards.
        (in_turn(create, look), 7),
        (in_turn(create, look, lambda n: ("run", "{}", f"{n} rows")), 10),
        (in_turn(create, lambda n: ("modify", "a", '{"done": "modified"}'), look), 10),
        ([create(0), look(0), create(1), look(1), ("read", "b", ""), create(2), look(2)], None),
        (in_turn(create, lambda n: ("create", str(n), '{"done": "created"}')), None),
        # What waits for something else may wait longer, but not for ever.
        (in_turn(lambda n: ("sleep", "1", "ok"), look), 20),
        (in_turn(look), 10),
    ],
)
def test_the_same_again_is_not_new_because_it_can_be_seen(
    calls: list[Call], made: int | None
) -> None:
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


def random_id(kind: str, n: int) -> str:
    """An id as libraries and services make them."""
    letters, rest = {
        "ULID": ("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 16),
        "nanoid": (string.ascii_letters + string.digits + "_-", 21),
        "request": (string.ascii_letters + string.digits, 24),
        "short hash": (string.hexdigits[:16], 8),
        "base 36": (string.digits + string.ascii_lowercase, 10),
    }[kind]
    drawn = Random(f"{kind} {n}")
    made = "".join(drawn.choice(letters) for _ in range(rest))
    return {"ULID": "01ARZ3NDEK", "request": "req_011"}.get(kind, "") + made


@pytest.mark.parametrize("kind", ["ULID", "nanoid", "request", "short hash", "base 36"])
@pytest.mark.parametrize("text", ["{id}", '{{"job": "{id}", "state": "done"}}', "see {id}, {id}."])
def test_an_id_of_any_form_hides_no_repetition(text: str, kind: str) -> None:
    """Now and then, chance makes one look like a word or an amount, which counts as a result."""

    def calls(start: int) -> Iterator[Call]:
        ids = (random_id(kind, start + n) for n in range(12))
        return (("run", "{}", text.format(id=one)) for one in ids)

    counts = [count_until_enough(calls(start)) for start in range(0, 1200, 12)]
    assert counts.count(3) >= 85
    assert all(made is not None and made <= 10 for made in counts)
    errors = (("run", str(n), result) for n, (_, _, result) in enumerate(calls(0)))
    assert count_until_enough(errors, failed=True) == 3


@pytest.mark.parametrize(
    "results",
    [
        ["3 h left", "2 h left", "1 h left"],
        ["30 s left", "20 s left", "10 s left"],
        ["5 min remaining", "4 min remaining", "3 min remaining"],
        ["north", "south", "eastern"],
        ["file1.csv", "file2.csv", "file3.csv"],
        ["1234MB", "9876MB", "5555MB"],
        ["float32", "float64", "complex"],
        ["(3x4x5)", "(3x4x6)", "(9x4x5)"],
        ["10x20", "35x48", "1920x1080"],
        ["1.25e-05", "3.75e-07", "9.11e-09"],
        ["SKU-1001 red", "SKU-1001 blue", "SKU-1001 lime"],
    ],
)
def test_words_and_amounts_are_results(results: list[str]) -> None:
    assert count_until_enough(("next", "{}", one) for one in results) is None


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
