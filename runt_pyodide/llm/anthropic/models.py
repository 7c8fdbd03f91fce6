"""What is known of Anthropic's models by their names, and what ``GET /models`` tells of them.

A name that is not known is taken for one of the newest. Sources: platform.claude.com, "Models
overview", "Adaptive thinking", "Structured outputs" and the migration guides, and
anthropic-sdk-python `types/model_info.py`; November 2026.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar

from ...errors import ProtocolError
from ...json_text import read_json
from ..catalog.entry import look_up, read_count
from ..catalog.sight import sees_by_name
from ..messages import AiModel, Capability

Thinking = Literal["never", "budget", "if asked", "unless told not to", "always"]
"""When a model thinks; with a "budget" of tokens it does if it is asked, too."""

# The first that matches counts, for each of the tables. A name without "claude-" is that of a model
# that is not Anthropic's, behind a server that only speaks like it.
_OLD = r"claude-(?:instant|2|3-[05]-|3-(?:opus|sonnet|haiku))"
_THINKING: tuple[tuple[str, Thinking], ...] = (
    (rf"(?!claude-)|{_OLD}", "never"),
    (r"claude-3-7|claude-[a-z]+-4(?!-[6-9])", "budget"),
    (r"claude-[a-z]+-4-", "if asked"),
    (r"claude-(?:opus-5-5|sonnet-5-5|fable-|mythos-)", "always"),
    (r"", "unless told not to"),
)
_NO_SCHEMAS = re.compile(rf"(?!claude-)|{_OLD}|claude-3-|claude-[a-z]+-4(?!-[1-9](?!\d))")
_NO_SAMPLING = re.compile(r"claude-[a-z]+-(?:4-[789]|[5-9])")
# The most tokens of an answer, of which none is asked for more than a run may want.
_LIMITS = (
    (r"claude-(?:instant|2|3-(?:opus|sonnet|haiku))", 4096),
    (rf"(?!claude-)|{_OLD}", 8192),
    (r"", 32_000),
)
_WINDOWS = (
    (rf"{_OLD}|claude-3-|claude-[a-z]+-4(?!-[6-9])", 200_000),
    (r"claude-", 1_000_000),
)
_T = TypeVar("_T")


def thinking_of(model: str) -> Thinking:
    """Return when a model thinks before it answers."""
    return _find(_THINKING, model) or "never"


def takes_schemas(model: str) -> bool:
    """Return whether a model's answers can be bound by a schema."""
    return not _NO_SCHEMAS.match(_own_name(model))


def takes_sampling(model: str) -> bool:
    """Return whether a model takes a temperature while it does not think."""
    return not _NO_SAMPLING.match(_own_name(model))


def limit_of(model: str) -> int:
    """Return the limit of output tokens for a request that sets none; thinking counts, too."""
    return _find(_LIMITS, model) or 0


def describe(name: str, provider: str) -> AiModel:
    """Return a model with what its name tells."""
    capabilities: list[Capability] = ["completion", "tools"]
    own = _own_name(name)
    if own.startswith("claude-") and sees_by_name(own):
        capabilities.append("vision")
    if thinking_of(name) != "never":
        capabilities.append("thinking")
    return AiModel(name, provider, name, tuple(capabilities), _find(_WINDOWS, name))


def read_models(body: bytes, provider: str) -> list[AiModel]:
    """Return the models in the answer to ``GET /models``. Raise ProtocolError if it is none."""
    try:
        entries = read_json(body)["data"] or ()
        return [_read_entry(one, provider) for one in entries if isinstance(one["id"], str)]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ProtocolError("The server's answer is not a list of Anthropic's models.") from None


def _own_name(model: str) -> str:
    """Return the name without what routers put before it ("anthropic/", "us.anthropic.")."""
    return model[max(0, model.find("claude-")) :]


def _find(table: Sequence[tuple[str, _T]], model: str) -> _T | None:
    name = _own_name(model)
    return next((value for pattern, value in table if re.match(pattern, name)), None)


def _read_entry(entry: Mapping[str, Any], provider: str) -> AiModel:
    known = describe(entry["id"], provider)
    told: dict[Capability, str] = {"vision": "image_input", "thinking": "thinking"}
    can: dict[str, Any] = {
        one: look_up(entry, f"capabilities.{name}.supported") for one, name in told.items()
    }
    kept = [one for one in known.capabilities if can.get(one) is not False]
    added = [one for one in told if can[one] is True and one not in kept]
    display = entry.get("display_name")
    return AiModel(
        known.name,
        provider,
        display if isinstance(display, str) else known.name,
        (*kept, *added),
        read_count(entry.get("max_input_tokens")) or known.context_length,
    )
