"""The runtime of a notebook. It takes the notebook over as a new session, works through the queue
of executions, and ends everything that it began.

Events come in through ``receive`` and go out through ``emit``. The agent folds its own events when
it emits them, so that it need not wait for the store to send them back; when the store does, they
change nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal

from .ai.answering import AnsweringCell
from .ai.candidate import mock_provider
from .ai.cell import AICell, Services
from .ai.folder import Folder
from .ai.prompt.expressions import Expression, Filled, evaluate, fill
from .ai.prompt.manifest import explain_outputs
from .ai.prompt.mentions import tell_mentions
from .ai.record.resume import close_calls, mark_continuation
from .ai.record.undo import plan_undo
from .ai.rules import Rules
from .ai.text import sizes
from .ai.text.file import describe_file
from .ai.tools.files import file_tools
from .ai.tools.function import registered_tools
from .ai.tools.notebook import notebook_tools
from .errors import CellError
from .execution.run import Executor, Run, TextCell
from .execution.runner import Runner, request_execution
from .llm.cassette.cassette import Cassette
from .llm.cassette.tape import Tapes
from .llm.messages import AiModel
from .llm.playback.deck import on_deck
from .llm.provider import AIProvider
from .llm.registry import ProviderRegistry
from .notebook import events as ev
from .notebook.clock import Clock, Emit
from .notebook.language import foreign_language
from .notebook.log import EventLog, Propose
from .notebook.state import Cell, Execution, Notebook

_log = logging.getLogger(__name__)

RUNTIME_TYPE = "python"
Within = Callable[[Run, Callable[[dict[str, Any]], Awaitable[str]]], Awaitable[str]]
_PROMPT = "Cell In[prompt]"
_CUT_OFF = "This run was cut off, since the page was closed or reloaded while it ran. Run it again."
_UNDO_TRIES = 20
_CLOSED = "The page was closed or reloaded."
_LOST = "The variables are lost: run the cells that define them again."
_KEPT = "Continue the run, or run the cell again."
_UNASKED = "A model is not asked again without you: run the cell when you want it to be."


async def _no_namespace() -> dict[str, object]:
    raise CellError("This runtime has no Python cells, so no variable can get the answer.")


class RuntimeAgent:
    """One session of a runtime.

    Give it the events that rebuild the notebook with ``receive``, then ``start`` it. ``providers``
    and ``rules`` may be replaced at any time: the next AI cell uses the new ones. ``variables``
    returns the namespace of the Python cells, so that a model can inspect it; ``namespace`` creates
    it if there is none, for an answer; and ``within`` calls a function with it, as code of a run's
    cell, for the expressions in a prompt. ``read_magic`` as in ``Runner``. ``propose`` emits what
    depends on a source that somebody else may be changing. ``fallback_provider`` as in
    ``Services``. ``folder`` has the notebook's files, which prompts can mention and tools read.
    """

    def __init__(
        self,
        emit: Emit,
        providers: ProviderRegistry,
        *,
        runtime_id: str,
        session_id: str | None = None,
        clock: Clock | None = None,
        interval: float = 0.05,
        executors: Mapping[str, Executor] | None = None,
        rules: Rules | None = None,
        variables: Callable[[], Mapping[str, object]] = dict,
        namespace: Callable[[], Awaitable[dict[str, object]]] = _no_namespace,
        within: Within | None = None,
        read_magic: Callable[[Cell, str], Sequence[ev.Event]] = lambda _cell, _by: (),
        propose: Propose | None = None,
        fallback_provider: Callable[[str], AIProvider] = mock_provider,
        folder: Folder | None = None,
    ) -> None:
        self.providers = providers
        self.rules = rules or Rules()
        self.runtime_id = runtime_id
        self._clock = clock or Clock()
        self.session_id = session_id or self._clock.new_id()
        self._events = EventLog(emit, propose)
        self._tapes = Tapes()
        self._within = within
        self._fallback_provider = fallback_provider
        self._folder = folder
        self._executors = self._default_executors(variables, namespace) | dict(executors or {})
        self._runner = Runner(
            self._events, self._clock, self._executors, self.session_id, interval, read_magic
        )
        self._queue: asyncio.Task[None] | None = None
        self._resumed: list[Execution] = []
        self._state: Literal["new", "started", "stopped"] = "new"

    @property
    def notebook(self) -> Notebook:
        return self._events.notebook

    def receive(self, events: Iterable[ev.Event]) -> None:
        """Fold a batch of the store's events, and act on what they ask for."""
        self._events.receive(event for event in events if not self._is_own_clear(event))
        if self._state != "started":
            return
        if self.notebook.sessions[self.session_id].status == "terminated":
            _log.warning("Another runtime has taken over this notebook; this one stops.")
            self._state = "stopped"
            self._runner.abandon_all()
        self._runner.stop_what_is_over()
        self._wake()

    def start(
        self,
        reason: str | None = None,
        stopped: Sequence[str] = (),
        waiting: Sequence[str] = (),
    ) -> None:
        """Take the notebook over, once the events that rebuild it have been received: displace
        other sessions, end what they left, and begin to work. An AI run that they left waiting for
        a person's approval goes on waiting here.

        ``reason`` says why the previous session is gone. It is shown at the cells that were running
        in it, and at those of the executions ``stopped``, which it was forced to end. What was
        ``waiting`` for it is run, unless it costs money: that was not asked of this session.
        """
        with self._events.together():
            self._displace_sessions()
            self._announce()
            self._report_stopped(stopped, reason)
            self._take_over_executions(reason)
            self._leave_unasked(waiting, reason)
            self._set_status("ready")
        self._state = "started"
        self._wake()

    async def interrupt(self, queue_id: str | None = None, number: int | None = None) -> None:
        """Stop what is running, or only this execution if it is, and wait until it has ended.

        A page that can signal gives interrupts numbers: one that has arrived by the signal is not
        delivered again.
        """
        await self._runner.interrupt(queue_id, number)

    async def stop(self) -> None:
        """End the session: cancel what is running, and leave what is queued to the next session."""
        if self._state != "started":
            return
        self._state = "stopped"
        await self.interrupt()
        self._runner.close()
        self._terminate(self.session_id, "shutdown")

    def continue_run(self, cell_id: str) -> str:
        """Let an AI cell continue from where its last run ended, and return the new run's id.

        Raise CellError if there is nothing to continue from.
        """
        run_id, delta_id = self._clock.new_id(), self._clock.new_id()
        mark = mark_continuation(self.notebook.outputs_of(cell_id), run_id, delta_id)
        with self._events.together():
            self._events.commit([mark])
            request_execution(self._events, run_id, cell_id, self.session_id)
        self._wake()
        return run_id

    async def undo(self, run_id: str) -> dict[str, Any]:
        """Undo what a run of an AI cell changed in the notebook's cells.

        Return {"undone": [cell id], "kept": [{"cellId", "reason"}], "merged": [{"cellId",
        "isConflict"}]}: what somebody has written since into an undone cell is merged. Raise
        CellError if there is no record of the run.
        """
        for _ in range(_UNDO_TRIES):
            undo = plan_undo(self.notebook, run_id, self._clock.new_id)
            expected = undo.expected
            refusal = await self._events.propose(undo.events, expected)
            if refusal is None:
                return undo.to_json()
            if refusal.error:
                raise CellError(f"The notebook's store refused the undo: {refusal.error}")
            # Somebody is typing: what they wrote is on its way.
            await self._events.until(partial(self._events.compare, expected))
        raise CellError("The cells of the run are being changed: undo it again in a moment.")

    def explain(self, cell_id: str) -> str:
        """Return what the model saw in the AI cell's last run, turn by turn, in Markdown.

        Raise CellError if the cell has not run.
        """
        return explain_outputs(self.notebook.outputs_of(cell_id))

    def report(self, queue_id: str, error: CellError) -> None:
        """Write an error below the outputs of an execution that is over."""
        if (entry := self.notebook.executions.get(queue_id)) is not None:
            self._runner.report(entry, error)

    def cassette(self, run_id: str) -> Cassette:
        """Return the requests and answers of an AI cell's run, for the Test provider to replay.

        The session keeps those of its latest runs. Raise RuntError for any other run.
        """
        return self._tapes.find(run_id).cassette(self.providers.secrets())

    def _default_executors(
        self,
        variables: Callable[[], Mapping[str, object]],
        namespace: Callable[[], Awaitable[dict[str, object]]],
    ) -> dict[str, Executor]:
        async def fill_prompt(run: Run, prompt: str) -> Filled:
            within = self._within
            if within is None or foreign_language(run.notebook) is not None:
                return Filled(self._tell_files(prompt))

            async def value_of(expression: Expression) -> str:
                return await within(run, lambda names: evaluate(expression, names, _PROMPT))

            filled = await fill(prompt, variables(), value_of)
            return replace(filled, text=self._tell_files(filled.text))

        services = Services(
            fill=fill_prompt,
            providers=lambda: on_deck(self.providers),
            rules=lambda _: self.rules,
            fallback_provider=self._fallback_provider,
            tools=lambda run: [
                *notebook_tools(run, variables),
                *(file_tools(self._folder) if self._folder else ()),
                *registered_tools(),
            ],
            tape=lambda run: self._tapes.begin(run.id),
        )
        ai = AnsweringCell(AICell(services), namespace)
        return {"ai": ai, "markdown": TextCell(), "raw": TextCell()}

    def _tell_files(self, prompt: str) -> str:
        """Return the prompt with what it mentions of the notebook's files."""
        folder = self._folder
        if folder is None or "@" not in prompt:
            return prompt
        files = {file.path: file for file in folder.files()}

        def describe(path: str) -> str:
            file = files[path]
            return describe_file(path, file.size, folder.read(file, sizes.FILE_BYTES))

        return tell_mentions(prompt, [*files], describe)

    # Taking over

    def _displace_sessions(self) -> None:
        for session in self.notebook.active_sessions():
            self._terminate(session.id, "displaced")

    def _announce(self) -> None:
        models = [
            AiModel(model, provider.name, model)
            for provider in self.providers.list()
            for model in provider.models
        ]
        started = ev.RuntimeSessionStarted(
            session_id=self.session_id,
            runtime_id=self.runtime_id,
            runtime_type=RUNTIME_TYPE,
            capabilities=ev.Capabilities(
                can_execute_code="code" in self._executors,
                can_execute_sql="sql" in self._executors,
                can_execute_ai="ai" in self._executors,
                available_ai_models=[model.to_json() for model in models],
            ),
        )
        self._events.commit([started])

    def _report_stopped(self, stopped: Sequence[str], reason: str | None) -> None:
        """Tell the cells of executions that are over already what became of Python."""
        for queue_id in stopped:
            entry = self.notebook.executions.get(queue_id)
            if entry is not None and not entry.is_open:
                self._close_calls(entry)
                self._runner.report(entry, self._loss(entry, reason))

    def _take_over_executions(self, reason: str | None) -> None:
        """Resume what can be resumed, end what else was running, and leave what is queued."""
        for entry in self.notebook.open_executions():
            if entry.state == "executing" and self._runner.can_resume(entry):
                self._resumed.append(entry)
            elif entry.state != "pending":
                self._close_calls(entry)
                self._runner.fail(entry, self._loss(entry, reason))

    def _close_calls(self, entry: Execution) -> None:
        """End the calls that were open in a run that broke off."""
        outputs, new_id = self.notebook.outputs_of(entry.cell_id), self._clock.new_id
        self._events.commit(close_calls(outputs, entry.queue_id, new_id))

    def _leave_unasked(self, waiting: Sequence[str], reason: str | None) -> None:
        """Cancel the AI cells that were waiting, and what was requested together with one, to be
        run after it."""
        groups = set[str]()
        for entry in self.notebook.open_executions():
            is_unasked = entry.queue_id in waiting and self._asks_a_model(entry)
            if entry.state == "pending" and (is_unasked or entry.group in groups):
                self._runner.cancel(entry, f"Not run: {reason or _CLOSED} {_UNASKED}")
                groups |= {entry.group} if entry.group else set()

    def _loss(self, entry: Execution, reason: str | None) -> CellError:
        if reason is None:
            return CellError(_CUT_OFF, ename="PythonEnded")
        advice = _KEPT if self._asks_a_model(entry) else _LOST
        return CellError(reason, advice=advice, ename="PythonEnded")

    def _asks_a_model(self, entry: Execution) -> bool:
        cell = self.notebook.cells.get(entry.cell_id)
        return cell is not None and cell.cell_type == "ai"

    # The queue

    async def until_idle(self) -> None:
        """Wait until nothing runs and nothing waits."""
        while self._queue is not None and not self._queue.done():
            await asyncio.wait([self._queue])

    def _wake(self) -> None:
        idle = self._queue is None or self._queue.done()
        if self._state == "started" and idle and (self._resumed or self.notebook.next_pending()):
            self._queue = asyncio.get_running_loop().create_task(self._work())

    async def _work(self) -> None:
        self._set_status("busy")
        while self._state == "started" and (entry := self._next()):
            await self._runner.execute(entry)
        if self._state == "started":
            self._set_status("ready")

    def _next(self) -> Execution | None:
        while self._resumed:
            entry = self._resumed.pop(0)
            if entry.is_open:
                return entry
        self._runner.leave_out()
        return self.notebook.next_pending()

    # Events of the session

    def _set_status(self, status: Literal["ready", "busy"]) -> None:
        changed = ev.RuntimeSessionStatusChanged(session_id=self.session_id, status=status)
        self._events.commit([changed])

    def _terminate(self, session_id: str, reason: Literal["shutdown", "displaced"]) -> None:
        self._events.commit([ev.RuntimeSessionTerminated(session_id=session_id, reason=reason)])

    def _is_own_clear(self, event: ev.Event) -> bool:
        """Return whether this is our own clear sent back by the store: folded again, it would clear
        what has been written since."""
        return isinstance(event, ev.CellOutputsCleared) and event.cleared_by == self.session_id
