"""What a terminal shows of a text, as the page shows it: overwritten and erased text is gone.

The rules, which ``web/render/terminal.js`` follows too; ``schema/terminal-cases/`` binds both:

- The text is written into lines, one code point to a cell, without wrapping. A line feed goes to
  the start of the next line, a carriage return to the start of the line, a backspace one cell back;
  what is written next replaces what stands there. A tab is a cell like any other.
- Only CSI A to H, d, f, s and u and ESC M, 7 and 8 move the cursor otherwise, on a screen of the
  last ``ROWS`` lines, and at most to column ``COLUMNS``. What has left the screen stays as it is.
- CSI J and K erase on the screen, CSI 3 J what has left it. The start of a line (1) is erased up to
  column ``COLUMNS`` at most. Empty lines below the cursor do not count.
- Cells between the end of a line and what is written beyond it are blanks.
- Every other control sequence, control string and control character is left out; so is a sequence
  or a string that does not end.

A step costs at most a screen, whatever the text. Sources: ECMA-48, and xterm's ctlseqs for what
that leaves open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

ROWS = 100
COLUMNS = 200

# A line feed alone needs no terminal.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NUMBERS = re.compile(r"[0-9;]*")
# Plain text; or a sequence or string, its end included; or one control character.
_TOKEN = re.compile(
    r"[^\x00-\x08\x0a-\x1f\x7f]+"
    r"|\x1b(?:\[(?P<numbers>[0-?]*)[ -/]*(?P<csi>[@-~]?)"
    r"|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?"
    r"|[ -/]+[0-~]?"
    r"|(?P<escape>[0-~]?))"
    r"|[\x00-\x1f\x7f]"
)


def is_plain(text: str) -> bool:
    """Return whether a terminal shows the text as it is."""
    return _CONTROLS.search(text) is None


def render(text: str) -> str:
    """Return the lines that a terminal shows once it has been sent the text."""
    return text if is_plain(text) else _Screen().write(text)


class _Screen:
    def __init__(self) -> None:
        self._lines: list[list[str]] = [[]]
        self._row = 0
        self._column = 0
        self._saved = (0, 0)

    def write(self, text: str) -> str:
        for token in _TOKEN.finditer(text):
            found = token[0]
            if found[0] == "\x1b":
                self._control(token)
            elif found == "\n":
                self._row, self._column = self._row + 1, 0
                self._reach()
            elif found == "\r":
                self._column = 0
            elif found == "\b":
                self._column = max(0, self._column - 1)
            elif found[0] == "\t" or (found[0] >= " " and found != "\x7f"):
                self._put(found)
        while len(self._lines) > self._row + 1 and not self._lines[-1]:
            self._lines.pop()
        return "\n".join(map("".join, self._lines))

    def _control(self, token: re.Match[str]) -> None:
        if act := _ESCAPES.get(token["escape"] or ""):
            act(self, 0, 0)
        elif token["csi"] and _NUMBERS.fullmatch(token["numbers"]):
            first, second = [*token["numbers"].split(";", 2), ""][:2]
            if act := _SEQUENCES.get(token["csi"]):
                act(self, _read(first), _read(second))

    def _put(self, text: str) -> None:
        self._reach()
        line, start = self._lines[self._row], self._column
        line += " " * (start - len(line))
        self._column += len(text)
        line[start : self._column] = text

    def _reach(self) -> None:
        while self._row >= len(self._lines):
            self._lines.append([])

    @property
    def _top(self) -> int:
        return max(0, len(self._lines) - ROWS)

    def _go(self, row: int, column: int) -> None:
        """Go to a line of the notebook's text, kept within the screen."""
        top = self._top
        self._row = min(max(row, top), top + ROWS - 1)
        self._column = min(column, COLUMNS)

    def up(self, count: int, _: int) -> None:
        self._go(self._row - (count or 1), self._column)

    def down(self, count: int, _: int) -> None:
        self._go(self._row + (count or 1), self._column)

    def right(self, count: int, _: int) -> None:
        self._go(self._row, self._column + (count or 1))

    def left(self, count: int, _: int) -> None:
        self._column = max(0, self._column - (count or 1))

    def next_line(self, count: int, _: int) -> None:
        self._go(self._row + (count or 1), 0)

    def previous_line(self, count: int, _: int) -> None:
        self._go(self._row - (count or 1), 0)

    def to_column(self, column: int, _: int) -> None:
        self._go(self._row, (column or 1) - 1)

    def to_row(self, row: int, _: int) -> None:
        self._go(self._top + (row or 1) - 1, self._column)

    def to(self, row: int, column: int) -> None:
        self._go(self._top + (row or 1) - 1, (column or 1) - 1)

    def save(self, _: int, __: int) -> None:
        self._saved = self._row - self._top, self._column

    def restore(self, _: int, __: int) -> None:
        row, column = self._saved
        self._go(self._top + row, column)

    def erase_lines(self, mode: int, _: int) -> None:
        if mode == 0:
            del self._lines[self._row + 1 :]
        elif mode == 1:
            for line in self._lines[self._top : self._row]:
                line.clear()
        elif mode == 2:
            for line in self._lines[self._top :]:
                line.clear()
        elif mode == 3:
            top = self._top
            del self._lines[:top]
            self._row -= top
        if mode < 3:
            self.erase_line(mode, 0)

    def erase_line(self, mode: int, _: int) -> None:
        line = self._lines[self._row] if self._row < len(self._lines) else []
        if mode == 0:
            del line[self._column :]
        elif mode == 1:
            end = min(self._column + 1, len(line), COLUMNS)
            line[:end] = " " * end
        elif mode == 2:
            line.clear()
            self._column = min(self._column, COLUMNS)


def _read(number: str) -> int:
    """Return the number, 0 if it is missing; a longer one than any screen is as good as any."""
    return int(number[:6] or 0)


_Act = Callable[[_Screen, int, int], None]
_ESCAPES: Mapping[str, _Act] = {"M": _Screen.up, "7": _Screen.save, "8": _Screen.restore}
_SEQUENCES: Mapping[str, _Act] = {
    "A": _Screen.up,
    "B": _Screen.down,
    "C": _Screen.right,
    "D": _Screen.left,
    "E": _Screen.next_line,
    "F": _Screen.previous_line,
    "G": _Screen.to_column,
    "H": _Screen.to,
    "f": _Screen.to,
    "d": _Screen.to_row,
    "s": _Screen.save,
    "u": _Screen.restore,
    "J": _Screen.erase_lines,
    "K": _Screen.erase_line,
}
