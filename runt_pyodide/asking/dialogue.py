"""The exchanges of one conversation, without a page: each is an AI cell of a notebook that is kept
in memory, below the code that ran before it. So they are answered in the same way as all AI cells.

A question is told of what had been answered when it was asked: questions that are asked at once do
not see each other, and one that was stopped is not seen by any. So the time that a question takes
depends on what it is told of, not on how many there have been.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any

from ..ai.cell import AICell, Services
from ..ai.prompt.above import Reach
from ..ai.prompt.cell_settings import ASKING, IMAGES, SAMPLING, images_to_json
from ..ai.rules import Rules
from ..errors import ConfigError, LimitError, RuntError
from ..execution.run import Run
from ..execution.runner import Runner, request_execution
from ..llm.playback.deck import on_deck
from ..llm.provider import AIProvider
from ..notebook import events as ev
from ..notebook.clock import Clock
from ..notebook.log import EventLog
from ..notebook.state import Cell, Notebook
from ..notebook.writer import OutputWriter
from .answer import Answer
from .session import Exchange, Question, Session

Watch = Callable[[Sequence[ev.Event]], None]
"""Takes the events of an exchange, batch by batch."""

_PERSON = "user"
_UNSEEN = 60.0
"""How long the text of an answer is joined that nobody sees coming, in seconds: when many are asked
at once, the events of every 50 ms would be a third of all work."""
_SETTINGS_NOTE = (
    "In Python code, change the AI settings with `runt_pyodide.configure(...)`; in a notebook, "
    "`%ai config` shows them."
)
_CONTINUE_NOTE = (
    "To continue, ask the model to go on: the answer so far is in the next context, and here as "
    "the error's `answer`."
)


class Dialogue:
    """Exchanges, each told of those before it, and the code between them.

    A question is told of the last exchanges that fit into a ``share`` of the model's context
    window, and of no more than ``most``, if that is given.
    """

    def __init__(self, session: Session, *, share: float = 1.0, most: int | None = None) -> None:
        self.session = session
        self.exchanges: list[Exchange] = []
        self._share = share
        self._most = most
        self._told: tuple[Cell, ...] = ()
        self._began: dict[str, tuple[Exchange, Reach]] = {}
        self._watches: dict[str, Watch] = {}
        self._resets = 0
        self._cells = 0
        self._clock = Clock()
        self._log = EventLog(self._tell)
        services = Services(
            providers=lambda: on_deck(session.providers),
            rules=lambda run: self._rules_for(self._began[run.id][0].question),
            tools=lambda run: self._began[run.id][0].question.tools(run),
            fallback_provider=_refuse,
            policy=session.policy,
            estimator=session.estimator,
            reach=lambda run: self._began[run.id][1],
        )
        executor = _ExchangeExecutor(AICell(services), lambda run: self._began[run.id][0])
        self._runner = Runner(
            self._log, self._clock, {"ai": executor}, self._clock.new_id(), session.interval
        )

    @property
    def notebook(self) -> Notebook:
        return self._log.notebook

    @property
    def told(self) -> tuple[Cell, ...]:
        """The cells that the next question can be told of."""
        return self._told

    async def ask(self, question: Question, watch: Watch | None = None) -> Exchange:
        """Ask the question and return the answered exchange.

        Raise the RuntError that the run raised, with the ``answer`` so far; the exchange is kept.
        If the run was stopped, raise CancelledError once the request has been aborted.
        """
        exchange = self._open_exchange(question)
        if watch is not None:
            self._watches[exchange.cell_id] = watch
        resets = self._resets
        try:
            await self._run(exchange)
        finally:
            self._watches.pop(exchange.cell_id, None)
            del self._began[exchange.run_id]
            is_stopped = exchange.response is None and exchange.error is None
            is_whole = question.keeps_half or not is_stopped
            if resets == self._resets and question.asking.context and is_whole:
                self._add_told(self.notebook.cells[exchange.cell_id])
        if exchange.error is not None:
            raise _completed(exchange.error, exchange)
        if exchange.response is None:
            raise asyncio.CancelledError
        return exchange

    async def _run(self, exchange: Exchange) -> None:
        """Run the exchange's cell to its end. Raise LimitError if it takes too long."""
        entry = request_execution(self._log, exchange.run_id, exchange.cell_id, _PERSON)
        seconds = exchange.question.timeout
        timer = asyncio.timeout(seconds)
        interval = None if exchange.cell_id in self._watches else _UNSEEN
        try:
            async with timer:
                await self._runner.execute(entry, interval=interval)
        except TimeoutError:
            if seconds is None or not timer.expired():
                raise
            raise _completed(_too_slow(seconds), exchange) from None

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

    def set_policy(self, tool: str, policy: ev.ToolPolicy) -> None:
        """Set what a person has decided on all calls of a tool."""
        self._log.commit([ev.ToolPolicySet(tool=tool, policy=policy, set_by=_PERSON)])

    def record(self, source: str, name: str) -> OutputWriter:
        """Add code that ran, and return the writer for its outputs. ``name`` is what models and
        ``explain`` call it, "In[3]" for example."""
        cell_id = self._name_cell(name)
        self._log.commit(self._create_cell(cell_id, "code", source))
        self._add_told(self.notebook.cells[cell_id])
        return OutputWriter(self._log.commit, self._clock, cell_id, interval=0)

    def reset(self) -> None:
        """Forget the exchanges, also those that are still going on; the code stays."""
        self._resets += 1
        self._told = tuple(cell for cell in self._told if cell.cell_type != "ai")

    def restore(self, events: Sequence[ev.Event]) -> None:
        """Take over cells that another dialogue was told of."""
        self._log.commit(events)
        for event in events:
            if isinstance(event, ev.CellCreated):
                self._cells += 1
                self._add_told(self.notebook.cells[event.id])

    def _add_told(self, cell: Cell) -> None:
        """Let later questions be told of a cell, and forget the exchanges that are too many."""
        self._told = (*self._told, cell)
        answers = [one for one in self._told if one.cell_type == "ai"]
        if self._most is not None and len(answers) > self._most:
            self._told = tuple(one for one in self._told if one is not answers[0])

    def _open_exchange(self, question: Question) -> Exchange:
        """Add the question's cell, with the settings to ask it with."""
        cell_id = self._name_cell(f"ask-{len(self.exchanges) + 1}")
        events = self._create_cell(cell_id, "ai", question.prompt)
        provider = question.provider
        if provider is None and (question.model or question.settings != ev.AiSettings()):
            provider = on_deck(self.session.providers).get_default().name
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
        exchange = Exchange(question, self.notebook, cell_id, self._clock.new_id())
        self.exchanges.append(exchange)
        self.session.exchanges.append(exchange)
        self._began[exchange.run_id] = (
            exchange,
            Reach(self._told, len(self._told), self._share),
        )
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

    def _rules_for(self, question: Question) -> Rules:
        rules = self.session.config.rules
        policies = {**rules.policies, **question.policies}
        return Rules(rules.limits, policies, question.can_be_asked)

    def _tell(self, events: Sequence[ev.Event]) -> None:
        """Pass events on to those who watch their exchanges."""
        by_cell: dict[str, list[ev.Event]] = {}
        for event in events:
            cell_id = getattr(event, "cell_id", None)
            if cell_id in self._watches:
                by_cell.setdefault(cell_id, []).append(event)
        for cell_id, own in by_cell.items():
            self._watches[cell_id](own)


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
        ASKING: question.asking.to_json(),
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


def _too_slow(seconds: float) -> LimitError:
    return LimitError(
        f"The answer was not complete after {seconds:g} seconds.",
        advice="Give it more time with ask(..., timeout=...), or ask for less.",
    )


def _completed(error: Exception, exchange: Exchange) -> Exception:
    """Return the error with what was said by then, and with notes on what its advice, which is also
    for pages, means in Python code."""
    if isinstance(error, RuntError) and error.answer is None:
        error.answer = Answer.so_far(exchange)
        if isinstance(error, LimitError) and exchange.error is error:
            error.add_note(_CONTINUE_NOTE)
        if "AI settings" in str(error):
            error.add_note(_SETTINGS_NOTE)
    return error
