"""One output of a cell, folded from the event that added it and the deltas that followed.

Each delta counts once, in the order of the sequence numbers, whatever the order in which deltas
come. They are kept as they come, and folded when the output is read: only the new ones, or all of
them if one came late.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, assert_never

from .. import events as ev
from ..wire import count_on

OutputAdded = (
    ev.TerminalOutputAdded
    | ev.MarkdownOutputAdded
    | ev.MultimediaDisplayOutputAdded
    | ev.MultimediaResultOutputAdded
    | ev.ErrorOutputAdded
    | ev.OutputRestored
)


class Delta(NamedTuple):
    number: int
    id: str
    body: ev.DeltaBody


@dataclass(frozen=True, slots=True)
class _Added:
    """What an output has before its deltas. ``metadata`` is apart from the representations' own."""

    kind: ev.OutputKind
    metadata: dict[str, Any] | None = None
    text: str = ""
    bundle: ev.Bundle | None = None
    error: dict[str, Any] | None = None
    stream_name: ev.StreamName | None = None
    display_id: str | None = None
    execution_count: int | None = None


class Output:
    """An output as it stands now.

    ``text`` holds the text of a terminal or Markdown output, ``bundle`` the representations of a
    display or result by MIME type, ``error`` the {ename, evalue, traceback} of an error.
    ``metadata`` is that of the representations, with the deltas merged in. A terminal output has a
    ``stream_name``, a result an ``execution_count``; updates of a display name its ``display_id``.
    """

    def __init__(self, event: OutputAdded) -> None:
        self._added = added = _read_added(event)
        self.id = event.id
        self.cell_id = event.cell_id
        self.position = event.position
        self.kind = added.kind
        self.error = added.error or {}
        self.stream_name = added.stream_name
        self.display_id = added.display_id
        self.execution_count = added.execution_count
        self._seen: set[str] = set()
        self._deltas: list[Delta] = []
        self._replaced: ev.Bundle | None = None
        self._stale = True
        self._folded = 0
        self._text: list[str] = []
        self._bundle: ev.Bundle = {}
        self._metadata: dict[str, Any] = {}

    @property
    def first_text(self) -> str:
        """The text that it was added with, before its deltas."""
        return self._added.text

    @property
    def text(self) -> str:
        self._fold()
        if len(self._text) > 1:
            self._text = ["".join(self._text)]
        return self._text[0] if self._text else ""

    @property
    def bundle(self) -> ev.Bundle:
        self._fold()
        return self._bundle

    @property
    def metadata(self) -> dict[str, Any]:
        self._fold()
        return self._metadata

    @property
    def next_number(self) -> int:
        """Return the sequence number of the next delta."""
        return count_on(max((delta.number for delta in self._deltas), default=-1))

    def add_delta(self, delta: Delta) -> None:
        if delta.id in self._seen:
            return
        self._seen.add(delta.id)
        if self._deltas and delta[:2] < self._deltas[-1][:2]:
            self._stale = True
        self._deltas.append(delta)

    def update(self, representations: ev.Bundle) -> None:
        """Replace the bundle that was added, as an update of its display id does.

        Deltas are applied on top of it, whichever came first: a store's tables do not tell.
        """
        self._replaced = representations
        self._stale = True

    def _fold(self) -> None:
        """Apply the deltas that came since the last read, or all of them if one came late."""
        if self._stale:
            # Two writers may use the same number: the id decides, so that every reader agrees.
            self._deltas.sort(key=lambda delta: delta[:2])
            self._start_over()
            self._stale = False
        for delta in self._deltas[self._folded :]:
            self._apply(delta.body)
        self._folded = len(self._deltas)

    def _start_over(self) -> None:
        added = self._added
        self._folded, self._text, self._bundle, self._metadata = 0, [added.text], {}, {}
        self._show(self._replaced if self._replaced is not None else added.bundle or {})
        self._metadata = merge(self._metadata, added.metadata or {})

    def _apply(self, body: ev.DeltaBody) -> None:
        if body.text:
            self._text.append(body.text)
        if body.data:
            self._show(body.data)
        if body.metadata:
            self._metadata = merge(self._metadata, body.metadata)

    def _show(self, representations: ev.Bundle) -> None:
        self._bundle = {**self._bundle, **representations}
        # Sorted by MIME type, since a JSON object has no order.
        for _, representation in sorted(representations.items()):
            self._metadata = merge(self._metadata, representation.metadata or {})


def merge(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return ``old`` with ``new`` merged into it, nested objects likewise."""
    merged = dict(old)
    for key, value in new.items():
        before = merged.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            value = merge(before, value)
        merged[key] = value
    return merged


def _read_added(event: OutputAdded) -> _Added:
    match event:
        case ev.TerminalOutputAdded():
            text = _read_text(event.content)
            return _Added(
                "terminal", event.content.metadata, text=text, stream_name=event.stream_name
            )
        case ev.MarkdownOutputAdded():
            return _Added("markdown", event.content.metadata, text=_read_text(event.content))
        case ev.MultimediaDisplayOutputAdded():
            return _Added("display", bundle=event.representations, display_id=event.display_id)
        case ev.MultimediaResultOutputAdded():
            count = event.execution_count
            return _Added("result", bundle=event.representations, execution_count=count)
        case ev.ErrorOutputAdded():
            return _Added("error", event.content.metadata, error=_read_error(event.content))
        case ev.OutputRestored():
            return _read_restored(event.output, event.execution_count)
        case _:
            assert_never(event)


def _read_text(content: ev.Representation) -> str:
    return content.data if isinstance(content, ev.Inline) and isinstance(content.data, str) else ""


def _read_error(content: ev.Representation) -> dict[str, Any] | None:
    return (
        content.data if isinstance(content, ev.Inline) and isinstance(content.data, dict) else None
    )


def _read_restored(output: ev.RestoredOutput, execution_count: int | None) -> _Added:
    """Return what a restored output holds, but only what an output of its kind can have."""
    kind, metadata = output.kind, output.metadata
    match kind:
        case "terminal":
            stream = output.stream_name or "stdout"
            return _Added(kind, metadata, text=output.text or "", stream_name=stream)
        case "markdown":
            return _Added(kind, metadata, text=output.text or "")
        case "display":
            return _Added(kind, metadata, bundle=output.bundle, display_id=output.display_id)
        case "result":
            return _Added(kind, metadata, bundle=output.bundle, execution_count=execution_count)
        case "error":
            return _Added(kind, metadata, error=output.error)
        case _:
            assert_never(kind)
