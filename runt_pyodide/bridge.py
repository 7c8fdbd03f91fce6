"""Between a page and the runtime: JSON text in and out.

``connect`` makes a runtime; the page gives it the store's events with ``receive`` and asks things
of it with ``call``. The page's side is ``js/engine.js``.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import traceback
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, Protocol

from pydantic import Field

from .agent import RuntimeAgent
from .asking.ask import ask
from .config import AIConfig
from .errors import ConfigError, EventError, ProviderError, RuntError
from .execution import interrupts
from .llm.doctor import doctor
from .llm.registry import ProviderRegistry
from .llm.settings import ConfigModel
from .llm.transport.pyfetch import PyfetchTransport
from .notebook.events import Event, to_wire
from .notebook.vocabulary import Vocabulary, read_event, word_for_runt
from .python.cell import PythonCell
from .python.pyodide_packages import PyodidePackages
from .sql.cell import SqlCell

_log = logging.getLogger(__name__)

_HOME = "/home"
_DATABASE = f"{_HOME}/notebook.db"


class Host(Protocol):
    """What the page's side offers: a plain object, not one of ours."""

    def arm(self) -> None:
        """Let the page's signal raise KeyboardInterrupt from here on."""

    def disarm(self) -> None:
        """Let it raise nothing, and forget one that came."""

    def emit(self, text: str) -> None:
        """Commit a JSON array of events as one batch."""

    def log(self, level: str, text: str) -> None:
        """Say something to the developer: level info, warning or error."""


class ConnectOptions(ConfigModel):
    """What ``connect`` takes, as JSON. ``interval_ms`` is how long streamed text is joined;
    ``vocabulary`` how events are worded that are written: those that are read may be of either;
    ``index_url`` the package index that the page's packages came from, which %pip asks first."""

    runtime_id: str
    notebook_id: str | None = None
    session_id: str | None = None
    config: Any = None
    index_url: str | None = None
    interval_ms: float = Field(default=50, ge=0)
    vocabulary: Vocabulary = "default"


def connect(options: str, host: Host) -> Bridge:
    """A runtime for the page behind ``host``. Raises ConfigError for a bad configuration.

    The session's files lie in its working directory, ``/home``. Modules among them can be imported,
    but never in the place of one that the runtime may need.
    """
    os.environ["HOME"] = _HOME
    os.chdir(_HOME)
    sys.path[:] = [*filter(None, sys.path), ""]
    return Bridge(ConnectOptions.model_validate_json(options), host)


class Bridge:
    """One runtime, as the page sees it."""

    def __init__(self, options: ConnectOptions, host: Host) -> None:
        interrupts.connect(host.arm, host.disarm)
        self._host = host
        self._transport = PyfetchTransport()
        self._unknown: set[str] = set()
        self._vocabulary = options.vocabulary
        self._logs = _HostLogs(host)
        self._packages = PyodidePackages(options.index_url)
        python = PythonCell(self._packages)
        config = AIConfig.read(options.config)
        ask.session.configure(config)
        self._agent = RuntimeAgent(
            self._emit,
            self._providers(config),
            runtime_id=options.runtime_id,
            session_id=options.session_id,
            interval=options.interval_ms / 1000,
            executors={
                "code": python,
                "sql": SqlCell(_DATABASE, python.namespace, python.variables),
            },
            rules=config.rules,
            variables=python.variables,
        )
        self._methods: dict[str, Callable[..., Awaitable[Any]]] = {
            "start": self._start,
            "configure": self._configure,
            "models": self._models,
            "doctor": self._doctor,
            "interrupt": self._agent.interrupt,
            "continueRun": self._continue_run,
            "undo": self._undo,
            "explain": self._explain,
            "cassette": self._cassette,
            "complete": python.complete,
            "inspect": python.inspect,
            "stop": self._stop,
        }
        logging.getLogger("runt_pyodide").addHandler(self._logs)

    def receive(self, text: str) -> None:
        """Take a batch of the store's events, a JSON array.

        An event that cannot be read is passed over with an error to the log, and the rest counts.
        """
        events = (self._parse_event(wire) for wire in json.loads(text))
        self._agent.receive([event for event in events if event is not None])

    async def call(self, method: str, params: str) -> str:
        """Do what the page asks; gives JSON text, {"result"} or {"error": {name, message}}."""
        try:
            if method not in self._methods:
                raise RuntError(
                    f"There is no method {method!r}; known: {', '.join(self._methods)}."
                )
            return json.dumps({"result": await self._methods[method](**json.loads(params))})
        except Exception as error:  # noqa: BLE001 -- a border: it goes on as text
            if not isinstance(error, RuntError):
                _log.error("%s failed:\n%s", method, "".join(traceback.format_exception(error)))
            return json.dumps({"error": {"name": type(error).__name__, "message": str(error)}})

    async def _start(self, reason: str | None = None, stopped: Sequence[str] = ()) -> Any:
        self._agent.start(reason, stopped)
        self._background = asyncio.ensure_future(self._prefetch())
        return {"sessionId": self._agent.session_id}

    async def _prefetch(self) -> None:
        """Load what the first Python cell will want, while nobody waits for it; to import it, which
        takes long and holds up all else, is left to the cell."""
        with suppress(RuntError):
            await self._packages.load_ipython()

    async def _configure(self, config: Any) -> None:
        read = AIConfig.read(config)
        ask.session.configure(read)
        self._agent.providers, self._agent.rules = self._providers(read), read.rules

    async def _models(self, provider: str | None = None) -> list[dict[str, Any]]:
        providers = self._agent.providers
        if provider is not None:
            asked = providers.require(provider)
            if missing := asked.missing():
                raise ConfigError(missing, advice="Enter it in the AI settings.")
            return [model.to_json() for model in await asked.list_models()]
        known = []
        for one, listed in await providers.list_models():
            if isinstance(listed, ProviderError):
                _log.warning("The models of %s are not known. %s", one.name, listed)
            else:
                known += [model.to_json() for model in listed]
        return known

    async def _doctor(self, provider: str) -> dict[str, Any]:
        return (await doctor(self._agent.providers.require(provider))).to_json()

    async def _stop(self) -> None:
        await self._agent.stop()
        logging.getLogger("runt_pyodide").removeHandler(self._logs)

    async def _continue_run(self, cell_id: str) -> str:
        return self._agent.continue_run(cell_id)

    async def _undo(self, run_id: str) -> dict[str, Any]:
        return self._agent.undo(run_id)

    async def _explain(self, cell_id: str) -> str:
        return self._agent.explain(cell_id)

    async def _cassette(self, run_id: str) -> str:
        return self._agent.cassette(run_id).to_json()

    def _providers(self, config: AIConfig) -> ProviderRegistry:
        return ProviderRegistry.from_config(config, self._transport)

    def _emit(self, events: Iterable[Event]) -> None:
        if self._vocabulary == "runt":
            events = word_for_runt(events, self._agent.notebook.kind_of)
        self._host.emit(json.dumps([to_wire(event) for event in events], allow_nan=False))

    def _parse_event(self, wire: Any) -> Event | None:
        try:
            event = read_event(wire)
        except EventError as error:
            _log.error("An event was refused. %s", error)
            return None
        if event is None and wire["name"] not in self._unknown:
            self._unknown.add(wire["name"])
            _log.warning("Events named %r are not known here and passed over.", wire["name"])
        return event


class _HostLogs(logging.Handler):
    """Hand what the package logs to the page's console."""

    def __init__(self, host: Host) -> None:
        super().__init__(logging.WARNING)
        self._host = host

    def emit(self, record: logging.LogRecord) -> None:
        level = "error" if record.levelno >= logging.ERROR else "warning"
        self._host.log(level, self.format(record))
