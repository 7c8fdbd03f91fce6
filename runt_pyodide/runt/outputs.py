"""Outputs as events of the runt notebooks: pieces of text, outputs that are added again, notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..ai.record.fields import AIRecord
from ..notebook import events as ev
from ..notebook.state.output import Output
from ..notebook.vocabulary import MARK
from .bundles import fit, mark

# Outputs stand at whole numbers: the pieces of a stream between its own and the next, and what is
# noted about an output right above it.
_PIECE = 2.0**-21
EDGE = 2.0**-22


def place_of(output: Output | ev.MarkdownOutputAdded, before: float = 0) -> dict[str, Any]:
    return {
        "id": output.id,
        "cell_id": output.cell_id,
        "position": output.position - before,
    }


def append(output: Output, event: ev.OutputDelta, text: str) -> ev.Event:
    number = event.sequence_number
    if output.kind == "markdown":
        return ev.MarkdownOutputAppended(
            id=event.id, output_id=output.id, delta=text, sequence_number=number
        )
    continues = {"outputId": output.id, "sequenceNumber": number}
    return ev.TerminalOutputAdded(
        id=event.id,
        cell_id=output.cell_id,
        position=output.position + min((number + 1) * _PIECE, 1 - _PIECE),
        content=ev.Inline(data=text, metadata={MARK: {"continues": continues}}),
        stream_name=output.stream_name or "stdout",
    )


def add_again(output: Output, event: ev.OutputDelta) -> ev.Event:
    """Return the output as it is now, which stands for the delta."""
    place, marks = place_of(output), {"delta": ev.to_wire(event)["args"]}
    if output.kind in ("display", "result"):
        bundle = fit(_with_metadata(output))
        last = max(bundle)
        bundle[last] = mark(bundle[last], **marks)
        if output.kind == "display":
            return ev.MultimediaDisplayOutputAdded(
                **place, representations=bundle, display_id=output.display_id
            )
        return ev.MultimediaResultOutputAdded(
            **place, representations=bundle, execution_count=output.execution_count or 0
        )
    data = output.error if output.kind == "error" else output.first_text
    content = mark(ev.Inline(data=data, metadata=output.metadata), **marks)
    if output.kind == "error":
        return ev.ErrorOutputAdded(**place, content=content)
    if output.kind == "markdown":
        return ev.MarkdownOutputAdded(**place, content=content)
    return ev.TerminalOutputAdded(
        **place, content=content, stream_name=output.stream_name or "stdout"
    )


def _with_metadata(output: Output) -> ev.Bundle:
    """Return the output's bundle; the representation that is read last has all its metadata."""
    if not output.bundle:
        return {}
    last = max(output.bundle)
    whole = output.bundle[last].model_copy(update={"metadata": output.metadata})
    return {**output.bundle, last: whole}


def note_notices(
    output: Output | ev.MarkdownOutputAdded, metadata: dict[str, Any] | None
) -> Iterator[ev.Event]:
    """Say above a text what happened meanwhile."""
    if notices := AIRecord.of_metadata(metadata or {}).notices:
        said = "\n".join(notice.text for notice in notices)
        yield note(output, f"{output.id}-notices", {"text/plain": said}, EDGE / 2)


def note(
    output: Output | ev.MarkdownOutputAdded, id: str, shown: dict[str, str], above: float
) -> ev.Event:
    return note_at({**place_of(output, above), "id": id}, shown)


def note_at(place: dict[str, Any], shown: dict[str, str]) -> ev.Event:
    bundle = {mime: mark(ev.Inline(data=text), note=True) for mime, text in shown.items()}
    return ev.MultimediaDisplayOutputAdded(**place, representations=bundle)
