"""Who may be asked for a turn."""

from __future__ import annotations

from dataclasses import dataclass

from ..llm.provider import AIProvider


@dataclass(frozen=True, slots=True)
class Candidate:
    """A provider, and one of its models."""

    provider: AIProvider
    model: str
