"""Standard streams for Python cells: what is printed goes to the outputs of the execution."""

from __future__ import annotations

import codecs
import io
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn, TextIO

from ..notebook.bundle import HEAD, TAIL, clean_text, describe_gap
from ..notebook.events import StreamName

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

Write = Callable[[StreamName, str], None]


class PrintedText:
    """Passes what an execution prints on to ``write``, bounded for the sake of the event log.

    The first ``HEAD`` characters are passed on as they come. Of the rest, ``finish`` writes the
    last ``TAIL``, below a line that says how much was left out.
    """

    def __init__(self, write: Write) -> None:
        self._write = write
        self._room = HEAD
        self._forget()

    def add(self, name: StreamName, text: str) -> None:
        """Print text to a stream."""
        if len(text) <= self._room:
            self._room -= len(text)
            self._write(name, clean_text(text))
            return
        if self._room:
            self._write(name, clean_text(text[: self._room]))
            text, self._room = text[self._room :], 0
        self._keep(name, text)

    def clear(self) -> None:
        """Forget what is kept, since the outputs were cleared."""
        self._forget()

    def finish(self) -> None:
        """Write what was kept. Nothing may be added afterwards."""
        self._trim(self._kept - TAIL)
        for index, (name, text) in enumerate(self._tail):
            if index == 0 and self._left_out:
                self._write(name, describe_gap(self._left_out))
            self._write(name, clean_text(text))
        self._forget()

    def _keep(self, name: StreamName, text: str) -> None:
        self._left_out += max(0, len(text) - TAIL)
        self._tail.append((name, text[-TAIL:]))
        self._kept += len(self._tail[-1][1])
        # Drop whole pieces, so that many short ones cost no more than a few long ones.
        while self._kept - len(self._tail[0][1]) >= TAIL:
            self._trim(len(self._tail[0][1]))

    def _trim(self, count: int) -> None:
        """Drop this many characters of the first piece that is kept."""
        if count <= 0:
            return
        name, text = self._tail.popleft()
        if count < len(text):
            self._tail.appendleft((name, text[count:]))
        self._kept -= count
        self._left_out += count

    def _forget(self) -> None:
        self._tail: deque[tuple[StreamName, str]] = deque()
        self._kept = 0
        self._left_out = 0


class OutputStream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of all cells. It is one object, so that whatever keeps it,
    such as a logging handler, writes into the cell that is running by then; between cells it writes
    to where the stream went before."""

    def __init__(self, name: StreamName) -> None:
        self._name = name
        self.printed: PrintedText | None = None
        self.before: TextIO | None = None
        self.buffer = _Bytes(self)

    @property
    def name(self) -> str:
        return f"<{self._name}>"

    @property
    def encoding(self) -> str:  # type: ignore[override]  # a plain attribute in the stubs
        return "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        return "backslashreplace"

    def writable(self) -> bool:
        return True

    def write(self, text: str, /) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        # A subclass of str may do anything when it is used, so only its content is taken.
        text = str.__str__(text)
        if self.printed is not None:
            if text:
                self.printed.add(self._name, text)
        elif self.before is not None:
            self.before.write(text)
        return len(text)

    def close(self) -> None:
        """Stay open: the next cell has the same stream."""


class _Bytes(io.RawIOBase):
    """``sys.stdout.buffer``: takes UTF-8; bytes that are not UTF-8 become U+FFFD."""

    def __init__(self, stream: OutputStream) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer, /) -> int:
        data = bytes(data)
        self._stream.write(self._decoder.decode(data))
        return len(data)

    def end(self) -> None:
        """Write U+FFFD for a character of which only the start came."""
        self._stream.write(self._decoder.decode(b"", final=True))
        self._decoder.reset()

    def close(self) -> None:
        """Stay open, as the stream does."""


class NoInput(io.TextIOBase):
    """``sys.stdin`` of cells, in which nobody can type; ``refuse`` raises an error that says so."""

    def __init__(self, refuse: Callable[[], NoReturn]) -> None:
        self._refuse = refuse

    def read(self, _size: int | None = -1, /) -> NoReturn:
        self._refuse()

    def readline(self, _size: int = -1, /) -> NoReturn:  # type: ignore[override]
        self._refuse()


class StandardStreams:
    """The three standard streams while a cell runs."""

    def __init__(self, refuse_input: Callable[[], NoReturn]) -> None:
        self._stdin = NoInput(refuse_input)
        self._stdout = OutputStream("stdout")
        self._stderr = OutputStream("stderr")

    @contextmanager
    def to(self, printed: PrintedText) -> Iterator[None]:
        """Within this, pass what is printed to ``printed``. Afterwards ``sys`` has its previous
        streams again, even if the cell replaced them."""
        before = sys.stdin, sys.stdout, sys.stderr
        sys.stdin, sys.stdout, sys.stderr = self._stdin, self._stdout, self._stderr
        self._stdout.before, self._stderr.before = before[1:]
        self._stdout.printed = self._stderr.printed = printed
        try:
            yield
        finally:
            for stream in (self._stdout, self._stderr):
                stream.buffer.end()
                stream.printed = None
            sys.stdin, sys.stdout, sys.stderr = before
            printed.finish()
