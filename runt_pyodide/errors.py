"""Every exception that this package raises on purpose.

    RuntError
    ├── EventError                  an event that cannot be read, or names what is not there
    ├── ArgumentError               a function was called with what it does not take
    ├── ConfigError                 a configuration that cannot be used
    ├── CellError                   a cell that cannot run, or whose code raised
    │   └── StoppedError            an AI cell of an IPython shell that a person stopped
    ├── FileError                   a file, or a pickle, that cannot be read as what it should hold
    ├── LimitError                  a run that was ended because it reached a limit
    ├── ToolArgumentsError          a tool was called with arguments that it cannot take
    ├── ApprovalError               a tool was called that asks first, and nobody can be asked
    ├── AnswerError                 an answer that is not of the type that was asked for
    └── ProviderError               a request to a model that did not end well
        ├── AuthenticationError     401: no key, or one that the service does not know
        ├── PermissionDeniedError   403: the key may not do this
        ├── ModelNotFoundError      404: no such model, or no such path
        ├── BadRequestError         400, 409, 413, 422: the service refuses the request
        │   ├── ContextLengthError  the prompt is longer than the model's window
        │   └── NotRecordedError    the cassette that is played has no answer to it
        ├── ContentFilterError      the service refuses the content
        ├── RateLimitError          429: too many requests; ``retry_after`` says how long to wait
        │   └── QuotaExceededError  402, 429: the quota is used up; waiting does not help
        ├── ServerError             5xx
        │   └── OverloadedError     503, 529
        ├── NetworkError            no answer: no such host, connection refused or reset
        │   ├── OfflineError        this machine is not on the network
        │   ├── MixedContentError   the browser does not let an https page request http
        │   ├── LocalNetworkError   the browser keeps this page from the local network
        │   └── CorsError           the host is there, but this page may not read its answers
        ├── ModelSlipError          the model said nothing, or made a call that broke
        ├── RequestTimeoutError     no byte came for too long
        ├── CutStreamError          the answer broke off before its end
        └── ProtocolError           an answer that is not what the service's protocol says

The message of each says what happened, and its ``advice`` what to do next; ``str()`` gives both.
Neither ever contains a key.
"""

from __future__ import annotations

import asyncio
import copyreg
import sys
from collections.abc import Mapping, Sequence
from typing import Any


class Interrupt(KeyboardInterrupt, asyncio.CancelledError):
    """What a stop raises in the user's code, where it is no error. It is a KeyboardInterrupt, as in
    any notebook, and a CancelledError, since code that awaits, and asyncio itself, clean up after
    that."""


Interrupt.__name__ = Interrupt.__qualname__ = "KeyboardInterrupt"
Interrupt.__module__ = "builtins"


def is_stop(error: BaseException | None) -> bool:
    """Return whether an exception is a stop, not a KeyboardInterrupt that the code itself raised.
    The two can be told apart in the browser, and wherever stops are marked."""
    return isinstance(error, Interrupt if _stops_are_marked else KeyboardInterrupt)


_stops_are_marked = sys.platform == "emscripten"


def mark_stops(marked: bool) -> None:
    """Say whether each stop is an ``Interrupt`` from here on."""
    global _stops_are_marked
    _stops_are_marked = marked or sys.platform == "emscripten"


class RuntError(Exception):
    """The root of the tree.

    ``message`` is one or more whole sentences; ``advice`` says what to do next, or is empty. If
    ``ask`` raises the error, ``answer`` is what was said by then: an `Answer`, with the calls, the
    usage and the price.
    """

    advice = ""
    answer: Any = None

    def __init__(self, message: str, *, advice: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if advice is not None:
            self.advice = advice

    def __str__(self) -> str:
        return f"{self.sentence} {self.advice}" if self.advice else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        # An exception is pickled as a call with its text, and some of these take more than that.
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]

    @property
    def sentence(self) -> str:
        """The message with a full stop: services do not always end their sentences."""
        said = self.message.rstrip()
        ended = said.rstrip("\"'`)]}").endswith((".", "!", "?", ":", "…", "。"))
        return said if ended else f"{said}."


class EventError(RuntError):
    """An event that cannot be read. No part of it was applied.

    ``event`` is its name ("?" if it has none), ``field`` the dotted path to what is wrong.
    """

    def __init__(self, event: str, field: str, problem: str) -> None:
        super().__init__(f"{event}: {field} {problem}")
        self.event = event
        self.field = field


class ArgumentError(RuntError, TypeError, ValueError):
    """A function of this package was called with an option that it does not have, or with a value
    that it does not take; the message says what is expected. Nothing was sent."""


class ConfigError(RuntError):
    """A configuration that cannot be used; the message names the key and the known ones."""


class CellError(RuntError):
    """A cell that cannot run, or whose code raised. In the second case ``ename`` and ``evalue`` are
    the exception's name and text, and ``traceback`` its lines, as an error output shows them."""

    def __init__(
        self,
        message: str,
        *,
        advice: str | None = None,
        ename: str = "CellError",
        evalue: str | None = None,
        traceback: Sequence[str] = (),
    ) -> None:
        super().__init__(message, advice=advice)
        self.ename = ename
        self.evalue = str(self) if evalue is None else evalue
        self.traceback = tuple(traceback)


class StoppedError(CellError):
    """An AI cell that a person stopped. It fails, so that no cell below runs as if it had
    answered."""


class FileError(RuntError, ValueError):
    """A file, or a pickle, that cannot be read as what it should hold: a notebook, a conversation,
    an answer."""


class LimitError(RuntError):
    """A run that was ended because it reached a limit; the message names the limit."""


class ToolArgumentsError(RuntError):
    """A tool was called with arguments that it cannot take; the message tells the model that called
    it what is wrong with each."""


class ApprovalError(RuntError):
    """A model called a ``tool``, with these ``arguments``, that asks a person first, and nobody can
    be asked."""

    def __init__(self, tool: str, arguments: Mapping[str, Any]) -> None:
        super().__init__(
            f"The model called the tool {tool!r}, which asks first, and nobody can be asked here.",
            advice=(
                f"Allow it, with configure(tools={{{tool!r}: 'auto'}}) or ask(..., tools=[...]), "
                "or decide with ask(..., approve=...): a function, True or False. On the command "
                f"line, use --allow {tool}."
            ),
        )
        self.tool = tool
        self.arguments = dict(arguments)


class AnswerError(RuntError):
    """An answer that is not of the type that was asked for; the message names each fault."""

    advice = "Ask again, ask another model, or ask for a simpler type."


class ProviderError(RuntError):
    """A request to a model that did not end well.

    ``status`` is the HTTP status (None if there was no answer). ``provider``, ``model`` and ``url``
    are what was asked; the provider fills them in. ``request_id`` is what the service's support
    asks for, if a page may read it. ``retry_after`` is the wait in seconds that the service asks
    for, and ``should_retry`` whether to retry, if the service says so.
    """

    def __init__(
        self,
        message: str,
        *,
        advice: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        should_retry: bool | None = None,
    ) -> None:
        super().__init__(message, advice=advice)
        self.status = status
        self.request_id = request_id
        self.retry_after = retry_after
        self.should_retry = should_retry
        self.provider: str | None = None
        self.model: str | None = None
        self.url: str | None = None


class AuthenticationError(ProviderError):
    advice = "Check the API key in the AI settings: is it complete, valid, and for this service?"


class PermissionDeniedError(ProviderError):
    advice = "Use a key that has access to this model, or choose another model."


class ModelNotFoundError(ProviderError):
    advice = "Check the model's name and the base URL (most end in /v1) in the AI settings."


class BadRequestError(ProviderError):
    """``param`` is the request's parameter that the service complains about, if it names one."""

    advice = "Change the settings that the service complains about, or choose another model."
    param: str | None = None


class ContextLengthError(BadRequestError):
    """``window`` is how many tokens the model takes, ``tokens`` how many the request had; each is
    None if the service does not say."""

    advice = (
        "Hide cells above from AI, clear long outputs, or choose a model with a larger context "
        "window."
    )
    window: int | None = None
    tokens: int | None = None


class NotRecordedError(BadRequestError):
    """A cassette is played, and it has no answer to the request. Nobody was asked."""

    advice = "Undo the change, or record it again."


class ContentFilterError(ProviderError):
    advice = "Rephrase the prompt, or choose another model."


class RateLimitError(ProviderError):
    advice = "Wait a moment, then run the cell again."


class QuotaExceededError(RateLimitError):
    advice = "Waiting does not help: check the plan and billing of the account that the key is for."


class ServerError(ProviderError):
    advice = "The fault is the server's: run the cell again, or check the server's log."


class OverloadedError(ServerError):
    """``loading`` says that the server is still loading the model, and ``patience`` for how many
    seconds that is worth waiting for, all retries together."""

    advice = "Wait a moment, then run the cell again, or choose another model."
    loading: bool = False
    patience: float = 120.0


class NetworkError(ProviderError):
    """``may_be_cors`` says that there may be an answer, which the browser keeps from the page.
    ``origin`` is the page's, as a server would have to allow it; empty if it is not known, or if
    the server allows it already."""

    advice = "Check the network and the base URL, and that the server is running."
    may_be_cors = False
    origin = ""


class OfflineError(NetworkError):
    advice = "Connect this machine to the network and run the cell again."


class MixedContentError(NetworkError):
    advice = "Use an https address for the server, or open this page over http."


class LocalNetworkError(NetworkError):
    advice = "Allow this page to access the local network, in the browser's site settings."


class CorsError(NetworkError):
    may_be_cors = True
    advice = "Allow this page's origin on the server (CORS), or use a server that does."

    def __init__(self, message: str, *, advice: str | None = None, origin: str = "") -> None:
        super().__init__(message, advice=advice)
        self.origin = origin


class ModelSlipError(ProviderError):
    """The service is well and the request is, too, but the model's answer is of no use: it is asked
    once more, and then another provider is."""

    advice = "Run the cell again, rephrase the prompt, or choose another model."


class RequestTimeoutError(ProviderError):
    advice = "Run the cell again; if the model is slow, raise `timeout` in the provider's settings."


class CutStreamError(ProviderError):
    advice = "Run the cell again for a complete answer."


class ProtocolError(ProviderError):
    advice = "Check that the base URL points to an API of the chosen kind."
