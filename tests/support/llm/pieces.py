"""Ways to cut a stream of bytes into pieces."""

from __future__ import annotations

from collections.abc import Iterator


def ways_to_cut(data: bytes) -> Iterator[list[bytes]]:
    """Yield the bytes whole, byte by byte, with empty pieces between, and in two at each place."""
    single = [data[at : at + 1] for at in range(len(data))]
    yield [data]
    yield single
    yield [piece for byte in single for piece in (b"", byte)]
    for at in range(len(data) + 1):
        yield [data[:at], data[at:]]
