"""If nothing can be sent, the first request says why, and what to do."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from runt_pyodide.errors import ConfigError
from runt_pyodide.llm.transport.absent import AbsentTransport, find_transport
from runt_pyodide.llm.transport.base import Request


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (
            None,
            r"The package httpx is not installed here: a request to http://x cannot be sent. "
            r"Install it: pip install 'runt-pyodide\[cpython\]'",
        ),
        ("0.26.4", "This is Pyodide 0.26.4, which is too old: a request .* Use Pyodide 0.27 or"),
        ("0.9", "too old"),
    ],
)
def test_what_is_missing_is_said(
    monkeypatch: pytest.MonkeyPatch, version: str | None, said: str
) -> None:
    monkeypatch.setattr("runt_pyodide.llm.transport.absent.find_spec", lambda _name: None)
    if version is not None:
        monkeypatch.setitem(sys.modules, "pyodide", SimpleNamespace(__version__=version))  # type: ignore[arg-type]
    transport = find_transport()
    assert isinstance(transport, AbsentTransport)
    with pytest.raises(ConfigError, match=said) as caught:
        transport.send(Request("GET", "http://x"))
    assert "configure('test')" in str(caught.value)
