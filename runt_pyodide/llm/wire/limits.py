"""How much of an answer is held in memory at a time."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import ProtocolError

MAX_LINE = 1 << 24
MAX_ANSWER = 1 << 28


@dataclass(frozen=True, slots=True)
class Limits:
    """The longest line or event, and the longest answer, in bytes (of a compressed answer, those
    that it unpacks to)."""

    line: int = MAX_LINE
    answer: int = MAX_ANSWER


def too_long(what: str, limit: int, setting: str) -> ProtocolError:
    """Return the error of something that does not end within its limit."""
    size = f"{limit / (1 << 20):g} MiB" if limit >= 1 << 20 else f"{limit:,} bytes"
    return ProtocolError(
        f"The server sent {what} of more than {size}, and was not listened to any further.",
        advice=f"If answers are meant to be so long, raise `{setting}` in the provider's settings.",
    )
