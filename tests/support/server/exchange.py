"""What a test sees of one request and its answer, from its own thread."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.support.server.scenario import Scenario

State = Literal["waiting", "streaming", "completed", "closed_by_client", "cut", "stopped", "failed"]
WAIT = 60.0  # s: when a test gives up, on a machine that may have much other work


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request as it arrived.

    Header names are in lower case. `json` is the parsed body, None if it is not JSON. `at` is
    the time of arrival in seconds of the monotonic clock, `number` the place among all requests,
    preflights included.
    """

    number: int
    at: float
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    json: Any
    query: str = ""


class Gate:
    """Holds a stream until the test lets deltas pass; it can be used from any thread."""

    def __init__(self, passes: float = math.inf) -> None:
        self._lock = threading.Lock()
        self._reached = threading.Condition(self._lock)
        self._passes = passes
        self._held: tuple[int, asyncio.AbstractEventLoop, asyncio.Event] | None = None

    def open(self) -> None:
        """Let everything pass, now and later."""
        with self._lock:
            self._let(math.inf)

    def advance(self, deltas: int = 1) -> None:
        """Let this many more deltas pass, then hold again."""
        with self._lock:
            self._let(self._passes + deltas)

    def wait_held(self, timeout: float = WAIT) -> int:
        """Wait until the stream is held at the gate; return the number of deltas sent so far.

        Raises TimeoutError.
        """
        with self._reached:
            if not self._reached.wait_for(lambda: self._held is not None, timeout):
                raise TimeoutError(f"the stream did not come to the gate within {timeout} s")
            assert self._held is not None
            return self._held[0]

    async def passing(self, index: int) -> None:
        """For the server: return when the delta with this index may be sent."""
        wake = asyncio.Event()
        with self._lock:
            if index < self._passes:
                return
            self._held = (index, asyncio.get_running_loop(), wake)
            self._reached.notify_all()
        try:
            await wake.wait()
        finally:
            with self._lock:
                self._held = None

    def _let(self, passes: float) -> None:
        self._passes = passes
        if self._held is not None and self._held[0] < passes:
            _, loop, wake = self._held
            self._held = None
            loop.call_soon_threadsafe(wake.set)


@dataclass(eq=False, slots=True)
class Exchange:
    """One chat request and its answer. Made by `LLMServer.enqueue`, or when a request comes.

    state: waiting (no request yet), streaming (answering, hanging or held), completed (all of the
    answer was handed to the socket), closed_by_client (the client went before that), cut (the
    scenario cut the connection), stopped (the server was stopped), failed (a fault of the server).
    A client can have the last byte a moment before the state says so: ask `wait_closed`.
    """

    scenario: Scenario
    gate: Gate
    state: State = "waiting"
    _request: RecordedRequest | None = None
    _closed_at: float | None = None
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def request(self) -> RecordedRequest:
        """The request; raises RuntimeError if none has arrived yet."""
        if self._request is None:
            raise RuntimeError("no request has come for this exchange: call wait_started() first")
        return self._request

    @property
    def started(self) -> bool:
        """Whether its request has arrived."""
        return self.state != "waiting"

    @property
    def closed(self) -> bool:
        """Whether the answer has ended, in whatever way."""
        return self.state not in ("waiting", "streaming")

    @property
    def completed(self) -> bool:
        """Whether all of the answer was sent."""
        return self.state == "completed"

    @property
    def closed_by_client(self) -> bool:
        """Whether the client closed the connection before all of the answer was sent."""
        return self.state == "closed_by_client"

    @property
    def closed_at(self) -> float:
        """When it ended, in seconds of the monotonic clock; raises RuntimeError before that."""
        if self._closed_at is None:
            raise RuntimeError("the exchange has not ended: call wait_closed() first")
        return self._closed_at

    def wait_started(self, timeout: float = WAIT) -> RecordedRequest:
        """Wait for the request and return it. Raises TimeoutError."""
        self._wait("started", timeout)
        return self.request

    def wait_closed(self, timeout: float = WAIT) -> State:
        """Wait until the answer has ended, and return how (never empty). Raises TimeoutError."""
        self._wait("closed", timeout)
        return self.state

    def begin(self, request: RecordedRequest) -> None:
        """For the server: the request has arrived."""
        with self._changed:
            self._request = request
            self.state = "streaming"
            self._changed.notify_all()

    def end(self, state: State) -> None:
        """For the server: the answer has ended in this way. The first end counts."""
        with self._changed:
            if not self.closed:
                self.state = state
                self._closed_at = time.monotonic()
                self._changed.notify_all()

    def _wait(self, what: Literal["started", "closed"], timeout: float) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: getattr(self, what), timeout):
                raise TimeoutError(f"the exchange is still {self.state} after {timeout} s")
