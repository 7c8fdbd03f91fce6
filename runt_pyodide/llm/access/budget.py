"""What a key may spend, as its service tells."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from ...errors import ProtocolError
from ...json_text import read_json


@dataclass(frozen=True, slots=True)
class Budget:
    """What a key has ``used`` and what is ``left`` of its ``limit``, in US dollars. Without a limit
    (None), nothing is known to be left; a limit may be renewed ("daily", "weekly", "monthly")."""

    used: float
    limit: float | None = None
    left: float | None = None
    renewed: str = ""

    @classmethod
    def read(cls, body: bytes) -> Self:
        """Read OpenRouter's answer to ``GET /key``. Raise ProtocolError if it is none.

        Source: openrouter.ai/docs, "Limits".
        """
        try:
            told = read_json(body)["data"]
            used, limit = _read_dollars(told, "usage") or 0.0, _read_dollars(told, "limit")
            left = _read_dollars(told, "limit_remaining")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ProtocolError("The server's answer does not tell a key's budget.") from None
        renewed = told.get("limit_reset")
        if limit is None:
            return cls(used)
        left = max(0.0, limit - used) if left is None else left
        return cls(used, limit, left, renewed if isinstance(renewed, str) else "")

    def __str__(self) -> str:
        if self.limit is None or self.left is None:
            return f"The key has used {_format(self.used)}; it has no limit of its own."
        renewed = f", renewed {self.renewed}" if self.renewed else ""
        return (
            f"The key has {_format(self.left)} left of {_format(self.limit)}{renewed};"
            f" it has used {_format(self.used)}."
        )


def _read_dollars(told: Mapping[str, Any], name: str) -> float | None:
    value = told.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _format(dollars: float) -> str:
    return f"${dollars:.2f}" if dollars >= 0.01 or dollars == 0 else f"${dollars:.4f}"
