"""The pytest fixture ``cassette``: what a test asks models is recorded once, then played.

    async def test_the_sky(cassette):
        assert "scatter" in await ask("Why is the sky blue?")

The file is ``cassettes/<file of the test>/<name of the test>.json``, beside the file of the test.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from ..llm.playback.deck import Deck, Mode
from ..llm.test.script import runs_in_ci

_FAILED = pytest.StashKey[BaseException]()
_UNSAFE = re.compile(r"[^\w.-]+")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("runt-pyodide").addoption(
        "--cassette-mode",
        choices=get_args(Mode),
        help="what the fixture `cassette` sends to models: all requests (and records them again), "
        "new ones, those of tests that have no cassette yet (once), or none. The default is once, "
        "and none where the environment variable CI is set.",
    )
    parser.addini(
        "cassettes", "the folder of cassettes beside each file of tests", None, "cassettes"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, Any, Any]:
    if call.when == "call" and call.excinfo is not None:
        item.stash[_FAILED] = call.excinfo.value
    return (yield)


@pytest.fixture
def cassette(request: pytest.FixtureRequest) -> Iterator[Deck]:
    """Record what the test asks models, or play it if it was recorded: see `record`. If the test
    fails while it is recorded again, its cassette stays as it was."""
    node = request.node
    mode: Mode = request.config.getoption("--cassette-mode") or (
        "none" if runs_in_ci(os.environ) else "once"
    )
    how = f'pytest --cassette-mode=all "{node.nodeid}"'
    deck = Deck(_path_of(node, request.config.getini("cassettes")), mode, how=how).start()
    yield deck
    deck.stop(node.stash.get(_FAILED, None))


def _path_of(node: pytest.Item, folder: str) -> Path:
    name = node.nodeid.partition("::")[2].replace("::", ".")
    return node.path.parent / folder / node.path.stem / f"{_UNSAFE.sub('-', name).strip('-')}.json"
