"""The two vocabularies of events: that of ``events.md``, and that of the runt notebooks.

The schema of the latter (runtimed/anode) only has deltas of text. Whatever else an ``OutputDelta``
brings (the state of a call, usage, how an answer ended) is sent as a display that carries it, under
a MIME type that other readers pass over; it is read back as the delta that it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from . import events as ev
from .events import OutputKind

Vocabulary = Literal["default", "runt"]
CARRIED = "application/vnd.runt-pyodide.delta+json"

# The runt schema has no place for these, and no reader of it would miss them.
_OURS = (ev.CellMetadataSet, ev.NotebookJsonSet, ev.ToolPolicySet, ev.OutputRestored)
_APPENDED = {"markdown": ev.MarkdownOutputAppended, "terminal": ev.TerminalOutputAppended}


def read_event(wire: object) -> ev.Event | None:
    """Read an event of either vocabulary; None if its name is unknown. Raise EventError."""
    event = ev.parse_event(wire)
    if not isinstance(event, ev.MultimediaDisplayOutputAdded):
        return event
    carried = event.representations.get(CARRIED)
    if not isinstance(carried, ev.Inline):
        return event
    return ev.parse_event({"name": ev.OutputDelta.NAME, "args": carried.data})


def word_for_runt(
    events: Iterable[ev.Event], kind_of: Callable[[str], OutputKind | None]
) -> Iterator[ev.Event]:
    """Yield the same events in the vocabulary of the runt notebooks, without those that are ours
    alone.

    ``kind_of`` returns the kind of the output that an id names. The sequence numbers of a text's
    deltas ascend, and may have gaps.
    """
    for event in events:
        match event:
            case ev.OutputDelta():
                yield from _word_delta(event, kind_of(event.output_id))
            case ev.ToolApprovalResponded():
                yield event.model_copy(update={"reason": None})
            case ev.CellSourceChanged():
                yield event.model_copy(update={"base": None})
            case ev.ExecutionStarted():
                yield event.model_copy(update={"execution_count": None})
            case _ if not isinstance(event, _OURS):
                yield event


def _word_delta(event: ev.OutputDelta, kind: OutputKind | None) -> Iterator[ev.Event]:
    appended = _APPENDED.get(kind or "")
    text = event.delta.text
    if appended is None or not text:
        yield _carry(event)
        return
    yield appended(
        id=event.id, output_id=event.output_id, delta=text, sequence_number=event.sequence_number
    )
    rest = event.delta.model_copy(update={"text": None})
    if rest.data or rest.metadata:
        yield _carry(event.model_copy(update={"id": f"{event.id}-rest", "delta": rest}))


def _carry(event: ev.OutputDelta) -> ev.Event:
    return ev.MultimediaDisplayOutputAdded(
        id=event.id,
        cell_id=event.cell_id,
        position=0,
        representations={CARRIED: ev.Inline(data=ev.to_wire(event)["args"])},
    )
