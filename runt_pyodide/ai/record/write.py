"""An AI run written as outputs: the text and thinking of its turns, notices, calls, and how each
turn and the whole run ended. `read` turns them back into messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...execution.run import Run
from ...llm.messages import (
    Delta,
    FinishDelta,
    Source,
    TextDelta,
    ThinkingDelta,
    ToolCall,
    ToolCallDelta,
    Usage,
    UsageDelta,
)
from ...llm.redaction import Redactor
from ...notebook.state.output import Output
from ...notebook.writer import DisplayOutput, OutputWriter, TextOutput
from .calls import Arguments, CallResult, build_call, build_result
from .changes import Change
from .fields import (
    OPEN_STATES,
    AIRecord,
    CallState,
    Ending,
    Manifest,
    Notice,
    NoticeKind,
    RunAccount,
)
from .resume import mark
from .service_state import State, write_state


def note_change(run: Run, change: Change) -> None:
    """Record a change that the run has made without a call, on its cell's last output, so that it
    can be undone."""
    run.writer.flush()
    if outputs := run.notebook.outputs_of(run.cell.id):
        new_id, record = run.workspace.clock.new_id(), AIRecord(change=change)
        run.workspace.commit([mark(outputs[-1], record, new_id)])


class Transcript:
    """Writes one run. Text and thinking are separate outputs, in the order in which they came; the
    metadata of a turn's last output says how the turn ended. Of the results of calls it writes what
    ``redactor`` leaves, which is what the model reads."""

    def __init__(self, writer: OutputWriter, run_id: str, redactor: Redactor) -> None:
        self._writer = writer
        self._redactor = redactor
        self._run_id = run_id
        self._last: TextOutput | DisplayOutput | None = None
        self._prompt: str | None = None
        self.begin_turn(1)

    def begin_turn(self, iteration: int) -> None:
        """Write to new outputs from here on."""
        self._source = AIRecord(run_id=self._run_id, iteration=iteration)
        self._manifest: Manifest | None = None
        self._kind: type[Delta] | None = None
        self._output: TextOutput | None = None
        self._notices: tuple[Notice, ...] = ()
        self._thinking: list[str] = []
        self._state: State = ()
        self._sources: tuple[Source, ...] = ()
        self._origin = ""
        self.usage: Usage | None = None
        self.has_spoken = False
        self.has_written = False
        """Whether the reader sees something of the turn: words or thinking."""
        self.has_text = False
        """Whether that is words."""
        self.spoke_at: float | None = None

    def ask(self, provider: str, model: str, origin: str = "") -> None:
        """Record who is asked from here on; ``origin`` names who is given the state back."""
        self._origin = origin
        self._source = replace(self._source, ai_provider=provider, ai_model=model)
        if self._output is not None:
            self._annotate(AIRecord(ai_provider=provider, ai_model=model))

    def quote(self, prompt: str) -> None:
        """Record the prompt as it is sent, on the run's first output."""
        self._prompt = self._redactor.text(prompt)

    def explain(self, manifest: Manifest) -> None:
        """Record what the model sees, on the turn's first output, whichever that will be."""
        if self._output is None:
            self._manifest = manifest
        else:
            self._annotate(AIRecord(manifest=manifest.to_json()))

    def start_over(self) -> Usage | None:
        """Ask once more for the turn. Return what was counted of it so far."""
        counted, self.usage = self.usage, None
        return counted

    def write(self, delta: Delta) -> None:
        """Write text and thinking, and keep the usage and the service's state for the end; the loop
        sees to the rest."""
        if isinstance(delta, UsageDelta):
            self.usage = delta.usage
        elif isinstance(delta, FinishDelta):
            self._state, self._sources = delta.state, delta.sources
        elif isinstance(delta, ToolCallDelta):
            self._note_speech()
        elif delta.text:
            self._note_speech()
            self.has_written = self.has_written or not delta.text.isspace()
            self.has_text = self.has_text or (
                isinstance(delta, TextDelta) and not delta.text.isspace()
            )
            self._open(type(delta)).append(delta.text)
            if isinstance(delta, ThinkingDelta):
                self._thinking.append(delta.text)

    def notice(self, kind: NoticeKind, text: str, seconds: float | None = None) -> None:
        """Tell the reader in a sentence what is going on; ``seconds`` is how long it will last."""
        until = None if seconds is None else self._writer.time_after(seconds)
        self._notices += (Notice(kind, text, until),)
        self._annotate(AIRecord(notices=self._notices))

    def end_turn(self, ending: Ending) -> None:
        """Record how the turn ended. One that ended well without any text leaves an empty text, and
        so does a run that was stopped before anything came: what was asked may have to be paid."""
        if self._output is None and ending == "cancelled" and self._last is None:
            self._open(TextDelta, late=True)
        if self._output is None and ending in ("cancelled", "error"):
            return
        state = write_state(self._state, "".join(self._thinking))
        origin = (self._origin or None) if state else None
        self._annotate(
            AIRecord(
                finish_reason=ending,
                usage=self.usage,
                origin=origin,
                service_state=state,
                sources=self._sources,
            )
        )

    def tell_account(self, account: RunAccount) -> None:
        """Write what the run took so far to its last output; if it has none and a service has
        counted something, to an empty text. The run is named too: the output may be gone by now,
        and what was spent counts all the same."""
        if self._last is None and account.usage is not None:
            self._open(TextDelta)
        if self._last is not None:
            self._last.annotate(AIRecord(run_id=self._run_id, run=account).to_metadata())

    def call(self, call: ToolCall, arguments: Arguments) -> CallOutput:
        """Write a call down."""
        source = replace(self._source, origin=self._origin)
        output = self._writer.display(build_call(call, arguments, source))
        return self._opened(output, call, arguments, self._source)

    def reopen_call(self, call: ToolCall, arguments: Arguments, output: Output) -> CallOutput:
        """Resume a call that an earlier session wrote but did not run."""
        return self._opened(self._writer.reopen(output), call, arguments, AIRecord.of(output))

    def _opened(
        self, output: DisplayOutput, call: ToolCall, arguments: Arguments, source: AIRecord
    ) -> CallOutput:
        self._last = output
        return CallOutput(self, self._writer, output, call, arguments, source, self._redactor)

    def wrote(self, output: DisplayOutput) -> None:
        """Note that this is now the run's last output."""
        self._last = output

    def _note_speech(self) -> None:
        self.has_spoken = True
        if self.spoke_at is None:
            self.spoke_at = self._writer.time()

    def _annotate(self, record: AIRecord) -> None:
        (self._output or self._open(TextDelta)).annotate(record.to_metadata())

    def _open(self, kind: type[TextDelta | ThinkingDelta], *, late: bool = False) -> TextOutput:
        if self._output is None or kind is not self._kind:
            manifest, self._manifest = self._manifest, None
            prompt, self._prompt = self._prompt, None
            record = replace(
                self._source,
                role="assistant",
                thinking=kind is ThinkingDelta,
                prompt=prompt,
                manifest=None if manifest is None else manifest.to_json(),
            )
            self._kind = kind
            self._output = self._last = self._writer.markdown(record.to_metadata(), late=late)
        return self._output


class CallOutput:
    """A call as it is shown, later with its result below it."""

    def __init__(
        self,
        transcript: Transcript,
        writer: OutputWriter,
        output: DisplayOutput,
        call: ToolCall,
        arguments: Arguments,
        source: AIRecord,
        redactor: Redactor,
    ) -> None:
        self._transcript = transcript
        self._writer = writer
        self._output = output
        self._call = call
        self._arguments = arguments
        self._source = source
        self._redactor = redactor
        self._began: float | None = None
        self.is_over = False

    def set_state(
        self, state: CallState, *, wait: bool = False, seen: Mapping[str, str] | None = None
    ) -> None:
        """Write the call's state, and the sources that it is ``seen`` to depend on; with ``wait``
        it may be sent with the events that follow."""
        duration: int | None = None
        if state == "running":
            self._began = self._writer.time()
        elif self._began is not None:
            duration = round((self._writer.time() - self._began) * 1000)
        self.is_over = state not in OPEN_STATES
        record = AIRecord(state=state, duration_ms=duration, seen=seen or None)
        self._output.annotate(record.to_metadata())
        if not wait:
            self._writer.flush()

    def end(self, result: CallResult, *, denied: bool = False) -> None:
        """Write the result down."""
        self.set_state("denied" if denied else "error" if result.failed else "success", wait=True)
        timestamp = self._writer.time_after(0)
        told = result.without_secrets(self._redactor)
        bundle = build_result(self._call, self._arguments, told, timestamp, self._source)
        self._transcript.wrote(self._writer.display(bundle))
