"""The pieces in which a stream of bytes may come."""

from __future__ import annotations

from collections.abc import Iterator


def ways_to_cut(data: bytes) -> Iterator[list[bytes]]:
    """Whole, byte by byte, with empty pieces in between, and in two at every place."""
    single = [data[at : at + 1] for at in range(len(data))]
    yield [data]
    yield single
    yield [piece for byte in single for piece in (b"", byte)]
    for at in range(len(data) + 1):
        yield [data[:at], data[at:]]
