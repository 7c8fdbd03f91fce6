"""An AI run as outputs: the text and thinking of its turns, what went on meanwhile, its calls, and
how each turn and the whole ended. The counterpart, which reads it, is ``turns.py``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal

from ...llm.messages import (
    Delta,
    FinishReason,
    TextDelta,
    ThinkingDelta,
    ToolCall,
    ToolCallDelta,
    Usage,
    UsageDelta,
)
from ...notebook.state.output import Output
from ...notebook.writer import DisplayOutput, OutputWriter, TextOutput
from ..tool import ToolResult
from . import calls as call_bundles

Ending = FinishReason | Literal["cancelled", "error"]
NoticeKind = Literal["retry", "fallback", "warning"]
CallState = Literal["pending", "waiting", "running", "success", "error", "denied", "cancelled"]


class Transcript:
    """Writes one run. Text and thinking are outputs of their own, in the order in which they came;
    how a turn ended stands in the metadata of its last one."""

    def __init__(self, writer: OutputWriter, run_id: str) -> None:
        self._writer = writer
        self._run_id = run_id
        self._last: TextOutput | DisplayOutput | None = None
        self.begin_turn(1)

    def begin_turn(self, iteration: int) -> None:
        self._source: dict[str, Any] = {"iteration": iteration, "run_id": self._run_id}
        self._waiting: dict[str, Any] = {}
        self._kind: type[Delta] | None = None
        self._output: TextOutput | None = None
        self._notices: list[dict[str, Any]] = []
        self.usage: Usage | None = None
        self.has_spoken = False
        self.spoke_at: float | None = None

    def ask(self, provider: str, model: str) -> None:
        """Say who is asked from here on."""
        self._source |= {"ai_provider": provider, "ai_model": model}
        if self._output is not None:
            self._annotate(ai_provider=provider, ai_model=model)

    def about(self, **anode: Any) -> None:
        """What is to stand on the turn's first output, whichever that will be."""
        if self._output is None:
            self._waiting |= anode
        else:
            self._annotate(**anode)

    def write(self, delta: Delta) -> None:
        """Text and thinking are written, usage is kept for the end; the rest is the loop's."""
        if isinstance(delta, UsageDelta):
            self.usage = delta.usage
        elif isinstance(delta, ToolCallDelta):
            self._note_speech()
        elif isinstance(delta, TextDelta | ThinkingDelta) and delta.text:
            self._note_speech()
            self._open(type(delta)).append(delta.text)

    def notice(self, kind: NoticeKind, text: str, seconds: float | None = None) -> None:
        """Tell the reader, in a sentence, what goes on; ``seconds`` is how long it will last."""
        notice: dict[str, Any] = {"kind": kind, "text": text}
        if seconds is not None:
            notice["until"] = self._writer.time_after(seconds)
        self._notices.append(notice)
        self._annotate(notices=list(self._notices))

    def end_turn(self, ending: Ending) -> None:
        """Say how it ended. A turn that ended well without a text leaves an empty one."""
        if self._output is None and ending in ("cancelled", "error"):
            return
        anode: dict[str, Any] = {"finish_reason": ending}
        if self.usage is not None:
            anode["usage"] = counts_of(self.usage)
        self._annotate(**anode)

    def end_run(self, summary: Mapping[str, Any]) -> None:
        """Leave the account of the run on what it wrote last, if it wrote anything."""
        if self._last is not None:
            self._last.annotate({"anode": {"run": dict(summary)}})

    def call(self, call: ToolCall, arguments: Mapping[str, Any] | str) -> CallOutput:
        """Write a call down; ``arguments`` is the model's text where it is no JSON object."""
        output = self._writer.display(call_bundles.build_call(call, arguments, self._source))
        return self._opened(output, call, arguments, self._source)

    def reopen_call(
        self, call: ToolCall, arguments: Mapping[str, Any] | str, output: Output
    ) -> CallOutput:
        """A call that an earlier session wrote and did not get to run."""
        source: dict[str, Any] = {
            key: output.anode[key] for key in ("iteration", "run_id") if key in output.anode
        }
        return self._opened(self._writer.reopen(output), call, arguments, source)

    def _opened(
        self,
        output: DisplayOutput,
        call: ToolCall,
        arguments: Mapping[str, Any] | str,
        source: dict[str, Any],
    ) -> CallOutput:
        self._last = output
        return CallOutput(self, self._writer, output, call, arguments, source)

    def wrote(self, output: DisplayOutput) -> None:
        self._last = output

    def _note_speech(self) -> None:
        self.has_spoken = True
        if self.spoke_at is None:
            self.spoke_at = self._writer.time()

    def _annotate(self, **anode: Any) -> None:
        (self._output or self._open(TextDelta)).annotate({"anode": anode})

    def _open(self, kind: type[TextDelta | ThinkingDelta]) -> TextOutput:
        if self._output is None or kind is not self._kind:
            anode = {"role": "assistant", **self._source, **self._waiting}
            if kind is ThinkingDelta:
                anode["thinking"] = True
            self._waiting = {}
            self._kind, self._output = kind, self._writer.markdown({"anode": anode})
            self._last = self._output
        return self._output


class CallOutput:
    """A call as it is shown, and then its result below it."""

    def __init__(
        self,
        transcript: Transcript,
        writer: OutputWriter,
        output: DisplayOutput,
        call: ToolCall,
        arguments: Mapping[str, Any] | str,
        source: Mapping[str, Any],
    ) -> None:
        self._transcript = transcript
        self._writer = writer
        self._output = output
        self._call = call
        self._arguments = arguments
        self._source = source
        self._began: float | None = None
        self.is_over = False

    def set_state(self, state: CallState, *, wait: bool = False) -> None:
        """Say how far it is; what ends the cell need not be said before that does (``wait``)."""
        anode: dict[str, Any] = {"state": state}
        if state == "running":
            self._began = self._writer.time()
        elif self._began is not None:
            anode["duration_ms"] = round((self._writer.time() - self._began) * 1000)
        self.is_over = state not in ("pending", "waiting", "running")
        self._output.annotate({"anode": anode})
        if not wait:
            self._writer.flush()

    def end(self, result: ToolResult, *, denied: bool = False) -> None:
        """Write the result down."""
        self.set_state("denied" if denied else "error" if result.failed else "success", wait=True)
        timestamp = self._writer.time_after(0)
        bundle = call_bundles.build_result(
            self._call, self._arguments, result, timestamp, self._source
        )
        self._transcript.wrote(self._writer.display(bundle))


def counts_of(usage: Usage) -> dict[str, int]:
    """What is known of it."""
    return {name: count for name, count in asdict(usage).items() if count is not None}
