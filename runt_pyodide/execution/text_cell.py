"""Markdown and raw cells: there is nothing to do, and it is done at once."""

from __future__ import annotations

from .run import Run


class TextCell:
    async def execute(self, run: Run) -> None:
        """Writes nothing: the cell's source is what it shows."""
