"""What a model is told in a turn: the prompt, the run so far, and as much of the notebook above as
there is room for.

Cells are gathered from the prompt upward until the context window is full. A cell that is not sent
is not read, so the time depends on what is sent, not on the size of the notebook. A cell that does
not fit is tried once more in a shorter form. A long output is truncated before anything else is
done with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ...llm.messages import Image, Message, ToolSpec
from ...llm.tokens import estimate_message, estimate_tokens
from ...notebook.state import Cell, Notebook
from ...notebook.state.output import Output
from ..record.calls import fence
from ..record.fields import AIRecord, Manifest, ManifestEntry, NoRoom
from ..record.read import read_turns, repair
from ..record.resume import began_with, sent_prompt
from ..text import sizes
from ..text.hidden_cells import hidden_lines
from ..text.inline import part_pictures
from ..text.last_run import describe_last_run, untold_error
from ..text.output import clip, describe, images_of
from ..text.sizes import CellSize
from .cell_settings import Pictures, asking_of, has_prompt, pictures_of
from .frame import Frame, choose_frame
from .manifest import sum_up
from .own_turns import Weigh, fit_turns, shorten_all

# The part of the room that the state of turns above may take, as a divisor: cells matter more.
_STATE_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class Budget:
    """The model's context ``window`` in tokens, and the part of it that is ``reserved`` for the
    answer. Estimates of tokens, which ``weigh`` makes for messages, are multiplied by ``scale``.
    ``limit`` is the most that is sent, in estimates, if that is less; ``fixed`` is in estimates,
    too, and sent in any case beside the messages, the system prompt and the tools."""

    window: int
    reserved: int
    scale: float = 1.0
    weigh: Weigh = estimate_message
    limit: int | None = None
    fixed: int = 0

    @property
    def room(self) -> int:
        """How much may be sent besides what is fixed, in estimates."""
        room = round((self.window - self.reserved) / self.scale)
        return (room if self.limit is None else min(room, self.limit)) - self.fixed


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


@dataclass(frozen=True, slots=True)
class Context:
    """What is sent, in a ``frame``. ``estimate`` is the unscaled size in tokens of all of it.
    ``prompt_characters`` and ``prompt_tokens`` are of the prompt itself, and ``pictures`` its own,
    whether or not they are sent. Less than what ``is_least`` cannot be sent: it is the prompt
    alone. ``seen`` are the sources of the cells that it tells of, by the cells' ids."""

    messages: tuple[Message, ...]
    frame: Frame
    manifest: Manifest
    estimate: int
    prompt_characters: int
    prompt_tokens: int
    pictures: Pictures
    is_least: bool = False
    seen: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Told:
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


def build_context(
    notebook: Notebook,
    cell: Cell,
    turns: Sequence[Message] = (),
    *,
    budget: Budget,
    sees: bool = False,
    tools: Sequence[ToolSpec] = (),
    reach: Reach | None = None,
) -> Context:
    """Return what is sent in the next turn of the run of ``cell``, which so far consists of
    ``turns``; with images if the model ``sees``. It is told of what is in ``reach``: all cells
    above, unless this is said.

    The prompt and its images are never truncated. Everything else is shortened and at last left out
    if there is no room for it: the cells above, the tools, the system prompt, the own turns.
    """
    text, pictures = _part_prompt(cell)
    own_images = pictures.images if sees else ()
    asked = Message("user", text, images=own_images)
    prompt = _Told("prompt", [asked], budget.weigh)
    mine = [m if sees else replace(m, images=()) for m in repair(turns)]
    least = prompt.tokens + sum(budget.weigh(_marked(m)) for m in shorten_all(mine))
    frame = choose_frame(notebook, cell, tools, budget.room, least)
    room = budget.room - frame.tokens - prompt.tokens
    fitted = fit_turns(mine, room, lambda message: budget.weigh(_marked(message)))
    own = _Told("turn", [*map(_marked, fitted.messages)], budget.weigh, fitted.cut)
    most_images = max(sizes.IMAGES - len(own_images), 0) if sees else 0
    reach = _reach_of(notebook, cell, reach)
    answers_room = round(budget.window * reach.share / budget.scale)
    above = _Above(notebook, room - own.tokens, answers_room, budget.weigh, most_images)
    told = [*above.gather(reach), prompt, own]
    total = budget.fixed + frame.tokens + sum(one.tokens for one in told)
    manifest = Manifest(
        window=budget.window,
        reserved=budget.reserved,
        tokens=round(total * budget.scale),
        messages=sum_up([*_frame_entries(frame, budget.scale), *_entries(told, budget.scale)]),
        hidden=tuple(above.hidden),
        no_room=above.no_room,
        images_left_out=above.images_left_out + len(pictures) - len(own_images),
    )
    messages = tuple(message for one in told for message in one.messages)
    is_least = frame.is_empty and len(messages) == 1
    own_size = len(text), prompt.tokens
    return Context(messages, frame, manifest, total, *own_size, pictures, is_least, above.seen)


def _part_prompt(cell: Cell) -> tuple[str, Pictures]:
    """Return the text of a cell, and its pictures: those within its source, and those beside it."""
    text, inline = part_pictures(cell)
    beside = pictures_of(cell)
    return text, replace(beside, images=(*inline, *beside.images))


def _reach_of(notebook: Notebook, cell: Cell, reach: Reach | None) -> Reach:
    """Return the reach of a prompt; nothing, if the cell does without context."""
    if not asking_of(cell).context:
        return Reach((), 0)
    return reach or Reach.above(notebook, cell)


def _frame_entries(frame: Frame, scale: float) -> Iterator[ManifestEntry]:
    if prompt := frame.system_prompt:
        yield ManifestEntry("system", "system", len(prompt), round(estimate_tokens(prompt) * scale))
    if frame.tools:
        yield ManifestEntry("system", "tools", 0, round(frame.tool_tokens * scale))


def _entries(told: Sequence[_Told], scale: float) -> Iterator[ManifestEntry]:
    for one in told:
        yield from one.entries(scale)


def mark_data(text: str) -> str:
    """Return the text between two lines that it cannot contain, since they name its own hash. The
    same text always has the same lines, so that services find it in their caches and a recorded run
    matches."""
    mark = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"[data {mark}]\n{text}\n[end of data {mark}]"


class _Above:
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

    def gather(self, reach: Reach) -> list[_Told]:
        """Return the messages about the cells, in their order."""
        told: list[_Told] = []
        for place, above in enumerate(reach.upward()):
            if not above.ai_context_visible:
                self.hidden.append(above.id)
            elif has_prompt(above) and not self._add(above, told):
                if above.cell_type != "ai" or self._room <= self._answers_room:
                    self._leave_out(reach.cells[0], above, reach.count - place)
                    break
                self._answers_room = 0
                self._leave_out(above, above, 1)
        self.hidden.reverse()
        return told[::-1]

    def _add(self, cell: Cell, told: list[_Told]) -> bool:
        room = self._room if cell.cell_type != "ai" else min(self._room, self._answers_room)
        if room <= 0:
            return False
        outputs = self._notebook.outputs_of(cell.id)
        shown, beside = images_of(outputs), pictures_of(cell)
        told_of, pictures = cell, shown[: self._images]
        if cell.cell_type not in ("code", "sql"):
            text, beside = _part_prompt(cell)
            told_of, pictures = replace(cell, source=text), beside.images[: self._images]
        for size, seen in _forms(pictures):
            messages, cut = self._tell(told_of, outputs, size, seen)
            one = _Told(cell.id, messages, self._weigh, cut)
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
            self.seen[cell.id] = _source_told(self._notebook, cell)
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
        if state := describe_last_run(self._notebook, cell, outputs):
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
    asked = _source_told(notebook, cell)
    messages = [Message("user", clip(asked, size.source)[0], images=images)]
    half = _half_of(outputs)
    for place, message in enumerate(turns, 1):
        content, left_out = clip(message.content, size.message)
        if half and place == len(turns) and message.role == "assistant":
            content, left_out = f"{content}\n\n[{half}]", left_out
        cut += left_out
        # A service may have signed the whole text.
        state = message.state if size.state and content == message.content else ()
        messages.append(_marked(replace(message, content=content, state=state)))
    return messages, cut


def _source_told(notebook: Notebook, cell: Cell) -> str:
    """Return the source that a cell is told with: a prompt as it was answered."""
    if cell.cell_type == "ai" and (sent := sent_prompt(notebook.outputs_of(cell.id))):
        return sent
    entry = notebook.last_execution_of(cell.id) if cell.cell_type == "ai" else None
    began = began_with(notebook, entry) if entry else None
    return cell.source if began is None else began


def _half_of(outputs: Sequence[Output]) -> str | None:
    """Return what a model is told of an answer that is not whole; None if it is."""
    endings = [AIRecord.of(output).finish_reason for output in outputs]
    return _HALF.get(next(filter(None, reversed(endings)), "stop"))


_HALF: dict[str, str] = {
    "cancelled": "This answer was stopped by a person before its end.",
    "length": "This answer was cut off at the limit of output tokens.",
    "content_filter": "The service withheld the rest of this answer.",
    "error": "This answer broke off before its end.",
}


def _marked(message: Message) -> Message:
    if message.role != "tool" or not message.content:
        return message
    return replace(message, content=mark_data(message.content))
