"""Real servers, asked from CPython by way of httpx."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide import configure
from tests.support.real_servers.httpx_transport import Connect, HttpxTransport
from tests.support.stages.asking import fresh

__all__ = ["fresh"]


@pytest.fixture
def connect(fresh: None) -> Connect:
    """Lets `ask` use a server of OpenAI's APIs, from CPython; returns the transport."""

    def connect_to(base_url: str, **settings: Any) -> HttpxTransport:
        transport = HttpxTransport()
        own = {"base_url": base_url, **settings}
        configure({"providers": {"openai": own}}, transport=transport)
        return transport

    return connect_to
