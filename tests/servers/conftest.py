"""Real servers: each is started for the tests of a module that asks for it, and ended after them.

`play` says at once what its script holds (tests/support/real_servers/plays.py); `smollm2` is a real
model, and slow.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.real_servers.process import ServerProcess
from tests.support.real_servers.programs import PLAY, SMOLLM2, llama_server


@pytest.fixture(scope="module")
def play() -> Iterator[ServerProcess]:
    """llama-server with the scripted model, for which each byte of a prompt is a token."""
    with llama_server(PLAY, "--ctx-size", "200000") as server:
        yield server


@pytest.fixture(scope="module")
def smollm2() -> Iterator[ServerProcess]:
    """llama-server with SmolLM2, and a window of 4,096 tokens."""
    with llama_server(SMOLLM2, "--ctx-size", "4096") as server:
        yield server
