"""The transport where there is none: what says so."""

from __future__ import annotations

import re
import sys
from contextlib import AbstractAsyncContextManager

from ...errors import ConfigError
from .base import Request, Response, Transport

# From this one on, an answer to pyfetch can be aborted.
_OLDEST = (0, 27)
_INSTEAD = (
    "pass a transport to configure(transport=...), or ask the Test provider: configure('test')."
)


def find_transport() -> Transport:
    """Pyodide's fetch; outside of Pyodide, or in one that is too old for it, what says so when it
    is needed."""
    version = str(getattr(sys.modules.get("pyodide"), "__version__", ""))
    if not version:
        return AbsentTransport(
            "There is no Pyodide here",
            f"Run this in Pyodide (JupyterLite, PyScript, Node), {_INSTEAD}",
        )
    numbers = tuple(int(one) for one in re.findall(r"\d+", version)[:2])
    if numbers < _OLDEST:
        return AbsentTransport(
            f"This is Pyodide {version}, which is too old",
            f"Use Pyodide {'.'.join(map(str, _OLDEST))} or newer, by a newer JupyterLite or "
            f"PyScript for example, {_INSTEAD}",
        )
    from .pyfetch import PyfetchTransport

    return PyfetchTransport()


class AbsentTransport:
    """Sends nothing: raises ConfigError, with the reason and the advice."""

    def __init__(self, reason: str, advice: str) -> None:
        self._reason = reason
        self._advice = advice

    def send(self, request: Request) -> AbstractAsyncContextManager[Response]:
        raise ConfigError(
            f"{self._reason}: a request to {request.url} cannot be sent.", advice=self._advice
        )
