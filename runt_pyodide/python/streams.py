"""Standard streams for Python cells: what is printed goes to the outputs of the execution."""

from __future__ import annotations

import codecs
import functools
import io
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TextIO
from weakref import WeakKeyDictionary

from ..notebook.bundle import HEAD, TAIL, clean_text, describe_gap
from ..notebook.events import StreamName

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

_IN_BROWSER = sys.platform == "emscripten"
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


class Outputs(Protocol):
    """What takes the text of a cell."""

    def print(self, name: StreamName, text: str) -> None: ...


class OutputStream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of all cells. It is one object, so that whatever keeps it,
    such as a logging handler, writes into its cell: ``find`` returns that cell's outputs. If there
    are none, it writes to where the stream went before."""

    def __init__(self, name: StreamName, find: Callable[[], Outputs | None]) -> None:
        self._name = name
        self._find = find
        self.before: TextIO | None = None
        self.buffer = _Bytes(name, find, self)

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
        if (outputs := self._find()) is not None:
            if text:
                outputs.print(self._name, text)
        elif self.before is not None:
            self.before.write(text)
        return len(text)

    def flush(self) -> None:
        """Do nothing: what is written is passed on at once."""

    def close(self) -> None:
        """Stay open: the next cell has the same stream."""


class _Bytes(io.RawIOBase):
    """``sys.stdout.buffer``: takes UTF-8; bytes that are not UTF-8 become U+FFFD. A character may
    come in pieces, between which another cell writes."""

    def __init__(
        self, name: StreamName, find: Callable[[], Outputs | None], stream: OutputStream
    ) -> None:
        self._name = name
        self._find = find
        self._stream = stream
        self._decoders: WeakKeyDictionary[object, codecs.IncrementalDecoder] = WeakKeyDictionary()

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer, /) -> int:
        data = bytes(data)
        key = self._find() or self._stream
        if key not in self._decoders:
            self._decoders[key] = codecs.getincrementaldecoder("utf-8")("replace")
        self._stream.write(self._decoders[key].decode(data))
        return len(data)

    def end(self, outputs: Outputs) -> None:
        """Write U+FFFD for a character of which these outputs got only the start."""
        if (decoder := self._decoders.pop(outputs, None)) is not None:
            outputs.print(self._name, decoder.decode(b"", final=True))

    def close(self) -> None:
        """Stay open, as the stream does."""


class StandardStreams:
    """The three standard streams of cells, of which ``stdin`` is the first. The first cell installs
    them, and they remain, for what cells have started."""

    def __init__(self, stdin: io.TextIOBase, find: Callable[[], Outputs | None]) -> None:
        self._stdin = stdin
        self._stdout = OutputStream("stdout", find)
        self._stderr = OutputStream("stderr", find)

    @contextmanager
    def of(self, outputs: Outputs) -> Iterator[None]:
        """Within this, a cell writes to its ``outputs``. Before and afterwards ``sys`` has these
        streams, even if a cell replaced them."""
        if self._stdout.before is None:
            self._stdout.before, self._stderr.before = sys.stdout, sys.stderr
        self._install()
        try:
            yield
        finally:
            for stream in (self._stdout, self._stderr):
                stream.buffer.end(outputs)
            self._install()

    def _install(self) -> None:
        sys.stdin, sys.stdout, sys.stderr = self._stdin, self._stdout, self._stderr
        if _IN_BROWSER:  # elsewhere they are the process's, such as a terminal's
            vars(sys).update(__stdout__=self._stdout, __stderr__=self._stderr)


def write_to_streams(write: Callable[[int, Buffer], int]) -> Callable[[int, Buffer], int]:
    """Return an ``os.write`` of which the standard streams' numbers are the cells' streams."""

    @functools.wraps(write)
    def write_to(fd: int, data: Buffer, /) -> int:
        stream: object = {1: sys.__stdout__, 2: sys.__stderr__}.get(fd)
        return stream.buffer.write(data) if isinstance(stream, OutputStream) else write(fd, data)

    return write_to
