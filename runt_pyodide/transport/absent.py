"""The transport where there is none: what says so."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from ..errors import ConfigError
from . import Request, Response, Transport


def find_transport() -> Transport:
    """Pyodide's fetch; outside of Pyodide, what says that it is missing when it is needed."""
    try:
        from .pyfetch import PyfetchTransport
    except ImportError:
        return AbsentTransport()
    return PyfetchTransport()


class AbsentTransport:
    """Sends nothing: raises ConfigError."""

    def send(self, request: Request) -> AbstractAsyncContextManager[Response]:
        raise ConfigError(
            f"There is no Pyodide here whose fetch could send a request to {request.url}.",
            advice=(
                "Run this in Pyodide (JupyterLite, PyScript, Node), pass a transport to "
                "configure(transport=...), or ask the Test provider: configure('test')."
            ),
        )
