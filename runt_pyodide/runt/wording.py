"""Words what a runtime writes for a runt notebook.

- Text for a Markdown output is a delta. Text for a terminal output is a further output of its
  stream.
- What else a delta brings has no event there: the output is added again under its id, with all that
  it is now.
- Thinking is folded, and between two other Markdown outputs there is a rule.
- What people read beside an output or an execution (notices, that a run was stopped, why another
  was not run) becomes a note: an output of its own that only that application's readers see.
- All else that is ours alone is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from ..ai.record.fields import AIRecord
from ..notebook import events as ev
from ..notebook.state import Notebook
from ..notebook.state.output import Output
from ..notebook.wire import count_on
from .bundles import fit
from .outputs import EDGE, add_again, append, note, note_at, note_notices, place_of
from .thinking import Thought, show_thought

# The runt schema has no place for these, and no reader of it would miss them.
_OURS = (ev.CellMetadataSet, ev.NotebookJsonSet, ev.ToolPolicySet, ev.OutputRestored)
# Fields of ours, by the events that have them.
_OUR_FIELDS: dict[type[ev.Event], str] = {
    ev.ToolApprovalResponded: "reason",
    ev.CellSourceChanged: "base",
    ev.ExecutionStarted: "execution_count",
}
_Bundled = (
    ev.MultimediaDisplayOutputAdded
    | ev.MultimediaResultOutputAdded
    | ev.MultimediaDisplayOutputUpdated
)

_Added = (
    ev.TerminalOutputAdded
    | ev.MarkdownOutputAdded
    | ev.MultimediaDisplayOutputAdded
    | ev.MultimediaResultOutputAdded
    | ev.ErrorOutputAdded
)


class Wording:
    """Words events for a runt notebook, of which ``notebook`` is the state with them folded in."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook
        self._thoughts: dict[str, Thought] = {}
        self._ruled: set[str] = set()
        # Cells that are cleared by the next output, which nothing that is only worded may bring.
        self._to_clear: set[str] = set()

    def word(self, events: Iterable[ev.Event]) -> Iterator[ev.Event]:
        """Yield what stands for the events. A runtime adds an output before it writes to it."""
        for event in events:
            if self._thoughts and not isinstance(event, ev.OutputDelta):
                yield from self._end_thoughts(getattr(event, "cell_id", None))
            yield from self._word(event)
            self._follow_clears(event)

    def _word(self, event: ev.Event) -> Iterator[ev.Event]:
        match event:
            case ev.OutputDelta():
                yield from self._word_delta(event)
            case ev.MarkdownOutputAdded():
                yield from note_notices(event, event.content.metadata)
                yield from self._word_markdown(event)
            case _ if isinstance(event, _Bundled):
                yield event.model_copy(update={"representations": fit(event.representations)})
            case ev.ExecutionCompleted():
                if event.status == "cancelled":
                    yield from self._note_end(event, "Stopped.")
                yield event
            case ev.ExecutionCancelled():
                yield from self._note_end(event, event.reason)
                yield event
            case _ if ours := _OUR_FIELDS.get(type(event)):
                yield event.model_copy(update={ours: None})
            case _ if not isinstance(event, _OURS):
                yield event

    def _word_delta(self, event: ev.OutputDelta) -> Iterator[ev.Event]:
        output = self._notebook.output(event.output_id)
        if output is None:  # it was cleared meanwhile
            return
        text, rest = event.delta.text, event.delta.model_copy(update={"text": None})
        if output.cell_id in self._to_clear:
            if text and output.kind == "markdown" and not _is_thinking(output):
                yield append(output, event, text)
            return
        yield from note_notices(output, event.delta.metadata)
        if _is_thinking(output):
            thought = self._thoughts.setdefault(output.id, Thought(len(output.text)))
            if thought.take(event):
                yield from self._send(output, thought)
            return
        if text and output.kind in ("markdown", "terminal"):
            yield append(output, event, text)
            event = event.model_copy(update={"id": f"{event.id}-rest"})
        if rest.data or rest.metadata:
            yield add_again(output, event.model_copy(update={"delta": rest}))

    def _follow_clears(self, event: ev.Event) -> None:
        match event:
            case ev.CellOutputsCleared(cell_id=cell_id, wait=True):
                self._to_clear.add(cell_id)
            case ev.CellOutputsCleared(cell_id=cell_id):
                self._to_clear.discard(cell_id)
            case _ if isinstance(event, _Added):
                self._to_clear.discard(event.cell_id)

    def _word_markdown(self, event: ev.MarkdownOutputAdded) -> Iterator[ev.Event]:
        output = self._notebook.output(event.id)
        if output is not None and _is_thinking(output):
            text = _text_of(event.content)
            self._thoughts[event.id] = Thought(len(text))
            yield show_thought(place_of(event), text, event.content.metadata)
            return
        outputs = self._notebook.outputs_of(event.cell_id)
        for upper, lower in pairwise(outputs):
            if event.id in (upper.id, lower.id) and self._needs_rule(upper, lower):
                self._ruled.add(lower.id)
                yield note(lower, f"{lower.id}-rule", {"text/markdown": "---"}, EDGE)
        yield event

    def _needs_rule(self, upper: Output, lower: Output) -> bool:
        return _is_answer(upper) and _is_answer(lower) and lower.id not in self._ruled

    def _end_thoughts(self, cell_id: str | None) -> Iterator[ev.Event]:
        """Send the rest of what was thought in a cell in which something else happens now."""
        for output_id, thought in list(self._thoughts.items()):
            output = self._notebook.output(output_id)
            if output is None or output.cell_id == cell_id:
                del self._thoughts[output_id]
                if output is not None and thought.held is not None:
                    yield from self._send(output, thought)

    def _send(self, output: Output, thought: Thought) -> Iterator[ev.Event]:
        yield show_thought(place_of(output), output.text, output.metadata, thought.held)
        thought.held, thought.sent = None, len(output.text)

    def _note_end(
        self, event: ev.ExecutionCompleted | ev.ExecutionCancelled, text: str
    ) -> Iterator[ev.Event]:
        """Say below a cell how its execution ended."""
        if event.cell_id in self._notebook.cells and event.cell_id not in self._to_clear:
            outputs = self._notebook.outputs_of(event.cell_id)
            place = {
                "id": f"{event.queue_id}-end",
                "cell_id": event.cell_id,
                "position": count_on(max((one.position for one in outputs), default=0)) - EDGE,
            }
            yield note_at(place, {"text/plain": text})


def _text_of(content: ev.Representation) -> str:
    return content.data if isinstance(content, ev.Inline) and isinstance(content.data, str) else ""


def _is_thinking(output: Output) -> bool:
    return output.kind == "markdown" and AIRecord.of(output).thinking


def _is_answer(output: Output) -> bool:
    return output.kind == "markdown" and not AIRecord.of(output).thinking
