"""Events of outputs: added, appended to, updated, restored and cleared."""

from __future__ import annotations

from typing import Any, Literal

from .model import Bundle, Event, Integer, Number, Representation, WireModel

StreamName = Literal["stdout", "stderr"]
OutputKind = Literal["terminal", "markdown", "display", "result", "error"]


class TerminalOutputAdded(Event, name="v1.TerminalOutputAdded", by=("runtime",)):
    """Adds what code printed; the content's data is text."""

    id: str
    cell_id: str
    position: Number
    content: Representation
    stream_name: StreamName


class TerminalOutputAppended(Event, name="v2.TerminalOutputAppended", by=("runtime",)):
    """Appends text to what code printed, in the vocabulary of the runt notebooks."""

    id: str
    output_id: str
    delta: str
    sequence_number: Integer


class MarkdownOutputAdded(Event, name="v1.MarkdownOutputAdded", by=("runtime",)):
    """Adds Markdown, such as the answer of a model; the content's data is text."""

    id: str
    cell_id: str
    position: Number
    content: Representation


class MarkdownOutputAppended(Event, name="v2.MarkdownOutputAppended", by=("runtime",)):
    """Appends text to Markdown, in the vocabulary of the runt notebooks."""

    id: str
    output_id: str
    delta: str
    sequence_number: Integer


class MultimediaDisplayOutputAdded(Event, name="v1.MultimediaDisplayOutputAdded", by=("runtime",)):
    """Adds a display, or shows one again under its ``displayId``."""

    id: str
    cell_id: str
    position: Number
    representations: Bundle
    display_id: str | None = None


class MultimediaDisplayOutputUpdated(
    Event, name="v1.MultimediaDisplayOutputUpdated", by=("runtime",)
):
    """Replaces representations in all outputs that show the display."""

    display_id: str
    representations: Bundle


class MultimediaResultOutputAdded(Event, name="v1.MultimediaResultOutputAdded", by=("runtime",)):
    """Adds the value of a cell's last expression, or the table of an SQL cell."""

    id: str
    cell_id: str
    position: Number
    representations: Bundle
    execution_count: Integer


class ErrorOutputAdded(Event, name="v1.ErrorOutputAdded", by=("runtime",)):
    """Adds an error; the content's data is ``{ename, evalue, traceback}``, whose traceback is a
    list of lines."""

    id: str
    cell_id: str
    position: Number
    content: Representation


class CellOutputsCleared(Event, name="v1.CellOutputsCleared", by=("page", "runtime")):
    """Removes the outputs of a cell: at once, or if it is to ``wait``, when the next one
    arrives."""

    cell_id: str
    wait: bool
    cleared_by: str


class AllOutputsCleared(Event, name="v1.AllOutputsCleared", by=("page",)):
    """Removes the outputs of all cells."""

    cleared_by: str


class DeltaBody(WireModel):
    """What an OutputDelta brings: text to append, representations and metadata to merge."""

    text: str | None = None
    data: Bundle | None = None
    metadata: dict[str, Any] | None = None


class OutputDelta(Event, name="v1.OutputDelta", by=("runtime",)):
    """Adds to an output; deltas are numbered from 0 for each output."""

    id: str
    cell_id: str
    output_id: str
    sequence_number: Integer
    delta: DeltaBody


class RestoredOutput(WireModel):
    """An output as it stood: a terminal's or Markdown output's ``text``, a display's or result's
    ``bundle``, an error's ``error``; and the metadata that deltas left beside the
    representations' own."""

    kind: OutputKind
    text: str | None = None
    bundle: Bundle | None = None
    error: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    stream_name: StreamName | None = None
    display_id: str | None = None


class OutputRestored(Event, name="v1.OutputRestored", by=("page",)):
    """Adds an output that came complete, from a file or from compaction."""

    id: str
    cell_id: str
    position: Number
    output: RestoredOutput
    execution_count: Integer | None = None
