"""Reads events of both vocabularies: that of ``events.md``, and that of the runt notebooks.

What is written in the latter (see `runt_pyodide.runt`) has a mark where their application shows it
in another way than it is meant. The mark is read here: a marked event stands for another event, or
for none. ``js/notebook/state/marks.js`` is the counterpart; docs/events.md states the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from . import events as ev

Vocabulary = Literal["default", "runt"]
MARK = "runt-pyodide"
"""The key of a mark in the metadata of an output's content, or of one of its representations."""
CARRIED = "application/vnd.runt-pyodide.delta+json"
"""The MIME type of a display that stands for the delta in it: earlier versions wrote such."""

_Worded = (
    ev.MultimediaDisplayOutputAdded
    | ev.MultimediaResultOutputAdded
    | ev.MultimediaDisplayOutputUpdated
    | ev.TerminalOutputAdded
    | ev.MarkdownOutputAdded
    | ev.ErrorOutputAdded
)


def read_event(wire: object) -> ev.Event | None:
    """Read an event of either vocabulary. Return None if its name is unknown, and if it is only for
    the readers of a runt notebook. Raise EventError."""
    event = ev.parse_event(wire)
    if not isinstance(event, _Worded):
        return event
    marks = _marks_of(event)
    if not marks:
        return event
    for mark in marks.values():
        if "delta" in mark:
            return ev.parse_event({"name": ev.OutputDelta.NAME, "args": mark["delta"]})
    for mark in marks.values():
        if "continues" in mark and isinstance(event, ev.TerminalOutputAdded):
            return _read_piece(event, mark["continues"])
        if "markdown" in mark:
            return _read_markdown(event, mark["markdown"])
        if "note" in mark:
            return None
    return _without_marks(event, marks)


def _marks_of(event: _Worded) -> dict[str, dict[str, Any]]:
    """Return the marks of an output, by MIME type; a text's under the empty one."""
    if isinstance(event, ev.TerminalOutputAdded | ev.MarkdownOutputAdded | ev.ErrorOutputAdded):
        found: Mapping[str, ev.Representation] = {"": event.content}
    else:
        found = event.representations
        carried = found.get(CARRIED)
        if isinstance(event, ev.MultimediaDisplayOutputAdded) and isinstance(carried, ev.Inline):
            return {CARRIED: {"delta": carried.data}}
    marks = {mime: (found[mime].metadata or {}).get(MARK) for mime in sorted(found)}
    return {mime: mark for mime, mark in marks.items() if isinstance(mark, dict)}


def _read_piece(event: ev.TerminalOutputAdded, continued: Any) -> ev.Event | None:
    """Read a terminal output that continues another."""
    delta = event.content.data if isinstance(event.content, ev.Inline) else None
    args = {**(continued if isinstance(continued, dict) else {}), "id": event.id, "delta": delta}
    return ev.parse_event({"name": ev.TerminalOutputAppended.NAME, "args": args})


def _read_markdown(event: _Worded, content: Any) -> ev.Event | None:
    """Read a Markdown output that is shown as something else."""
    args = ev.to_wire(event)["args"]
    return ev.parse_event(
        {"name": ev.MarkdownOutputAdded.NAME, "args": {**args, "content": content}}
    )


def _without_marks(event: _Worded, marks: dict[str, dict[str, Any]]) -> ev.Event | None:
    """Return the output as it was before some of its representations were replaced for readers."""
    if isinstance(event, ev.MarkdownOutputAdded | ev.ErrorOutputAdded | ev.TerminalOutputAdded):
        return event
    args = ev.to_wire(event)["args"]
    bundle = {
        mime: shown if mime not in marks else _unmarked(shown)
        for mime, shown in args["representations"].items()
        if marks.get(mime, {}).get("standIn") is not True
    }
    for mark in marks.values():
        if isinstance(kept := mark.get("kept"), dict):
            bundle |= kept
    return ev.parse_event({"name": event.NAME, "args": {**args, "representations": bundle}})


def _unmarked(representation: dict[str, Any]) -> dict[str, Any]:
    metadata = {key: value for key, value in representation["metadata"].items() if key != MARK}
    rest = {key: value for key, value in representation.items() if key != "metadata"}
    return {**rest, "metadata": metadata} if metadata else rest
