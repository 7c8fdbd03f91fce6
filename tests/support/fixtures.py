"""Fixtures that conftests import."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.server.llm_server import LLMServer


@pytest.fixture
def llm_server() -> Iterator[LLMServer]:
    """A fresh stand-in model server, listening; see tests/support/server/llm_server.py."""
    with LLMServer() as server:
        yield server
