"""What a model is told in a turn: the prompt, the run so far, and as much of the notebook above as
there is room for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ...llm.messages import Message, ToolSpec
from ...llm.tokens import estimate_message, estimate_tokens
from ...notebook.state import Cell, Notebook
from ..record.fields import Manifest, ManifestEntry
from ..record.read import repair
from ..text import sizes
from .above import Above, Reach, Told, marked, part_prompt
from .cell_settings import Pictures, asking_of
from .frame import Frame, choose_frame
from .manifest import sum_up
from .own_turns import Weigh, fit_turns, shorten_all


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
    text, pictures = part_prompt(cell)
    own_images = pictures.images if sees else ()
    prompt = Told("prompt", [Message("user", text, images=own_images)], budget.weigh)
    mine = [m if sees else replace(m, images=()) for m in repair(turns)]
    least = prompt.tokens + sum(budget.weigh(marked(m)) for m in shorten_all(mine))
    frame = choose_frame(notebook, cell, tools, budget.room, least)
    room = budget.room - frame.tokens - prompt.tokens
    fitted = fit_turns(mine, room, lambda message: budget.weigh(marked(message)))
    own = Told("turn", [*map(marked, fitted.messages)], budget.weigh, fitted.cut)
    most_images = max(sizes.IMAGES - len(own_images), 0) if sees else 0
    reach = _reach_of(notebook, cell, reach)
    answers_room = round(budget.window * reach.share / budget.scale)
    above = Above(notebook, room - own.tokens, answers_room, budget.weigh, most_images)
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


def _entries(told: Sequence[Told], scale: float) -> Iterator[ManifestEntry]:
    for one in told:
        yield from one.entries(scale)
