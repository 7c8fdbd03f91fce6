"""What is known of Gemini's models by their names, and what ``GET /models`` tells of them.

A name that is not known is taken for one of the newest. Sources: ai.google.dev, "Gemini models" and
"Gemini thinking", and python-genai `types.py` (Model); November 2026.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from ...errors import ProtocolError
from ...json_text import read_json
from ..catalog.entry import read_count
from ..catalog.kinds import chats_by_entry, keep_chatting
from ..catalog.sight import sees_by_name
from ..messages import AiModel, Capability, ReasoningEffort

Thinking = Literal["never", "budget", "level"]
"""How a model is told how much to think, if it thinks."""

_THINKING: tuple[tuple[str, Thinking], ...] = (
    (r"(?!gemini-)|gemini-(?:[01]\b|2\.0|pro(?:-vision)?$)", "never"),
    (r"gemini-2", "budget"),
    (r"", "level"),
)
# These cannot think less than a little; 2.5 Pro has a least budget.
_ALWAYS = re.compile(r"gemini-(?:[^f]*-pro|[4-9])")
_LEAST = 128
_BUDGETS = {"minimal": 512, "low": 1024, "medium": 8192}
_LARGEST_BUDGET = 24_576
_TAKES_XHIGH = re.compile(r"gemini-4-(?:neon|hydrogen)|gemini-[5-9]")
# Models that do something else than chat, under names that do not say so.
_EXCLUDED = re.compile(r"native-audio|-live|computer-use|robotics|omni", re.IGNORECASE)
_WINDOW = 1_048_576


def thinking_of(model: str) -> Thinking:
    """Return how a model is told how much to think."""
    return next(thinking for pattern, thinking in _THINKING if re.match(pattern, model))


def checks_signatures(model: str) -> bool:
    """Return whether a model refuses calls of the current turn without their signatures."""
    return re.match(r"gemini-(?![012]\b)", model) is not None


def takes_schema_beside_tools(model: str) -> bool:
    """Return whether a schema may bind the answer of a model that has tools, too."""
    return checks_signatures(model)


def choose_thinking(model: str, effort: ReasoningEffort | None) -> dict[str, Any] | None:
    """Return the ``thinkingConfig`` of a request; None for a model that cannot think."""
    how = thinking_of(model)
    shown: dict[str, Any] = {"includeThoughts": True}
    if how == "never" or effort is None:
        return None if how == "never" else shown
    if how == "budget":
        least = _LEAST if _ALWAYS.match(model) else 0
        if effort == "none" and least == 0:
            return {"thinkingBudget": 0}
        budget = least if effort == "none" else _BUDGETS.get(effort, _LARGEST_BUDGET)
        return {**shown, "thinkingBudget": budget}
    if effort in ("none", "minimal"):
        return {**shown, "thinkingLevel": "low" if _ALWAYS.match(model) else "minimal"}
    most = "xhigh" if _TAKES_XHIGH.match(model) else "high"
    return {**shown, "thinkingLevel": most if effort in ("xhigh", "max") else effort}


def describe(name: str, provider: str) -> AiModel:
    """Return a model with what its name tells."""
    capabilities: list[Capability] = ["completion", "tools"]
    if sees_by_name(name):
        capabilities.append("vision")
    if thinking_of(name) != "never":
        capabilities.append("thinking")
    window = _WINDOW if name.startswith("gemini-") else None
    return AiModel(name, provider, name, tuple(capabilities), window)


def read_models(body: bytes, provider: str) -> list[AiModel]:
    """Return the models that chat in the answer to ``GET /models``. Raise ProtocolError if it is
    none."""
    try:
        entries = [one for one in read_json(body)["models"] or () if isinstance(one["name"], str)]
        told = ((one, one["name"], chats_by_entry(one)) for one in entries)
        chatting = [one for one in keep_chatting(told) if not _EXCLUDED.search(one["name"])]
        return [_read_entry(one, provider) for one in chatting]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ProtocolError("The server's answer is not a list of Gemini's models.") from None


def _read_entry(entry: Mapping[str, Any], provider: str) -> AiModel:
    known = describe(entry["name"].removeprefix("models/"), provider)
    thinks = entry.get("thinking")
    kept = [one for one in known.capabilities if one != "thinking" or thinks is not False]
    added: list[Capability] = ["thinking"] if thinks is True and "thinking" not in kept else []
    display = entry.get("displayName")
    return AiModel(
        known.name,
        provider,
        display if isinstance(display, str) else known.name,
        (*kept, *added),
        read_count(entry.get("inputTokenLimit")) or known.context_length,
    )
