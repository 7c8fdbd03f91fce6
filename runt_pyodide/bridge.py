"""The bridge between a page and the runtime: JSON text in and out.

``connect`` makes a runtime; the page passes it the store's events with ``receive`` and calls its
methods with ``call``. The page's side is ``js/runtime/engine.js``.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from pydantic import Field

from .agent import RuntimeAgent
from .ai.folder import Folder
from .asking.ask import ask
from .asking.cell_magic import CellMagics
from .config import AIConfig
from .errors import ConfigError, ProviderError, RuntError
from .execution import interrupts
from .execution.questions import Question, Questions
from .llm.doctor import doctor
from .llm.playback.deck import on_deck
from .llm.registry import ProviderRegistry, known_addresses
from .llm.settings import ConfigModel, when_registered
from .llm.transport.pyfetch import PyfetchTransport
from .notebook.batch import BatchReader
from .notebook.events import Event, to_wire
from .notebook.log import Refusal
from .notebook.vocabulary import Vocabulary
from .python.cell import PythonCell
from .python.modules import import_modules
from .python.pyodide_mends import find_wait, mend_pyodide
from .python.pyodide_packages import Downloads, PyodidePackages
from .runt.wording import Wording
from .sql.cell import SqlCell
from .tables.kept import KeptTables

_log = logging.getLogger(__name__)

_HOME = "/home"
_DATABASE = f"{_HOME}/notebook.db"
_MODULES = "/modules"


class Host(interrupts.Host, Protocol):
    """What the page's side offers: a plain JavaScript object."""

    packages: Downloads

    def ask(self, text: str) -> None:
        """Put a question to the person: a JSON object with id, cellId, prompt and isSecret. The
        answer comes by the method "answer"."""

    def withdraw(self, question_id: str) -> None:
        """Show a question no longer: it is over."""

    def emit(self, text: str) -> None:
        """Commit a JSON array of events as one batch."""

    def propose(self, text: str) -> None:
        """Commit {"id", "events", "expected"}, as JSON, if the cells have the expected sources, by
        their ids; answer with `Bridge.settle`, before any later event."""

    def fetch(self, url: str, options: Any) -> Any:
        """Fetch, as the browser does. If a header or a parameter is a token that the configuration
        has for a key, the key is sent in its place, to the address that it was given for."""

    def log(self, level: str, text: str) -> None:
        """Log a text for the developer; the level is info, warning or error."""


class ConnectOptions(ConfigModel):
    """What ``connect`` takes, as JSON. ``interval_ms`` is how long streamed text is joined.
    ``vocabulary`` is that of the events that are written; those that are read may be of either.
    ``index_url`` is the package index that the page's packages came from, which %pip asks first.
    ``answers`` says that the page shows questions and answers them. ``modules`` are the sources of
    the page's own modules by name, which are imported before the configuration is read: they may
    register tools, and types of providers."""

    runtime_id: str
    notebook_id: str | None = None
    session_id: str | None = None
    config: Any = None
    index_url: str | None = None
    interval_ms: float = Field(default=50, ge=0)
    vocabulary: Vocabulary = "default"
    answers: bool = False
    modules: dict[str, str] = Field(default={})


def connect(options: str, host: Host) -> Bridge:
    """Return a runtime for the page behind ``host``. Raise ConfigError for a bad configuration, and
    for a module that cannot be imported.

    The session's files are in its working directory, ``/home``. Modules there can be imported, but
    never shadow a module that the runtime may need.
    """
    os.environ["HOME"] = _HOME
    os.chdir(_HOME)
    sys.path[:] = [*filter(None, sys.path), ""]
    interrupts.connect(host)
    mend_pyodide()
    read = ConnectOptions.model_validate_json(options)
    import_modules(read.modules, Path(_MODULES))
    return Bridge(read, host)


class Bridge:
    """One runtime, as the page sees it."""

    def __init__(self, options: ConnectOptions, host: Host) -> None:
        self._host = host
        self._logs = _HostLogs(host)
        self._batches = BatchReader()
        self._numbers = count(1)
        self._proposed: dict[int, Callable[[Refusal | None], None]] = {}
        self._transport = PyfetchTransport(getattr(host, "fetch", None))
        self._packages = PyodidePackages(options.index_url, getattr(host, "packages", None))
        self._questions = Questions(_Person(host) if options.answers else None, find_wait)
        self._tables = KeptTables()
        self._python = PythonCell(self._packages, self._questions, self._tables)
        self._given = options.config
        config = self._config = AIConfig.read(options.config, may_register=True)
        ask.session.configure(config, self._transport)
        when_registered(self._complete_config)
        self._agent = self._make_agent(options, config)
        self._wording = Wording(self._agent.notebook) if options.vocabulary == "runt" else None
        self._methods = self._list_methods()
        logging.getLogger("runt_pyodide").addHandler(self._logs)

    def receive(self, text: str) -> None:
        """Take a batch of the store's events, a JSON array. An event that cannot be read is logged
        as an error and passed over; the others count."""
        self._agent.receive(self._batches.read(text))

    def settle(self, text: str) -> None:
        """Take the answer to a proposal, as JSON: {"id"} once it is committed, or {"id", "present",
        "error"?}, with the present sources of the cells that are not as expected, null for one
        that is gone."""
        answer = json.loads(text)
        settle = self._proposed.pop(answer["id"])
        present = answer.get("present")
        settle(None if present is None else Refusal(present, answer.get("error", "")))

    def fail(self, address: int, text: str) -> None:
        """Take an error that a callback raised and that nothing in JavaScript caught: its address
        in Python's memory, and its traceback. It is shown below the cell that made the callback."""
        if not self._python.show_uncaught(address, text):
            _log.error("A callback raised an error that nothing caught:\n%s", text)

    async def call(self, method: str, params: str) -> str:
        """Call a method for the page. Return JSON: {"result"} or {"error": {name, message}}."""
        try:
            if method not in self._methods:
                raise RuntError(
                    f"There is no method {method!r}. The methods are: {', '.join(self._methods)}."
                )
            result = self._methods[method](**json.loads(params))
            return json.dumps({"result": await result if inspect.isawaitable(result) else result})
        except Exception as error:  # noqa: BLE001 -- a border: it crosses as text
            if not isinstance(error, RuntError):
                _log.error("%s failed:\n%s", method, "".join(traceback.format_exception(error)))
            return json.dumps({"error": {"name": type(error).__name__, "message": str(error)}})

    def _make_agent(self, options: ConnectOptions, config: AIConfig) -> RuntimeAgent:
        python = self._python
        return RuntimeAgent(
            self._emit,
            ProviderRegistry.from_config(config, self._transport),
            runtime_id=options.runtime_id,
            session_id=options.session_id,
            interval=options.interval_ms / 1000,
            executors={
                "code": python,
                "sql": SqlCell(_DATABASE, python.namespace, python.variables, self._tables),
            },
            rules=config.rules,
            variables=python.variables,
            namespace=python.namespace,
            within=python.within,
            read_magic=CellMagics(lambda: on_deck(self._agent.providers), python.variables).read,
            propose=self._propose,
            folder=Folder(Path(_HOME)),
        )

    def _list_methods(self) -> dict[str, Callable[..., Any]]:
        """Return the methods that the page can call, by name; some return awaitables."""
        agent = self._agent
        return {
            "start": self._start,
            "addresses": known_addresses,
            "configure": self._configure,
            "models": self._models,
            "doctor": self._doctor,
            "interrupt": agent.interrupt,
            "continueRun": agent.continue_run,
            "undo": agent.undo,
            "explain": agent.explain,
            "cassette": lambda run_id: agent.cassette(run_id).to_json(),
            "prepareCompletion": self._python.prepare_completion,
            "complete": self._python.complete,
            "inspect": self._python.inspect,
            "answer": self._questions.answer,
            "tableRows": self._tables.read,
            "stop": self._stop,
        }

    def _start(self, **before: Any) -> dict[str, str]:
        """Begin a session; ``before`` is what ``RuntimeAgent.start`` is told of the one before."""
        self._agent.start(**before)
        self._background = asyncio.ensure_future(self._prefetch())
        return {"sessionId": self._agent.session_id}

    async def _prefetch(self) -> None:
        """Load what the first Python cell will need, when nothing runs or waits. Importing it,
        which is slow and blocks everything else, is left to the cell."""
        await self._agent.until_idle()
        with suppress(RuntError):
            await self._packages.load("IPython")

    def _complete_config(self, type_name: str) -> None:
        """Read the configuration once more if it has providers of a type that has been registered.
        Raise ConfigError if their settings are not of that type: whoever registers it is told."""
        if any(one.type == type_name for one in self._config.providers.values()):
            self._configure(self._given)

    def _configure(self, config: Any) -> None:
        read = AIConfig.read(config, may_register=True)
        self._given, self._config = config, read
        ask.session.configure(read, self._transport)
        before = self._agent.providers
        self._agent.providers = ProviderRegistry.from_config(read, self._transport, before)
        self._agent.rules = read.rules

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
                _log.warning("The models of %s could not be listed. %s", one.name, listed)
            else:
                known += [model.to_json() for model in listed]
        return known

    async def _doctor(self, provider: str) -> dict[str, Any]:
        return (await doctor(self._agent.providers.require(provider))).to_json()

    async def _stop(self) -> None:
        await self._agent.stop()
        logging.getLogger("runt_pyodide").removeHandler(self._logs)

    def _emit(self, events: Iterable[Event]) -> None:
        self._host.emit(_to_json(self._word(events)))

    def _propose(
        self,
        events: Iterable[Event],
        expected: Mapping[str, str],
        settle: Callable[[Refusal | None], None],
    ) -> None:
        number = next(self._numbers)
        self._proposed[number] = settle
        proposal = {"id": number, "events": self._word(events), "expected": dict(expected)}
        self._host.propose(_to_json(proposal))

    def _word(self, events: Iterable[Event]) -> list[dict[str, Any]]:
        if self._wording is not None:
            events = self._wording.word(events)
        return [to_wire(event) for event in events]


def _to_json(value: object) -> str:
    return json.dumps(value, allow_nan=False)


@dataclass(frozen=True, slots=True)
class _Person:
    """The person at the page, as Python's questions reach them."""

    host: Host

    def put(self, question: Question) -> None:
        self.host.ask(json.dumps(question.to_json()))

    def withdraw(self, question_id: str) -> None:
        self.host.withdraw(question_id)


class _HostLogs(logging.Handler):
    """Passes the package's log records to the page's console."""

    def __init__(self, host: Host) -> None:
        super().__init__(logging.WARNING)
        self._host = host

    def emit(self, record: logging.LogRecord) -> None:
        level = "error" if record.levelno >= logging.ERROR else "warning"
        self._host.log(level, self.format(record))
