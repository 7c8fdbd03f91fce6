"""The transport of this Python; of one that cannot send requests, one that says so when one is to
be sent."""

from __future__ import annotations

import re
import sys
from contextlib import AbstractAsyncContextManager
from importlib.util import find_spec

from ...errors import ConfigError
from .base import Request, Response, Transport

# The first in which an answer to pyfetch can be aborted.
_OLDEST = (0, 27)
_INSTEAD = (
    "pass a transport to configure(transport=...), or ask the Test provider: configure('test')."
)


def find_transport() -> Transport:
    """Return the transport by Pyodide's fetch, or outside Pyodide by httpx; without httpx, or in a
    Pyodide that is too old, one that says so when it is needed."""
    version = str(getattr(sys.modules.get("pyodide"), "__version__", ""))
    if not version:
        return _find_httpx()
    numbers = tuple(int(one) for one in re.findall(r"\d+", version)[:2])
    if numbers < _OLDEST:
        return AbsentTransport(
            f"This is Pyodide {version}, which is too old",
            f"Use Pyodide {'.'.join(map(str, _OLDEST))} or newer, by a newer JupyterLite or "
            f"PyScript for example, {_INSTEAD}",
        )
    from .pyfetch import PyfetchTransport

    return PyfetchTransport()


def _find_httpx() -> Transport:
    if find_spec("httpx") is None:
        return AbsentTransport(
            "The package httpx is not installed here",
            f"Install it: pip install 'runt-pyodide[cpython]'. Or {_INSTEAD}",
        )
    from .httpx_client import HttpxTransport

    return HttpxTransport()


class AbsentTransport:
    """Sends nothing, and raises ConfigError with the reason and the advice."""

    def __init__(self, reason: str, advice: str) -> None:
        self._reason = reason
        self._advice = advice

    def send(self, request: Request) -> AbstractAsyncContextManager[Response]:
        address = request.url.partition("?")[0]  # a query may hold a key
        raise ConfigError(
            f"{self._reason}: a request to {address} cannot be sent.", advice=self._advice
        )
