"""%pip in CPython asks pip."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import Any

import pytest

from runt_pyodide.command_line.installed_packages import InstalledPackages
from runt_pyodide.errors import CellError, RuntError
from runt_pyodide.python.packages import Installation


async def test_what_is_there_is_loaded_and_what_is_not_is_named() -> None:
    packages = InstalledPackages()
    await packages.load("IPython")
    with pytest.raises(RuntError, match="not installed here"):
        await packages.load("no_such_module")


async def test_without_ipython_it_says_which_extra_brings_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "runt_pyodide.command_line.installed_packages.find_spec", lambda _name: None
    )
    with pytest.raises(RuntError, match=r"pip install 'runt-pyodide\[cpython\]'"):
        await InstalledPackages().load("IPython")


async def test_what_is_installed_already_is_told() -> None:
    told: list[str] = []
    wanted = Installation(["pytest"], index_urls=["http://127.0.0.1:9/simple"])
    await InstalledPackages().install(wanted, told.append, str)
    assert told == ["Installing pytest", "Everything was installed already"]
    assert ("pytest", pytest.__version__) in InstalledPackages().list()


async def test_what_pip_says_is_the_error() -> None:
    wanted = Installation(["not a requirement"])
    with pytest.raises(CellError, match=r"%pip install failed: .*not a requirement"):
        await InstalledPackages().install(wanted, str, str)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Installation(["a", "b"]), ["--", "a", "b"]),
        (
            Installation(["a"], upgrade=True, pre=True, dependencies=False),
            ["--upgrade", "--pre", "--no-deps", "--", "a"],
        ),
        (
            Installation(["a"], index_urls=["one", "two"], extra_index_urls=["three"]),
            [
                *("--index-url", "one", "--extra-index-url", "two", "--extra-index-url", "three"),
                *("--", "a"),
            ],
        ),
        (Installation(["a"], extra_index_urls=["one"]), ["--extra-index-url", "one", "--", "a"]),
    ],
)
async def test_options_become_those_of_pip(
    monkeypatch: pytest.MonkeyPatch, wanted: Installation, expected: Sequence[str]
) -> None:
    asked: list[Sequence[str]] = []

    class Process:
        returncode = 0

        async def communicate(self) -> tuple[bytes, None]:
            return b"", None

    async def start(*arguments: str, **_: Any) -> Process:
        asked.append(arguments)
        return Process()

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    await InstalledPackages().install(wanted, str, str)
    (arguments,) = asked
    assert arguments[:4] == (sys.executable, "-m", "pip", "install")
    assert [*arguments[7:]] == [*expected]
