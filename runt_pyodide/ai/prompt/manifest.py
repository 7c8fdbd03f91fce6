"""What a model was sent in a turn, message by message, and what was cut or left out, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...errors import CellError
from ...llm.messages import Role
from ...notebook.state.output import Output

# A manifest stands in the log, once a turn.
_LISTED = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One message. ``source`` is the cell that it tells of, or "prompt", "turn" (of this run),
    "system" or "tools"; ``cut`` counts the characters that were left out of it."""

    role: Role
    source: str
    characters: int
    tokens: int
    images: int = 0
    cut: int = 0

    def to_json(self) -> dict[str, Any]:
        known: dict[str, Any] = {"role": self.role, "source": self.source}
        known |= {"characters": self.characters, "tokens": self.tokens}
        if self.images:
            known["images"] = self.images
        if self.cut:
            known["cut"] = self.cut
        return known


@dataclass(frozen=True, slots=True)
class Manifest:
    """``window`` is the model's in tokens, ``reserved`` what of it is kept for the answer, and
    ``tokens`` the estimate of all that was sent. ``hidden`` are cells above that are kept from
    models; ``no_room`` are those for which there was none: how many, the topmost and the lowest."""

    window: int
    reserved: int
    tokens: int
    entries: Sequence[Entry] = ()
    hidden: Sequence[str] = ()
    no_room: tuple[int, str, str] | None = None
    images_left_out: int = field(default=0)

    def to_json(self) -> dict[str, Any]:
        """For the output's metadata."""
        known: dict[str, Any] = {
            "window": self.window,
            "reserved": self.reserved,
            "tokens": self.tokens,
            "messages": [entry.to_json() for entry in self._summed_up()],
        }
        if self.hidden:
            known["hidden"] = list(self.hidden)
        if self.no_room is not None:
            count, first, last = self.no_room
            known["no_room"] = {"cells": count, "first": first, "last": last}
        if self.images_left_out:
            known["images_left_out"] = self.images_left_out
        return known

    def _summed_up(self) -> Iterator[Entry]:
        """The entries, those of the topmost cells as one where there are very many."""
        more = len(self.entries) - _LISTED
        if more <= 0:
            yield from self.entries
            return
        fixed = [entry for entry in self.entries if entry.role == "system"]
        top = self.entries[len(fixed) : len(fixed) + more + 1]
        yield from fixed
        yield Entry(
            "user",
            f"{top[0].source} to {top[-1].source}",
            sum(entry.characters for entry in top),
            sum(entry.tokens for entry in top),
            sum(entry.images for entry in top),
            sum(entry.cut for entry in top),
        )
        yield from self.entries[len(fixed) + more + 1 :]


def explain_outputs(outputs: Iterable[Output]) -> str:
    """What the model saw in each turn that an AI cell's outputs tell of, in Markdown.

    Raises CellError where they tell of none.
    """
    parts = [
        f"### Turn {output.anode.get('iteration')}\n\n{explain(output.anode['manifest'])}"
        for output in outputs
        if isinstance(output.anode.get("manifest"), Mapping)
    ]
    if not parts:
        raise CellError("Nothing is known of what a model saw: run the AI cell first.")
    return "\n\n".join(parts)


def explain(manifest: Mapping[str, Any]) -> str:
    """A manifest, as ``to_json`` gives it, in Markdown."""
    lines = [
        f"About {manifest['tokens']:,} tokens of a window of {manifest['window']:,}, of which "
        f"{manifest['reserved']:,} are kept for the answer.",
        "",
        "| message | role | characters | tokens | |",
        "| --- | --- | ---: | ---: | --- |",
    ]
    lines += [_row(entry) for entry in manifest["messages"]]
    if hidden := manifest.get("hidden"):
        lines += ["", f"Kept from models by the notebook: {', '.join(hidden)}."]
    if left := manifest.get("no_room"):
        which = f"from {left['first']} to {left['last']}" if left["cells"] > 1 else left["first"]
        lines += ["", f"No room for {left['cells']:,} cells above: {which}."]
    if images := manifest.get("images_left_out"):
        lines += ["", f"Images left out: {images}."]
    return "\n".join(lines)


def _row(entry: Mapping[str, Any]) -> str:
    notes = []
    if entry.get("images"):
        notes.append(f"images: {entry['images']}")
    if entry.get("cut"):
        notes.append(f"{entry['cut']:,} characters left out")
    numbers = f"{entry['characters']:,} | {entry['tokens']:,}"
    return f"| {entry['source']} | {entry['role']} | {numbers} | {', '.join(notes)} |"
