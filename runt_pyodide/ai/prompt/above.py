"""The cells above a prompt, as its model is told of them.

They are gathered from the prompt upward until there is no room. A cell that is not sent is not
read, so the time depends on what is sent, not on the size of the notebook. A cell that does not fit
is tried once more in a shorter form. A long output is truncated before anything else is done with
it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ...llm.messages import Image, Message
from ...notebook.state import Cell, Notebook
from ...notebook.state.output import Output
from ..record.calls import fence
from ..record.fields import AIRecord, ManifestEntry, NoRoom
from ..record.read import describe_sources, read_turns, repair
from ..record.resume import sent_prompt
from ..text import sizes
from ..text.hidden_cells import hidden_lines
from ..text.inline import part_pictures
from ..text.last_run import describe_last_code, earlier_prompt, untold_error
from ..text.output import clip, describe, images_of
from ..text.sizes import CellSize
from .cell_settings import Pictures, has_prompt, pictures_of
from .own_turns import Weigh

# The part of the room that the state of turns above may take, as a divisor: cells matter more.
_STATE_AT_MOST = 4
_RUN = ("ai", "code", "sql")


@dataclass(frozen=True, slots=True)
class Reach:
    """The cells that a prompt can be told of: the first ``count`` of ``cells``, of which AI cells
    may take this ``share`` of the context window."""

    cells: Sequence[Cell]
    count: int
    share: float = 1.0

    @classmethod
    def above(cls, notebook: Notebook, cell: Cell) -> Reach:
        """Return the reach of a prompt on a page: all cells above it."""
        return cls(notebook.cells_in_order(), notebook.place_of(cell.id))

    def upward(self) -> Iterator[Cell]:
        """Yield the cells, nearest first."""
        return (self.cells[place] for place in range(self.count - 1, -1, -1))


@dataclass(slots=True)
class Told:
    """The messages from one source: a cell, the prompt, or the run's own turns."""

    source: str
    messages: list[Message]
    weigh: Weigh
    cut: int = 0
    tokens: int = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = sum(map(self.weigh, self.messages))

    def entries(self, scale: float) -> Iterator[ManifestEntry]:
        for place, message in enumerate(self.messages):
            tokens = round(self.weigh(message) * scale)
            cut = self.cut if place == 0 else 0
            images = len(message.images)
            yield ManifestEntry(
                message.role, self.source, len(message.content), tokens, images, cut
            )


def part_prompt(cell: Cell) -> tuple[str, Pictures]:
    """Return the text of a cell, and its pictures: those within its source, and those beside it."""
    text, inline = part_pictures(cell)
    beside = pictures_of(cell)
    return text, replace(beside, images=(*inline, *beside.images))


def mark_data(text: str) -> str:
    """Return the text between two lines that it cannot contain, since they name its own hash. The
    same text always has the same lines, so that services find it in their caches and a recorded run
    matches."""
    mark = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"[data {mark}]\n{text}\n[end of data {mark}]"


class Above:
    """The cells above the prompt, gathered from the nearest upward while there is room, with at
    most this many images. AI cells may take only ``answers_room`` of it: from the first one that
    does not fit, they are left out."""

    def __init__(
        self, notebook: Notebook, room: int, answers_room: int, weigh: Weigh, images: int
    ) -> None:
        self._notebook = notebook
        self._weigh = weigh
        self._room = room
        self._answers_room = answers_room
        self._state_room = room // _STATE_AT_MOST
        self._images = images
        self._hidden_lines = hidden_lines(notebook)
        self.hidden: list[str] = []
        self.seen: dict[str, str] = {}
        self.no_room: NoRoom | None = None
        self.images_left_out = 0

    def gather(self, reach: Reach) -> list[Told]:
        """Return the messages about the cells, in their order."""
        told: list[Told] = []
        for place, above in enumerate(reach.upward()):
            if not above.ai_context_visible:
                self.hidden.append(above.id)
            elif self._shows_anything(above) and not self._add(above, told):
                if above.cell_type != "ai" or self._room <= self._answers_room:
                    self._leave_out(reach.cells[0], above, reach.count - place)
                    break
                self._answers_room = 0
                self._leave_out(above, above, 1)
        self.hidden.reverse()
        return told[::-1]

    def _shows_anything(self, cell: Cell) -> bool:
        """Return whether a cell has a text, or has run with one and what came of it is there."""
        if has_prompt(cell):
            return True
        entry = self._notebook.last_execution_of(cell.id)
        ran = entry is not None and bool(entry.source)
        return cell.cell_type in _RUN and (ran or bool(self._notebook.outputs_of(cell.id)))

    def _add(self, cell: Cell, told: list[Told]) -> bool:
        room = self._room if cell.cell_type != "ai" else min(self._room, self._answers_room)
        if room <= 0:
            return False
        outputs = self._notebook.outputs_of(cell.id)
        shown, beside = images_of(outputs), pictures_of(cell)
        told_of, pictures = cell, shown[: self._images]
        if cell.cell_type not in ("code", "sql"):
            text, beside = part_prompt(cell)
            told_of, pictures = replace(cell, source=text), beside.images[: self._images]
        for size, seen in _forms(pictures):
            messages, cut = self._tell(told_of, outputs, size, seen)
            one = Told(cell.id, messages, self._weigh, cut)
            state = self._weigh_state(messages)
            if one.tokens <= room and state <= self._state_room:
                break
        else:
            return False
        self._room -= one.tokens
        if cell.cell_type == "ai":
            self._answers_room -= one.tokens
        self._state_room -= state
        if one.messages:
            self._images -= len(seen)
            self.images_left_out += len(shown) + len(beside) - len(seen)
            self.seen[cell.id] = cell.source
            told.append(one)
        return True

    def _tell(
        self, cell: Cell, outputs: Sequence[Output], size: CellSize, images: tuple[Image, ...]
    ) -> tuple[list[Message], int]:
        """Return a cell as messages, truncated to ``size``, with these of its images; and the
        number of characters that were left out."""
        if cell.cell_type == "ai":
            return _tell_run(self._notebook, cell, outputs, size, images)
        source, cut = clip(cell.source, size.source)
        if cell.cell_type not in ("code", "sql"):
            return [Message("user", f"A {cell.cell_type} cell:\n\n{source}", images=images)], cut
        language = "python" if cell.cell_type == "code" else "sql"
        parts = [f"A {cell.cell_type} cell:\n{fence(source, language)}"]
        if state := describe_last_code(self._notebook, cell, outputs):
            parts.append(state)
        if error := untold_error(self._notebook, cell, outputs):
            parts.append(f"Its error:\n{mark_data(clip(error, size.output)[0])}")
        for output in outputs:
            text, left_out = describe(output, size.output, self._hidden_lines)
            cut += left_out
            if text.strip():
                parts.append(f"Its output:\n{mark_data(text)}")
        return [Message("user", "\n\n".join(parts), images=images)], cut

    def _weigh_state(self, messages: Sequence[Message]) -> int:
        stateful = [message for message in messages if message.state]
        return sum(self._weigh(m) - self._weigh(replace(m, state=())) for m in stateful)

    def _leave_out(self, first: Cell, last: Cell, count: int) -> None:
        """Note that there was no room for so many cells more, from the ``first`` to the ``last``,
        which are above those that were left out before."""
        if before := self.no_room:
            self.no_room = NoRoom(before.cells + count, first.id, before.last)
        else:
            self.no_room = NoRoom(count, first.id, last.id)


def _forms(pictures: tuple[Image, ...]) -> Iterator[tuple[CellSize, tuple[Image, ...]]]:
    """Yield the forms in which a cell is told of, the longest first."""
    yield sizes.FULL_CELL, pictures
    yield replace(sizes.FULL_CELL, state=False), pictures
    yield sizes.SHORT_CELL, pictures
    if pictures:
        yield sizes.SHORT_CELL, ()


def _tell_run(
    notebook: Notebook,
    cell: Cell,
    outputs: Sequence[Output],
    size: CellSize,
    images: tuple[Image, ...],
) -> tuple[list[Message], int]:
    """Return an earlier AI cell in the same way; no messages if it has no answer, since the model
    would seem to have ignored the prompt."""
    turns = repair(read_turns(outputs))
    if not turns:
        return [], 0
    cut = 0
    messages = [Message("user", _tell_prompt(notebook, cell, size), images=images)]
    half = _half_of(outputs)
    for place, message in enumerate(turns, 1):
        content, left_out = clip(message.content, size.message)
        if half and place == len(turns) and message.role == "assistant":
            content, left_out = f"{content}\n\n[{half}]", left_out
        cut += left_out
        # A service may have signed the whole text.
        state = message.state if size.state and content == message.content else ()
        messages.append(marked(replace(message, content=content, state=state)))
    if pages := describe_sources(outputs):
        text, left_out = clip(pages, size.output)
        messages.append(Message("user", f"{_SOURCES}\n{mark_data(text)}"))
        cut += left_out
    return messages, cut


def _tell_prompt(notebook: Notebook, cell: Cell, size: CellSize) -> str:
    """Return the prompt that a run answers, and what has become of it since. The source of ``cell``
    has names in place of its files."""
    raw = notebook.cells[cell.id]
    earlier = earlier_prompt(notebook, raw)
    sent = sent_prompt(notebook.outputs_of(cell.id)) or earlier
    if sent is None:
        return clip(cell.source, size.source)[0]
    then = clip(part_pictures(replace(raw, source=sent))[0], size.source)[0]
    if earlier is None:
        return then
    if not cell.source.strip():
        return f"{then}\n\n[{_DELETED}]"
    return f"{then}\n\n[{_CHANGED}]\n{clip(cell.source, size.source)[0]}"


def _half_of(outputs: Sequence[Output]) -> str | None:
    """Return what a model is told of an answer that is not whole; None if it is."""
    endings = [AIRecord.of(output).finish_reason for output in outputs]
    return _HALF.get(next(filter(None, reversed(endings)), "stop"))


_SOURCES = "The service found these pages on the web for the answer above:"
_DELETED = "The text of this prompt was deleted since; the answer is to what it was."
_CHANGED = "This prompt was changed since; the answer is to the text above. It reads now:"
_HALF: dict[str, str] = {
    "cancelled": "This answer was stopped by a person before its end.",
    "length": "This answer was cut off at the limit of output tokens.",
    "content_filter": "The service withheld the rest of this answer.",
    "error": "This answer broke off before its end.",
}


def marked(message: Message) -> Message:
    if message.role != "tool" or not message.content:
        return message
    return replace(message, content=mark_data(message.content))
