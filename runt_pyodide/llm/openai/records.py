"""What the readers of OpenAI's streams have in common: records of JSON in, deltas out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol

from ...errors import ProtocolError
from ..messages import Delta


class RecordReader(Protocol):
    """Reads the records of one stream, the data of its server-sent events, one by one."""

    done: bool
    """Whether the answer is over, so that nothing more need be read."""

    def read(self, data: str) -> list[Delta]:
        """The deltas in one record. Raises the ProviderError that it reports, and ProtocolError
        where it is no record of this protocol."""

    def end(self) -> list[Delta]:
        """The last deltas, when the stream is over. Raises CutStreamError where it ended before
        the answer did."""


def parse_record(data: str) -> Mapping[str, Any]:
    """Raises ProtocolError where the data is no JSON object."""
    try:
        record = json.loads(data)
    except ValueError:
        raise ProtocolError(f"The server sent what is no JSON: {data[:200]}") from None
    if not isinstance(record, Mapping):
        raise ProtocolError(f"The server sent what is no part of an answer: {data[:200]}")
    return record
