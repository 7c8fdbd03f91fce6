"""Prompts from Python code, without a page: each is an AI cell of a notebook that is kept in
memory, below the code that ran before it. So they are answered in the same way as all AI cells.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from ..ai.cell import AICell, Services
from ..ai.prompt.answer_type import AnswerType
from ..ai.prompt.cell_settings import IMAGES, SAMPLING, Sampling, images_to_json
from ..ai.prompt.manifest import explain_outputs
from ..ai.rules import Policy, Rules
from ..ai.tool import Tool
from ..config import AIConfig
from ..errors import ConfigError, LimitError
from ..execution.run import Run
from ..execution.runner import Runner, request_execution
from ..llm.messages import AIResponse, Image
from ..llm.provider import AIProvider
from ..llm.registry import ProviderRegistry
from ..llm.retry import RetryPolicy
from ..llm.tokens import Estimator
from ..llm.transport.base import Transport
from ..notebook import events as ev
from ..notebook.clock import Clock
from ..notebook.log import EventLog
from ..notebook.state import Notebook
from ..notebook.state.output import Output
from ..notebook.writer import OutputWriter

Watch = Callable[[Sequence[ev.Event]], None]
"""Takes the events of an exchange, batch by batch."""

_PERSON = "user"
_SETTINGS_NOTE = (
    "In Python code, change the AI settings with `runt_pyodide.configure(...)`; in a notebook, "
    "`%ai config` shows them."
)
_CONTINUE_NOTE = "To continue, ask the model to go on: the answer so far is in the next context."


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, with the ``images`` beside it; it goes to the default provider and model
    unless others are named. ``tools`` returns the tools as they are at each turn; ``policies`` take
    precedence over the configuration's."""

    prompt: str
    provider: str | None = None
    model: str | None = None
    settings: ev.AiSettings = field(default_factory=ev.AiSettings)
    sampling: Sampling = field(default_factory=Sampling)
    images: tuple[Image, ...] = ()
    answer: AnswerType | None = None
    tools: Callable[[Run], Iterable[Tool]] = lambda _: ()
    policies: Mapping[str, Policy] = field(default_factory=dict)


@dataclass(slots=True)
class Exchange:
    """A question and its outcome: the cell, the run, and either the last turn's answer or the
    error. While an exchange goes on, and if it was stopped, it has neither."""

    question: Question
    cell_id: str
    run_id: str
    response: AIResponse | None = None
    error: Exception | None = None


class Session:
    """The exchanges of one Python session, in order, with the code between them.

    ``interval`` is how long streamed text is joined, in seconds; ``policy`` says when to retry.
    What another session has learnt of its services also holds for one ``like`` it.
    """

    def __init__(
        self,
        config: AIConfig,
        transport: Transport,
        *,
        interval: float = 0.05,
        policy: RetryPolicy | None = None,
        like: Session | None = None,
    ) -> None:
        self.exchanges: list[Exchange] = []
        self._transport = transport
        self._watches: dict[str, Watch] = {}
        self._clock = Clock()
        self._log = EventLog(self._tell)
        self._cells = 0
        self._estimator: Estimator = like._estimator if like else Estimator()
        self.providers: ProviderRegistry = like.providers if like else ProviderRegistry()
        cell = AICell(
            Services(
                providers=lambda: self.providers,
                rules=self._rules_of,
                tools=lambda run: self._exchange_of(run).question.tools(run),
                fallback_provider=_refuse,
                policy=policy or RetryPolicy(),
                estimator=self._estimator,
            )
        )
        executor = _ExchangeExecutor(cell, self._exchange_of)
        self._runner = Runner(
            self._log, self._clock, {"ai": executor}, self._clock.new_id(), interval
        )
        self.configure(config)

    @property
    def notebook(self) -> Notebook:
        return self._log.notebook

    def configure(self, config: AIConfig, transport: Transport | None = None) -> None:
        """Use this configuration from now on. Raise ConfigError if it cannot be used."""
        self._transport = transport or self._transport
        self.providers = ProviderRegistry.from_config(config, self._transport, self.providers)
        self.config = config

    def find_model(self, model: str | None, provider: str | None) -> tuple[str | None, str | None]:
        """Return the provider and the model: "ollama/qwen3" names both, "ollama" only the first.
        Raise ConfigError if that provider is not configured."""
        if model is None:
            return provider, None
        found, own = self.providers.choose(model, provider or "")
        return found.name, own or None

    def without_history(self) -> Session:
        """Return a new session with the same configuration and without earlier exchanges."""
        return Session(self.config, self._transport, like=self)

    async def ask(self, question: Question, watch: Watch | None = None) -> Exchange:
        """Ask the question and return the answered exchange.

        Raise the RuntError that the run raised; the exchange is kept. If the run was stopped,
        raise CancelledError once the request has been aborted.
        """
        exchange = self._open_exchange(question)
        if watch is not None:
            self._watches[exchange.cell_id] = watch
        entry = request_execution(self._log, exchange.run_id, exchange.cell_id, _PERSON)
        try:
            await self._runner.execute(entry)
        finally:
            self._watches.pop(exchange.cell_id, None)
        if exchange.error is not None:
            raise _with_notes(exchange.error)
        if exchange.response is None:
            raise asyncio.CancelledError
        return exchange

    def respond(self, call_id: str, status: ev.ApprovalStatus, reason: str | None = None) -> None:
        """Answer a call that waits for a person; only the first answer counts."""
        response = ev.ToolApprovalResponded(
            tool_call_id=call_id,
            status=status,
            approved_by=_PERSON,
            responded_at=self._clock.timestamp(),
            reason=reason,
        )
        self._log.commit([response])

    def record(self, source: str, name: str) -> OutputWriter:
        """Add code that ran, and return the writer for its outputs. ``name`` is what models and
        ``explain`` call it, "In[3]" for example."""
        cell_id = self._name_cell(name)
        self._log.commit(self._create_cell(cell_id, "code", source))
        return OutputWriter(self._log.commit, self._clock, cell_id, interval=0)

    def outputs_of(self, exchange: Exchange) -> list[Output]:
        return self.notebook.outputs_of(exchange.cell_id)

    def explain(self, exchange: Exchange) -> str:
        """Return what the model saw, turn by turn, in Markdown. Raise CellError if nothing was
        sent."""
        return explain_outputs(self.outputs_of(exchange))

    def _open_exchange(self, question: Question) -> Exchange:
        """Add the question's cell, with the settings to ask it with."""
        cell_id = self._name_cell(f"ask-{len(self.exchanges) + 1}")
        events = self._create_cell(cell_id, "ai", question.prompt)
        provider = question.provider
        if provider is None and (question.model or question.settings != ev.AiSettings()):
            provider = self.providers.get_default().name
        if provider is not None:
            events.append(
                ev.AiSettingsChanged(
                    cell_id=cell_id,
                    provider=provider,
                    model=question.model or "",
                    settings=question.settings,
                )
            )
        self._log.commit([*events, *_keep_beside(cell_id, question)])
        exchange = Exchange(question, cell_id, self._clock.new_id())
        self.exchanges.append(exchange)
        return exchange

    def _create_cell(self, cell_id: str, cell_type: ev.CellType, source: str) -> list[ev.Event]:
        self._cells += 1
        index = f"{self._cells:012d}"
        return [
            ev.CellCreated(
                id=cell_id, cell_type=cell_type, fractional_index=index, created_by=_PERSON
            ),
            ev.CellSourceChanged(id=cell_id, source=source, modified_by=_PERSON),
        ]

    def _name_cell(self, name: str) -> str:
        names = (name if number == 1 else f"{name}-{number}" for number in count(1))
        return next(one for one in names if one not in self.notebook.cells)

    def _exchange_of(self, run: Run) -> Exchange:
        return next(one for one in reversed(self.exchanges) if one.run_id == run.id)

    def _rules_of(self, run: Run) -> Rules:
        rules = self.config.rules
        policies = {**rules.policies, **self._exchange_of(run).question.policies}
        return Rules(rules.limits, policies)

    def _tell(self, events: Sequence[ev.Event]) -> None:
        for cell_id, watch in [*self._watches.items()]:
            own = [event for event in events if getattr(event, "cell_id", None) == cell_id]
            if own:
                watch(own)


class _ExchangeExecutor:
    """Runs an exchange's cell, and keeps its outcome."""

    def __init__(self, cell: AICell, exchange_of: Callable[[Run], Exchange]) -> None:
        self._cell = cell
        self._exchange_of = exchange_of

    async def execute(self, run: Run) -> None:
        exchange = self._exchange_of(run)
        try:
            exchange.response = await self._cell.execute(run, exchange.question.answer)
        except Exception as error:
            exchange.error = error
            raise


def _keep_beside(cell_id: str, question: Question) -> Iterator[ev.Event]:
    """Yield the events that keep what a cell's own events have no place for."""
    beside: dict[str, Any] = {
        SAMPLING: question.sampling.to_json(),
        IMAGES: images_to_json(question.images),
    }
    for key, value in beside.items():
        if value:
            yield ev.CellMetadataSet(cell_id=cell_id, key=key, value=value)


def _refuse(missing: str) -> AIProvider:
    """Raise ConfigError. A program must not take a mock answer for a real one."""
    raise ConfigError(
        missing,
        advice=(
            "Configure one and ask again: configure('openai', api_key='sk-...'), or a server that "
            "needs no key: configure('ollama', model='qwen3'). To try without either, use the Test "
            "provider: configure('test')."
        ),
    )


def _with_notes(error: Exception) -> Exception:
    """Return the error, with notes on what its advice, which is also for pages, means in Python
    code."""
    if not getattr(error, "__notes__", None):
        if isinstance(error, LimitError):
            error.add_note(_CONTINUE_NOTE)
        if "AI settings" in str(error):
            error.add_note(_SETTINGS_NOTE)
    return error
