"""Writes the outputs of one execution: the one place that gives them ids, positions and sequence
numbers, and that joins streamed text.

Text is sent at once if nothing was sent for ``interval`` seconds. Otherwise it is joined and sent
when that time has passed, or before any other event: what a reader sees is never more than
``interval`` behind, and never out of order. Of the updates of a display, the last one is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import events as ev
from .clock import Clock, Emit, Timer
from .state.output import Output, merge
from .wire import count_on


class _Growing:
    """An output that takes deltas, numbered from ``next_number`` on."""

    def __init__(self, writer: OutputWriter, next_number: int = 0) -> None:
        self._writer = writer
        self._next_number = next_number

    def _delta(
        self, output_id: str, *, text: str = "", metadata: dict[str, Any] | None = None
    ) -> ev.Event:
        number, self._next_number = self._next_number, count_on(self._next_number)
        return ev.OutputDelta(
            id=self._writer.new_id(),
            cell_id=self._writer.cell_id,
            output_id=output_id,
            sequence_number=number,
            delta=ev.DeltaBody(text=text or None, metadata=metadata or None),
        )


class DisplayOutput(_Growing):
    """A display that was sent: its metadata may still change."""

    def __init__(
        self, writer: OutputWriter, output_id: str, next_number: int = 0, *, is_there: bool = True
    ) -> None:
        super().__init__(writer, next_number)
        self._metadata: dict[str, Any] = {}
        self.id = output_id
        self.is_there = is_there

    def annotate(self, metadata: dict[str, Any]) -> None:
        """Merge into the output's metadata, when the interval is over or with an earlier event."""
        self._metadata = merge(self._metadata, metadata)
        self._writer.changed(self, wait=True)

    def take_event(self) -> ev.Event:
        """Return the event for what has gathered since the last one."""
        metadata, self._metadata = self._metadata, {}
        return self._delta(self.id, metadata=metadata)


class TextOutput(_Growing):
    """One Markdown or terminal output that grows. It is added with its first text; one that may be
    ``late`` also after the end, but without text."""

    def __init__(
        self,
        writer: OutputWriter,
        stream: ev.StreamName | None,
        metadata: dict[str, Any],
        *,
        late: bool = False,
    ) -> None:
        super().__init__(writer)
        self._stream = stream
        self._late = late
        self._metadata = metadata
        self._text: list[str] = []
        self._position: int | None = None
        self.id: str | None = None

    @property
    def is_there(self) -> bool:
        return self._late or self.id is not None

    def append(self, text: str) -> None:
        if text and not self._writer.is_closed:
            self._text.append(text)
            self._place()
            self._writer.changed(self)

    def annotate(self, metadata: dict[str, Any]) -> None:
        """Merge into the output's metadata; adds the output, empty, if it is not there yet.

        This waits for the interval, so that what is said at the end is sent with the end itself.
        """
        self._metadata = merge(self._metadata, metadata)
        self._place()
        self._writer.changed(self, wait=True)

    def take_event(self) -> ev.Event:
        """Return the event for what has gathered since the last one."""
        text, metadata = "".join(self._text), self._metadata
        self._text, self._metadata = [], {}
        if self.id is None:
            return self._take_added(text, metadata or None)
        return self._delta(self.id, text=text, metadata=metadata)

    def _place(self) -> None:
        # The position is taken now and the event sent later: others may be written in between.
        if self._position is None:
            self._position = self._writer.next_position()

    def _take_added(self, text: str, metadata: dict[str, Any] | None) -> ev.Event:
        assert self._position is not None
        self.id, position = self._writer.new_id(), self._position
        content = ev.Inline(data=text, metadata=metadata)
        cell_id = self._writer.cell_id
        if self._stream is None:
            return ev.MarkdownOutputAdded(
                id=self.id, cell_id=cell_id, position=position, content=content
            )
        return ev.TerminalOutputAdded(
            id=self.id,
            cell_id=cell_id,
            position=position,
            content=content,
            stream_name=self._stream,
        )


class DisplayUpdate:
    """What all places of a display are to show, until it is sent."""

    is_there = True

    def __init__(self, writer: OutputWriter, display_id: str, bundle: ev.Bundle) -> None:
        self._displays = writer.displays
        self.writer = writer
        self.updated = ev.MultimediaDisplayOutputUpdated(
            display_id=display_id, representations=bundle
        )
        self._displays.take(self)

    def take_event(self) -> ev.Event:
        self._displays.forget(self.updated.display_id)
        return self.updated


class Displays:
    """The updates that wait to be sent, by display id. The writers of a session share it, since a
    display has places in several cells: what one writer shows replaces an update of another's."""

    def __init__(self) -> None:
        self._waiting: dict[str, DisplayUpdate] = {}

    def take(self, update: DisplayUpdate) -> None:
        """Take an update, in place of one that waits."""
        self.replace(update.updated.display_id)
        self._waiting[update.updated.display_id] = update

    def replace(self, display_id: str) -> None:
        """Send an update that waits no more, since something newer comes."""
        if (update := self.forget(display_id)) is not None:
            update.writer.drop(update)

    def forget(self, display_id: str) -> DisplayUpdate | None:
        return self._waiting.pop(display_id, None)


_Pending = TextOutput | DisplayOutput | DisplayUpdate


class OutputWriter:
    """Writes the outputs of one cell, in the order of the calls.

    ``there`` are the outputs that the cell has already: new ones come below them. ``displays`` is
    shared with the other writers of the session.
    """

    def __init__(
        self,
        emit: Emit,
        clock: Clock,
        cell_id: str,
        *,
        interval: float = 0.05,
        there: Sequence[Output] = (),
        displays: Displays | None = None,
    ) -> None:
        self._emit = emit
        self._clock = clock
        self._interval = interval
        self._position = count_on(max((output.position for output in there), default=-1))
        self.displays = displays or Displays()
        self._pending: dict[_Pending, None] = {}
        self._timer: Timer | None = None
        self._sent_at: float | None = None
        self._stream: tuple[ev.StreamName, TextOutput] | None = None
        self.is_closed = False
        self.cell_id = cell_id
        self.new_id = clock.new_id
        self.time = clock.time
        self.time_after = clock.timestamp

    def markdown(self, metadata: dict[str, Any] | None = None, *, late: bool = False) -> TextOutput:
        """Return a Markdown output to append to; ``late`` as in ``TextOutput``."""
        self._stream = None
        return TextOutput(self, None, metadata or {}, late=late)

    def stream(self, name: ev.StreamName, text: str) -> None:
        """Append to the last output if it is of this stream, else to a new one."""
        if self._stream is None or self._stream[0] != name:
            self._stream = (name, TextOutput(self, name, {}))
        self._stream[1].append(text)

    def display(self, bundle: ev.Bundle, display_id: str | None = None) -> DisplayOutput:
        """Add a display. The other places of its id, if there are any, show it too from now on."""
        if display_id is not None and not self.is_closed:
            self.displays.replace(display_id)
        added = ev.MultimediaDisplayOutputAdded(
            id=self.new_id(),
            cell_id=self.cell_id,
            position=self.next_position(),
            representations=bundle,
            display_id=display_id,
        )
        self._add(added)
        return DisplayOutput(self, added.id, is_there=not self.is_closed)

    def reopen(self, output: Output) -> DisplayOutput:
        """Return a display that an earlier session wrote, to annotate it further."""
        return DisplayOutput(self, output.id, output.next_number)

    def update_display(self, display_id: str, bundle: ev.Bundle) -> None:
        """Replace what every output with this display id shows."""
        if not self.is_closed:
            self.changed(DisplayUpdate(self, display_id, bundle))

    def result(self, bundle: ev.Bundle, execution_count: int) -> None:
        self._add(
            ev.MultimediaResultOutputAdded(
                id=self.new_id(),
                cell_id=self.cell_id,
                position=self.next_position(),
                representations=bundle,
                execution_count=execution_count,
            )
        )

    def error(self, ename: str, evalue: str, traceback: list[str]) -> None:
        data = {"ename": ename, "evalue": evalue, "traceback": traceback}
        self._add(
            ev.ErrorOutputAdded(
                id=self.new_id(),
                cell_id=self.cell_id,
                position=self.next_position(),
                content=ev.Inline(data=data),
            )
        )

    def clear(self, cleared_by: str, *, wait: bool = False) -> None:
        """Clear the cell's outputs, now or when the next one is added."""
        self._add(ev.CellOutputsCleared(cell_id=self.cell_id, wait=wait, cleared_by=cleared_by))

    def close(self) -> None:
        """Add no more outputs and no more text: the execution is over. Outputs that were sent, or
        may be late, may still be annotated, by a cell that says how far it came."""
        self.is_closed = True
        self._pending = {output: None for output in self._pending if output.is_there}

    def flush(self) -> None:
        """Send what was not sent yet."""
        if self._pending:
            self._send()

    def drain(self) -> list[ev.Event]:
        """Return what was not sent yet, for the caller to send together with the end."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        pending, self._pending = self._pending, {}
        return [output.take_event() for output in pending]

    def next_position(self) -> int:
        position, self._position = self._position, count_on(self._position)
        return position

    def drop(self, update: DisplayUpdate) -> None:
        """Do not send an update that waits."""
        self._pending.pop(update, None)

    def changed(self, output: _Pending, *, wait: bool = False) -> None:
        """Send what has gathered in ``output``: now if nothing was sent for the interval, unless
        it may ``wait``; else when the interval is over."""
        if self.is_closed and not output.is_there:
            return
        self._pending[output] = None
        left = 0.0
        if self._sent_at is not None:
            left = self._interval - (self._clock.time() - self._sent_at)
        if left <= 0 and not wait:
            self._send()
        elif self._timer is None:
            self._timer = self._clock.call_later(left if left > 0 else self._interval, self._send)

    def _add(self, event: ev.Event) -> None:
        self._stream = None
        if not self.is_closed:
            self._send(event)

    def _send(self, *events: ev.Event) -> None:
        if self._pending:
            self._sent_at = self._clock.time()
        self._emit([*self.drain(), *events])
