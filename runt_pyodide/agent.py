"""The runtime of a notebook: it takes a session, works off the queue, and ends what it began.

Events come in by ``receive`` and go out by ``emit``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

from .ai.cell import AICell
from .ai.prompt.manifest import explain_outputs
from .ai.record import resume as resuming
from .ai.record.undo import plan_undo
from .ai.rules import Rules
from .ai.tools.function import registered_tools
from .ai.tools.notebook import notebook_tools
from .errors import CellError, RuntError
from .execution.run import Executor, Run
from .execution.runner import Runner, request_execution
from .execution.text_cell import TextCell
from .llm.cassette.cassette import Cassette
from .llm.cassette.tape import Tape
from .llm.messages import AiModel
from .llm.registry import ProviderRegistry
from .notebook import events as ev
from .notebook.clock import Clock, Emit
from .notebook.log import EventLog
from .notebook.state import Execution, Notebook

_log = logging.getLogger(__name__)

RUNTIME_TYPE = "python"
_RESTARTED = "The runtime restarted while this cell ran. Run it again."
_TAPES = 8
_LOST = "The variables are lost: run the cells that make them again."


class RuntimeAgent:
    """One session of a runtime.

    Give it the events that rebuild the notebook with ``receive``, then ``start`` it. ``providers``
    and ``rules`` may be replaced at any time: the next AI cell uses the new ones. ``variables``
    gives the namespace of the Python cells, for a model to look into.
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
    ) -> None:
        self._clock = clock or Clock()
        self._events = EventLog(emit)
        self._executors: dict[str, Executor] = {
            "ai": AICell(
                lambda: self.providers,
                lambda: self.rules,
                tools=lambda run: [*notebook_tools(run, variables), *registered_tools()],
                tape=self._new_tape,
            ),
            "markdown": TextCell(),
            "raw": TextCell(),
            **(executors or {}),
        }
        self._tapes: dict[str, Tape] = {}
        self._queue: asyncio.Task[None] | None = None
        self._resumed: list[Execution] = []
        self._state: Literal["new", "started", "stopped"] = "new"
        self.providers = providers
        self.rules = rules or Rules()
        self.runtime_id = runtime_id
        self.session_id = session_id or self._clock.new_id()
        self._runner = Runner(self._events, self._clock, self._executors, self.session_id, interval)

    @property
    def notebook(self) -> Notebook:
        return self._events.notebook

    def receive(self, events: Iterable[ev.Event]) -> None:
        """Fold a batch of the store's events, and act on what it asks for."""
        self._events.receive(event for event in events if not self._is_own_clear(event))
        if self._state != "started":
            return
        if self.notebook.sessions[self.session_id].status == "terminated":
            _log.warning("Another runtime has taken over this notebook; this one stops.")
            self._state = "stopped"
            self._runner.abandon_all()
        self._runner.stop_what_is_over()
        self._wake()

    def start(self, reason: str | None = None, stopped: Sequence[str] = ()) -> None:
        """Take the notebook over: displace other sessions, end what they left, begin to work. What
        they left waiting for a person's approval goes on waiting here.

        ``reason`` is why the session before this one is gone: the cells that it left say so, and
        those of the executions ``stopped``, which could not be stopped otherwise.

        Call it once, when the events that rebuild the notebook were received.
        """
        error = CellError(f"{reason} {_LOST}" if reason else _RESTARTED)
        known = (self.notebook.executions.get(queue_id) for queue_id in stopped)
        over = [entry for entry in known if entry and not entry.is_open]
        with self._events.together():
            for session in self.notebook.active_sessions():
                self._terminate(session.id, "displaced")
            self._events.commit([self._started()])
            for entry in self.notebook.open_executions():
                if entry.state == "executing" and self._runner.can_resume(entry):
                    self._resumed.append(entry)
                elif entry.state != "pending":
                    self._runner.fail(entry, error)
            for entry in over:
                self._runner.explain(entry, error)
            self._set_status("ready")
        self._state = "started"
        self._wake()

    async def interrupt(self, queue_id: str | None = None) -> None:
        """Stop what runs now, or one execution if that runs, and wait until it has ended."""
        await self._runner.interrupt(queue_id)

    async def stop(self) -> None:
        """End the session: what runs is cancelled, what waits is left to the next session."""
        if self._state != "started":
            return
        self._state = "stopped"
        await self.interrupt()
        self._terminate(self.session_id, "shutdown")

    def continue_run(self, cell_id: str) -> str:
        """Let an AI cell go on from where its last run ended; gives the new run's id.

        Raises CellError where there is nothing to go on from.
        """
        run_id, delta_id = self._clock.new_id(), self._clock.new_id()
        mark = resuming.mark_continuation(self.notebook.outputs_of(cell_id), run_id, delta_id)
        with self._events.together():
            self._events.commit([mark])
            request_execution(self._events, run_id, cell_id, self.session_id)
        self._wake()
        return run_id

    def undo(self, run_id: str) -> dict[str, Any]:
        """Put back what a run of an AI cell changed in the notebook's cells.

        Gives {"undone": [cell id], "kept": [{"cellId", "reason"}]}: cells that somebody changed
        since are kept. Raises CellError where there is no record of the run.
        """
        undo = plan_undo(self.notebook, run_id, self._clock.new_id)
        self._events.commit(undo.events)
        return undo.to_json()

    def explain(self, cell_id: str) -> str:
        """What the model saw when the AI cell ran last, turn by turn, in Markdown.

        Raises CellError where it did not run.
        """
        return explain_outputs(self.notebook.outputs_of(cell_id))

    def cassette(self, run_id: str) -> Cassette:
        """What was asked and answered in a run of an AI cell, for the Test provider to play.

        Those of the last runs of this session are kept. Raises RuntError where it is not.
        """
        if run_id not in self._tapes:
            raise RuntError(
                "What was asked and answered in that run is not kept any more.",
                advice="Run the cell again, and export it then.",
            )
        secrets = [secret for one in self.providers.list() for secret in one.secrets()]
        return self._tapes[run_id].cassette(secrets)

    def _new_tape(self, run: Run) -> Tape:
        tape = self._tapes[run.id] = Tape()
        for old in [*self._tapes][:-_TAPES]:
            del self._tapes[old]
        return tape

    # The queue

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
        return self.notebook.next_pending()

    # Events

    def _started(self) -> ev.RuntimeSessionStarted:
        models = [
            AiModel(model, provider.name, model)
            for provider in self.providers.list()
            for model in provider.models
        ]
        return ev.RuntimeSessionStarted(
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

    def _set_status(self, status: Literal["ready", "busy"]) -> None:
        changed = ev.RuntimeSessionStatusChanged(session_id=self.session_id, status=status)
        self._events.commit([changed])

    def _terminate(self, session_id: str, reason: Literal["shutdown", "displaced"]) -> None:
        self._events.commit([ev.RuntimeSessionTerminated(session_id=session_id, reason=reason)])

    def _is_own_clear(self, event: ev.Event) -> bool:
        """Whether it is the echo of a clear of ours, which would clear what was written since."""
        return isinstance(event, ev.CellOutputsCleared) and event.cleared_by == self.session_id
