"""A model's thinking, folded, as the runt notebooks' application shows it: as the Markdown that it
is, it would look like the answer, and be joined with that.

It is a display, which has no deltas: it is added again with more, whenever it has doubled, and once
it is over. So what is written is at most twice as long as what was thought.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

from ..notebook import events as ev
from ..notebook.state.output import merge
from .bundles import mark

_FIRST = 200
"""Characters before which it is not worth the while to send more."""


@dataclass(slots=True)
class Thought:
    """A thinking output that was sent up to ``sent`` characters, and what has come since."""

    sent: int
    held: ev.OutputDelta | None = None

    def take(self, delta: ev.OutputDelta) -> bool:
        """Hold a delta; return whether what is held should be sent now."""
        self.held = delta if self.held is None else _join(self.held, delta)
        size = len(self.held.delta.text or "")
        return self.held.delta.metadata is not None or size >= max(self.sent, _FIRST)


def show_thought(
    place: dict[str, Any],
    text: str,
    metadata: dict[str, Any] | None,
    delta: ev.OutputDelta | None = None,
) -> ev.Event:
    """Return the display of a thinking output as it stands, with this delta the last."""
    content = ev.Inline(data=text, metadata=metadata)
    marks: dict[str, Any] = {"markdown": content.model_dump(by_alias=True, exclude_none=True)}
    if delta is not None:
        marks["delta"] = ev.to_wire(delta)["args"]
    shown = mark(ev.Inline(data=_fold(text)), **marks)
    return ev.MultimediaDisplayOutputAdded(**place, representations={"text/markdown": shown})


def _fold(text: str) -> str:
    # One line of HTML: nothing in it is read as Markdown, and no text in it ends it.
    lines = html.escape(text).replace("\r", "&#13;").replace("\n", "&#10;")
    style = "white-space: pre-wrap"
    return f'<details><summary>Thinking</summary><div style="{style}">{lines}</div></details>'


def _join(earlier: ev.OutputDelta, later: ev.OutputDelta) -> ev.OutputDelta:
    old, new = earlier.delta, later.delta
    metadata = merge(old.metadata or {}, new.metadata or {}) or None
    body = ev.DeltaBody(text=(old.text or "") + (new.text or ""), metadata=metadata)
    return later.model_copy(update={"delta": body})
