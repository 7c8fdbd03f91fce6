"""What a model was sent in a turn, message by message; what was truncated or left out, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...errors import CellError
from ...notebook.state.output import Output
from ..record.fields import AIRecord, Manifest, ManifestEntry, manifest_of

# Bounded, since the event log holds a manifest for every turn.
_LISTED = 100


def sum_up(entries: Sequence[ManifestEntry]) -> tuple[ManifestEntry, ...]:
    """Return the entries; if there are very many, those of the topmost cells are made into one."""
    more = len(entries) - _LISTED
    if more <= 0:
        return tuple(entries)
    fixed = [entry for entry in entries if entry.role == "system"]
    top = entries[len(fixed) : len(fixed) + more + 1]
    summed_up = ManifestEntry(
        "user",
        f"{top[0].source} to {top[-1].source}",
        sum(entry.characters for entry in top),
        sum(entry.tokens for entry in top),
        sum(entry.images for entry in top),
        sum(entry.cut for entry in top),
    )
    return (*fixed, summed_up, *entries[len(fixed) + more + 1 :])


def explain_outputs(outputs: Iterable[Output]) -> str:
    """Return in Markdown what the model saw in each turn that an AI cell's outputs record.

    Raise CellError if they record none.
    """
    parts = [
        f"### Turn {record.iteration or ''}\n\n{explain(manifest)}"
        for record in map(AIRecord.of, outputs)
        if (manifest := manifest_of(record)) is not None
    ]
    if not parts:
        raise CellError("There is no record of what a model saw: run the AI cell first.")
    return "\n\n".join(parts)


def explain(manifest: Manifest) -> str:
    """Return a manifest in Markdown."""
    lines = [
        f"About {manifest.tokens:,} tokens of a window of {manifest.window:,}, of which "
        f"{manifest.reserved:,} are kept for the answer.",
        "",
        "| message | role | characters | tokens | |",
        "| --- | --- | ---: | ---: | --- |",
        *map(_row, manifest.messages),
    ]
    if manifest.hidden:
        lines += ["", f"Hidden from AI: {', '.join(manifest.hidden)}."]
    if (left := manifest.no_room) is not None:
        which = f"from {left.first} to {left.last}" if left.cells > 1 else left.first
        lines += ["", f"No room for {left.cells:,} cells above: {which}."]
    if manifest.images_left_out:
        lines += ["", f"Images left out: {manifest.images_left_out}."]
    return "\n".join(lines)


def _row(entry: ManifestEntry) -> str:
    notes = []
    if entry.images:
        notes.append(f"images: {entry.images}")
    if entry.cut:
        notes.append(f"{entry.cut:,} characters left out")
    numbers = f"{entry.characters:,} | {entry.tokens:,}"
    return f"| {entry.source} | {entry.role} | {numbers} | {', '.join(notes)} |"
