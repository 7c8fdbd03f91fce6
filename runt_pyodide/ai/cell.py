"""AI cells: a model is sent the prompt and the notebook above it, and may act on the notebook.

A run is assembled here, and each of its parts does one thing: ``Conversation`` builds the requests,
``TurnRequester`` sends them, ``ToolRunner`` runs the calls that come back, ``Meter`` counts what
the run uses up, ``Transcript`` writes it down, and ``Loop`` goes from turn to turn.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from ..execution.run import Run
from ..llm.cassette.tape import Tape
from ..llm.messages import AIResponse, Message
from ..llm.provider import AIProvider
from ..llm.redaction import Redactor
from ..llm.registry import ProviderRegistry
from ..llm.retry import RetryPolicy
from ..llm.tokens import Estimator
from ..notebook.state import Cell, Execution, Notebook
from ..notebook.state.output import Output
from .candidate import choose_candidates, mock_provider
from .prompt.above import Reach
from .prompt.answer_type import AnswerType
from .prompt.cell_settings import asking_of, check_settings, has_prompt
from .prompt.conversation import Conversation
from .prompt.expressions import Filled
from .record import resume
from .record.read import last_iteration, read_turns, repair
from .record.write import Transcript
from .rules import Limits, Rules
from .tool import Tool, Toolbox
from .turns.approvals import Approvals
from .turns.limits import Meter
from .turns.loop import Loop
from .turns.request_turn import TurnRequester
from .turns.run_tools import OpenCall, ToolRunner

_GO_ON = "Go on from where you stopped."
_EDITED = (
    "The prompt was edited after this run began. This continues the answer to the prompt as it "
    "was. To ask what the prompt says now, run the cell."
)
_MOST_DIGITS = 9


Fill = Callable[[Run, str], Awaitable[Filled]]
"""Returns the prompt of a run with the values of its expressions."""


async def _as_written(_run: Run, prompt: str) -> Filled:
    return Filled(prompt)


@dataclass(frozen=True, slots=True)
class Services:
    """What the runs of AI cells depend on.

    ``providers`` and ``rules`` are called for each run, since both may be replaced; ``tools``
    returns a run's tools, and is called again for each turn. ``fallback_provider`` returns the
    provider that answers if none is ready; its argument says what is missing. ``tape`` returns
    the tape that a run's turns are recorded on, and ``reach`` the cells that it can be told of.
    ``fill`` puts the values of expressions into a run's prompt.
    """

    providers: Callable[[], ProviderRegistry]
    rules: Callable[[Run], Rules] = lambda _: Rules()
    tools: Callable[[Run], Iterable[Tool]] = lambda _: ()
    fallback_provider: Callable[[str], AIProvider] = mock_provider
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    tape: Callable[[Run], Tape] = lambda _: Tape()
    reach: Callable[[Run], Reach] = lambda run: Reach.above(run.notebook, run.cell)
    estimator: Estimator = field(default_factory=Estimator)
    fill: Fill = _as_written


class AICell:
    """Runs AI cells."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def execute(self, run: Run, answer: AnswerType | None = None) -> AIResponse | None:
        """Run the cell and return the last turn; None for an empty prompt without pictures, which
        is not sent.

        With an ``answer`` type the model is told its schema, and asked once more if its answer does
        not follow it. Raise ProviderError, LimitError or ConfigError.
        """
        if not has_prompt(resume.as_it_began(run)):
            return None
        ai_run = await AIRun.open(run, self._services, answer)
        return await ai_run.complete()

    def can_resume(self, notebook: Notebook, entry: Execution) -> bool:
        """Return whether the execution resumes an earlier run: one that was left waiting for a
        person's approval, or one that ended and is continued."""
        if entry.state == "executing":
            return resume.waits_for_person(notebook, entry.cell_id, entry.queue_id)
        return resume.is_continuation(notebook.outputs_of(entry.cell_id), entry.queue_id)


@dataclass(frozen=True, slots=True)
class AIRun:
    """One run of an AI cell: its loop, and the calls that an earlier session left unanswered."""

    loop: Loop
    left_open: Sequence[OpenCall]

    @classmethod
    async def open(cls, run: Run, services: Services, answer: AnswerType | None = None) -> AIRun:
        """Assemble a run. Raise ConfigError if its provider or model is not known, and CellError
        if an expression in its prompt raises, or if no service takes its settings."""
        check_settings(run.cell)
        rules, written = services.rules(run), _written_before(run)
        left_open = resume.open_calls(written, run.id)
        run.seen.update(resume.seen_by(output for _, output in left_open))
        redactor = Redactor.of_keys(services.providers().secrets())
        transcript = _open_transcript(run, redactor)
        earlier = resume.spent_by(written, run.id)
        meter = Meter(_limits_of(run.notebook, rules), earlier)
        candidates = await choose_candidates(
            run,
            services.providers(),
            services.fallback_provider,
            tell=transcript.notice,
        )
        open_toolbox = partial(_open_toolbox, run, services)
        approvals = Approvals(run, rules)
        conversation = Conversation(
            run=run,
            cell=await _fill_prompt(run, services, transcript, meter),
            turns=_read_history(written, goes_on=not left_open),
            open_toolbox=partial(_offer_toolbox, open_toolbox, approvals),
            transcript=transcript,
            estimator=services.estimator,
            reach=lambda: services.reach(run),
            response_format=(answer.schema or None) if answer else None,
            redactor=redactor,
        )
        tool_runner = ToolRunner(open_toolbox, approvals, meter, transcript)
        loop = Loop(
            conversation=conversation,
            requester=TurnRequester(
                candidates, transcript, services.policy, services.tape(run), meter.watch
            ),
            tool_runner=tool_runner,
            meter=meter,
            transcript=transcript,
            time=run.workspace.clock.time,
            check=answer.complaint if answer else lambda _: None,
            turns_before=last_iteration(written),
            earlier=earlier,
        )
        return cls(loop, [tool_runner.reopen(call, output) for call, output in left_open])

    async def complete(self) -> AIResponse:
        """Run until the last answer and return it. Raise what ``Loop.run`` raises."""
        return await self.loop.run(self.left_open)


def _open_transcript(run: Run, redactor: Redactor) -> Transcript:
    """Return a transcript that tells the reader if the run goes on with an earlier prompt."""
    transcript = Transcript(run.writer, run.id, redactor)
    if run.resumed and resume.as_it_began(run).source != run.cell.source:
        transcript.notice("warning", _EDITED)
    return transcript


async def _fill_prompt(run: Run, services: Services, transcript: Transcript, meter: Meter) -> Cell:
    """Return the run's cell with the prompt that is sent. A run that goes on sends the same again:
    the values may be others by now."""
    cell = resume.as_it_began(run)
    if run.resumed:
        sent = resume.sent_prompt(_written_before(run))
        return cell if sent is None else replace(cell, source=sent)
    if asking_of(cell).raw:
        return cell
    async with meter.running():
        filled = await services.fill(run, cell.source)
    if notice := filled.notice():
        transcript.notice("warning", notice)
    if filled.text == cell.source:
        return cell
    transcript.quote(filled.text)
    return replace(cell, source=filled.text)


def _open_toolbox(run: Run, services: Services) -> Toolbox:
    return Toolbox(services.tools(run) if asking_of(run.cell).tools else ())


def _offer_toolbox(open_toolbox: Callable[[], Toolbox], approvals: Approvals) -> Toolbox:
    """Return the tools that the model is told of."""
    return Toolbox(one for one in open_toolbox() if approvals.policy_of(one) != "never")


def _written_before(run: Run) -> list[Output]:
    return run.notebook.outputs_of(run.cell.id) if run.resumed else []


def _read_history(written: Sequence[Output], *, goes_on: bool) -> list[Message]:
    """Return the turns that an earlier run wrote. If the run ``goes_on`` after its last answer, the
    model is told to continue; otherwise calls are open, and they are answered first."""
    turns = read_turns(written)
    if not goes_on:
        return turns
    turns = repair(turns)
    if turns and turns[-1].role == "assistant":
        turns.append(Message("user", _GO_ON))
    return turns


def _limits_of(notebook: Notebook, rules: Rules) -> Limits:
    """Return the rules' limits, with the notebook's own number of turns if that is lower: a file
    that somebody else wrote may not raise what a run may spend."""
    own = notebook.metadata.get("max_ai_iterations", "")
    is_number = own.isascii() and own.isdigit() and len(own) <= _MOST_DIGITS
    turns = int(own) if is_number else 0
    if not 0 < turns < rules.limits.turns:
        return rules.limits
    return rules.limits.model_copy(update={"turns": turns})
