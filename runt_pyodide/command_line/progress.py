"""What a run reports to the terminal: a line for each cell, and a last one for all of them."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import TextIO

from ..notebook.hidden import show_hidden
from ..notebook.state import Cell, Execution
from .notebook_run import Result

_KINDS = {"code": "python"}
_OUTCOMES = {"success": "ok", "error": "FAILED", "cancelled": "STOPPED"}
_NARROWEST = 60
_MOST_LINES = 12


class Progress:
    """Writes to ``stream``. On a terminal, the cell that runs is shown before it has ended;
    ``quiet`` reports only what did not succeed."""

    def __init__(self, stream: TextIO, total: int, *, quiet: bool = False) -> None:
        self._stream = stream
        self._total = total
        self._quiet = quiet
        self._is_terminal = stream.isatty() and not quiet
        self._width = max(_NARROWEST, shutil.get_terminal_size().columns - 1)

    def begin(self, number: int, cell: Cell) -> None:
        if self._is_terminal:
            self._write(self._line(number, cell, "", "..."), end="")

    def end(self, number: int, cell: Cell, entry: Execution) -> None:
        outcome = entry.outcome or "cancelled"
        if self._quiet and outcome == "success":
            return
        seconds = f"{(entry.duration_ms or 0) / 1000:.1f} s"
        before = "\r\x1b[K" if self._is_terminal else ""
        self._write(f"{before}{self._line(number, cell, seconds, _OUTCOMES[outcome])}")
        if outcome == "error":
            for line in _shorten(show_hidden(entry.error or "")):
                self._write(f"    {line}")

    def summarize(self, result: Result, output: Path | None) -> None:
        """Write how the run ended, and where the notebook is."""
        counts = Counter(_sort_of(entry) for entry in result.entries)
        if self._quiet and [*counts] == ["succeeded"]:
            return
        told = ", ".join(f"{count} {name}" for name, count in counts.items()) or "no cell to run"
        if result.was_stopped:
            self._write("Stopped by Ctrl+C.")
        where = f" The notebook was written to {output}." if output else ""
        cells = "1 cell" if self._total == 1 else f"{self._total} cells"
        self._write(f"{cells}: {told}.{where}")

    def _line(self, number: int, cell: Cell, seconds: str, outcome: str) -> str:
        width = len(str(self._total))
        kind = _KINDS.get(cell.cell_type, cell.cell_type)
        head = f"{number:>{width}}/{self._total}  {kind:6}  {seconds:>7}  {outcome:7}  "
        first = show_hidden(cell.source.strip().partition("\n")[0].expandtabs())
        room = self._width - len(head)
        return head + (first if len(first) <= room else f"{first[: room - 3]}...")

    def _write(self, text: str, end: str = "\n") -> None:
        self._stream.write(f"{text.rstrip() if end else text}{end}")
        self._stream.flush()


def _sort_of(entry: Execution) -> str:
    if entry.started_at is None:
        return "not run"
    return {"success": "succeeded", "error": "failed"}.get(entry.outcome or "", "stopped")


def _shorten(text: str) -> list[str]:
    lines = text.rstrip().split("\n")
    if len(lines) <= _MOST_LINES:
        return lines
    return [*lines[: _MOST_LINES - 1], f"... and {len(lines) - _MOST_LINES + 1} more lines"]
