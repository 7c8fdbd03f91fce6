"""An AI turn as outputs: its text, its thinking, and how it ended."""

from __future__ import annotations

from typing import Any, Literal

from ..messages import Delta, FinishReason, TextDelta, ThinkingDelta, Usage
from ..outputs import OutputWriter, TextOutput

Ending = FinishReason | Literal["cancelled", "error"]


class Transcript:
    """Writes the deltas of one turn. Text and thinking are outputs of their own, in the order in
    which they came; how the turn ended stands in the metadata of the last one."""

    def __init__(self, writer: OutputWriter, provider: str, model: str, iteration: int) -> None:
        self._writer = writer
        self._source = {"ai_provider": provider, "ai_model": model, "iteration": iteration}
        self._kind: type[Delta] | None = None
        self._output: TextOutput | None = None

    def write(self, delta: Delta) -> None:
        """Text and thinking are written; the rest is the loop's."""
        if isinstance(delta, TextDelta | ThinkingDelta):
            self._open(type(delta)).append(delta.text)

    def end(self, ending: Ending, usage: Usage | None = None) -> None:
        """Say how it ended. A turn that ended well without a text leaves an empty one."""
        if self._output is None and ending in ("cancelled", "error"):
            return
        anode: dict[str, Any] = {"finish_reason": ending}
        if usage is not None:
            counts = {name: getattr(usage, name) for name in usage.__slots__}
            anode["usage"] = {name: count for name, count in counts.items() if count is not None}
        (self._output or self._open(TextDelta)).annotate({"anode": anode})

    def _open(self, kind: type[TextDelta | ThinkingDelta]) -> TextOutput:
        if self._output is None or kind is not self._kind:
            anode = {"role": "assistant", **self._source}
            if kind is ThinkingDelta:
                anode["thinking"] = True
            self._kind, self._output = kind, self._writer.markdown({"anode": anode})
        return self._output
