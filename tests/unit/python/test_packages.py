"""What became of an installation is told in the same words by every Python."""

from __future__ import annotations

import pytest

from runt_pyodide.python.packages import Versions, say_installed, say_uninstalled


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
