"""What a run of an AI cell may do: its limits, and which tools it may call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from ..llm.settings import ConfigModel


class Limits(ConfigModel):
    """The limits of one run, and of all that it starts. ``turns`` counts the requests that the
    model answered, ``tokens`` both input and output, ``seconds`` the time without the waits for a
    person. None sets no limit.
    """

    turns: Annotated[int, Field(ge=1)] = 10
    tool_calls: Annotated[int, Field(ge=1)] | None = 50
    tokens: Annotated[int, Field(ge=1)] | None = None
    seconds: Annotated[float, Field(gt=0)] | None = 1800.0


Policy = Literal["auto", "ask", "never"]
"""Whether a tool may be called: at once, after a person has allowed it, or never."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits of a run, and policies by tool name, which take precedence over the tool's own.
    If no person ``can_be_asked``, a call that needs one ends the run, unless all ``are_allowed``.
    """

    limits: Limits = field(default_factory=Limits)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    can_be_asked: bool = True
    are_allowed: bool = False
