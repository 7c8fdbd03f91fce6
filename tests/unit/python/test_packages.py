"""What became of an installation is told in the same words by every Python."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.python.packages import LoadProgress, Versions, say_installed, say_uninstalled


@pytest.mark.parametrize(
    ("some", "installed", "uninstalled"),
    [
        ({("b", "2"), ("a", "1")}, "Installed a-1 b-2", "Uninstalled a-1 b-2"),
        (set(), "Everything was installed already", "None of it was installed"),
    ],
)
def test_what_is_told(some: Versions, installed: str, uninstalled: str) -> None:
    told: list[str] = []
    say_installed(some, told.append)
    say_uninstalled(some, told.append)
    assert told == [installed, uninstalled]


def package(name: str, count: int, size: int | None = None) -> dict[str, Any]:
    report = {"name": name, "version": "1.0", "bytes": count}
    return report if size is None else report | {"size": size}


def failure(name: str, missing: str, predicate: str = "could not be had") -> dict[str, Any]:
    told = {"missing": missing, "predicate": predicate, "advice": "Wait."}
    return {"name": name, "version": "1.0", "imports": [name, f"_{name}"], **told}


def test_the_progress_of_packages_is_told_in_words_and_sizes() -> None:
    shown: list[str] = []
    progress = LoadProgress(shown.append)
    progress.end()
    for packages in (
        [package("a", 0)],
        [package("a", 999), package("b", 0)],
        [package("a", 999), package("b", 0)],
        [package("a", 1_000, 1_000), package("b", 500_000, 2_500_000), package("c", 0, 10_000)],
        [package("a", 1_000, 1_000), package("b", 2_500_000, 2_500_000)],
    ):
        progress.take({"packages": packages, "failures": []})
    progress.end()
    assert shown == [
        "Loading a 1.0",
        "Loading a 1.0 and b 1.0: 1 kB so far",
        "Loading a 1.0, b 1.0 and c 1.0: 501 kB of 2.5 MB",
        "Loading a 1.0 and b 1.0: 2.5 MB of 2.5 MB",
        "Loaded a 1.0 (1 kB) and b 1.0 (2.5 MB)",
    ]


def test_what_could_not_be_loaded_is_told_once_for_each_reason() -> None:
    shown: list[str] = []
    progress = LoadProgress(shown.append)
    failures = [
        failure("a", "a 1.0"),
        failure("b", "b 1.0"),
        failure("c", "d 1.0", "is gone"),
        failure("d", "d 1.0", "is gone"),
        failure("e", "d 1.0", "is gone"),
    ]
    progress.take({"packages": [package("a", 0)], "failures": failures})
    assert progress.complaints == [
        "a 1.0 and b 1.0 could not be had. Wait.",
        "c 1.0 and e 1.0 need d 1.0, which is gone. Wait.",
    ]
    assert progress.unloaded >= {"a", "_a", "e"}
    progress.end()
    assert shown == ["Could not load a 1.0, b 1.0, c 1.0, d 1.0 and e 1.0"]
