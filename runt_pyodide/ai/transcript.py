"""An AI turn as outputs: its text, its thinking, what went on meanwhile, and how it ended."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from ..messages import Delta, FinishReason, TextDelta, ThinkingDelta, Usage, UsageDelta
from ..outputs import OutputWriter, TextOutput

Ending = FinishReason | Literal["cancelled", "error"]
NoticeKind = Literal["retry", "fallback", "warning"]


class Transcript:
    """Writes the deltas of one turn. Text and thinking are outputs of their own, in the order in
    which they came; how the turn ended stands in the metadata of the last one."""

    def __init__(self, writer: OutputWriter, iteration: int) -> None:
        self._writer = writer
        self._source: dict[str, Any] = {"role": "assistant", "iteration": iteration}
        self._kind: type[Delta] | None = None
        self._output: TextOutput | None = None
        self._notices: list[dict[str, Any]] = []
        self._usage: Usage | None = None
        self.has_spoken = False

    def ask(self, provider: str, model: str) -> None:
        """Say who is asked from here on."""
        self._source |= {"ai_provider": provider, "ai_model": model}
        if self._output is not None:
            self._annotate(ai_provider=provider, ai_model=model)

    def write(self, delta: Delta) -> None:
        """Text and thinking are written, usage is kept for the end; the rest is the loop's."""
        if isinstance(delta, UsageDelta):
            self._usage = delta.usage
        elif isinstance(delta, TextDelta | ThinkingDelta) and delta.text:
            self.has_spoken = True
            self._open(type(delta)).append(delta.text)

    def notice(self, kind: NoticeKind, text: str, seconds: float | None = None) -> None:
        """Tell the reader, in a sentence, what goes on; ``seconds`` is how long it will last."""
        notice: dict[str, Any] = {"kind": kind, "text": text}
        if seconds is not None:
            notice["until"] = self._writer.time_after(seconds)
        self._notices.append(notice)
        self._annotate(notices=list(self._notices))

    def end(self, ending: Ending) -> None:
        """Say how it ended. A turn that ended well without a text leaves an empty one."""
        if self._output is None and ending in ("cancelled", "error"):
            return
        anode: dict[str, Any] = {"finish_reason": ending}
        if self._usage is not None:
            counts = asdict(self._usage)
            anode["usage"] = {name: count for name, count in counts.items() if count is not None}
        self._annotate(**anode)

    def _annotate(self, **anode: Any) -> None:
        (self._output or self._open(TextDelta)).annotate({"anode": anode})

    def _open(self, kind: type[TextDelta | ThinkingDelta]) -> TextOutput:
        if self._output is None or kind is not self._kind:
            anode = {**self._source, **({"thinking": True} if kind is ThinkingDelta else {})}
            self._kind, self._output = kind, self._writer.markdown({"anode": anode})
        return self._output
