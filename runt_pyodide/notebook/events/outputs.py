"""Events of outputs: added, appended to, updated, restored and cleared."""

from __future__ import annotations

from typing import Any, Literal

from .model import Bundle, Event, Integer, Number, Representation, WireModel

StreamName = Literal["stdout", "stderr"]
OutputKind = Literal["terminal", "markdown", "display", "result", "error"]


class TerminalOutputAdded(Event, name="v1.TerminalOutputAdded"):
    id: str
    cell_id: str
    position: Number
    content: Representation
    stream_name: StreamName


class TerminalOutputAppended(Event, name="v2.TerminalOutputAppended"):
    id: str
    output_id: str
    delta: str
    sequence_number: Integer


class MarkdownOutputAdded(Event, name="v1.MarkdownOutputAdded"):
    id: str
    cell_id: str
    position: Number
    content: Representation


class MarkdownOutputAppended(Event, name="v2.MarkdownOutputAppended"):
    id: str
    output_id: str
    delta: str
    sequence_number: Integer


class MultimediaDisplayOutputAdded(Event, name="v1.MultimediaDisplayOutputAdded"):
    id: str
    cell_id: str
    position: Number
    representations: Bundle
    display_id: str | None = None


class MultimediaDisplayOutputUpdated(Event, name="v1.MultimediaDisplayOutputUpdated"):
    display_id: str
    representations: Bundle


class MultimediaResultOutputAdded(Event, name="v1.MultimediaResultOutputAdded"):
    id: str
    cell_id: str
    position: Number
    representations: Bundle
    execution_count: Integer


class ErrorOutputAdded(Event, name="v1.ErrorOutputAdded"):
    id: str
    cell_id: str
    position: Number
    content: Representation


class CellOutputsCleared(Event, name="v1.CellOutputsCleared"):
    cell_id: str
    wait: bool
    cleared_by: str


class AllOutputsCleared(Event, name="v1.AllOutputsCleared"):
    cleared_by: str


class DeltaBody(WireModel):
    """What an OutputDelta brings: text to append, representations and metadata to merge."""

    text: str | None = None
    data: Bundle | None = None
    metadata: dict[str, Any] | None = None


class OutputDelta(Event, name="v1.OutputDelta"):
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


class OutputRestored(Event, name="v1.OutputRestored"):
    """An output that came complete, from a file or from compaction."""

    id: str
    cell_id: str
    position: Number
    output: RestoredOutput
    execution_count: Integer | None = None
