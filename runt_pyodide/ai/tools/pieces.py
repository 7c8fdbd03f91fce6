"""Replaces pieces of a text. The page does it too, for the person who is asked: both are held to
``schema/edit-cases/``.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from ...errors import CellError

_SHOWN = 80  # characters of a piece, in an error


class Piece(BaseModel):
    model_config = ConfigDict(extra="forbid")

    old: str
    new: str


def replace_pieces(text: str, pieces: Sequence[Piece]) -> str:
    """Return the text with all pieces replaced. Each is looked for in the text as it was.

    Raise CellError if one of them does not occur exactly once, if two of them overlap, or if that
    changes nothing. The empty piece is that of an empty text.
    """
    placed = [(_place_of(piece, text), piece) for piece in pieces]
    parts, end = [], 0
    for start, piece in sorted(placed, key=lambda each: each[0]):
        if start < end:
            raise CellError(f"{_quoted(piece.old)} overlaps another piece that is replaced.")
        parts += [text[end:start], piece.new]
        end = start + len(piece.old)
    changed = "".join([*parts, text[end:]])
    if changed == text:
        raise CellError("The new text is the old one.")
    return changed


def _place_of(piece: Piece, text: str) -> int:
    if not piece.old and text:
        raise CellError("The old piece is empty: say what the new text is to replace.")
    place = text.find(piece.old)
    if place < 0:
        raise CellError(f"{_quoted(piece.old)} does not occur in the cell, letter for letter.")
    if text.find(piece.old, place + 1) >= 0:
        raise CellError(
            f"{_quoted(piece.old)} occurs more than once in the cell: give more of the text around "
            "it, so that it occurs once."
        )
    return place


def _quoted(piece: str) -> str:
    shown = piece if len(piece) <= _SHOWN else f"{piece[:_SHOWN]}…"
    return f"The piece {shown!r}"
