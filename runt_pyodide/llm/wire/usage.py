"""The tokens of a turn, under all the names that services have for them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from ..messages import Usage

# Sources: OpenAI's chat completions, its Responses API and Anthropic's Messages API, Ollama
# `api/types.go`, Gemini's UsageMetadata.
_INPUT = ("prompt_tokens", "input_tokens", "prompt_eval_count", "promptTokenCount")
_OUTPUT = ("completion_tokens", "output_tokens", "eval_count", "candidatesTokenCount")
# Of the cached tokens also DeepSeek's name.
_CACHED = (
    *("cached_tokens", "prompt_cache_hit_tokens", "cache_read_input_tokens"),
    "cachedContentTokenCount",
)
_WRITTEN = ("cache_creation_input_tokens",)
# Anthropic's; of OpenRouter's own plugin nothing is counted.
_SEARCHES = ("web_search_requests",)
_REASONING = ("reasoning_tokens", "thinking_tokens", "thoughtsTokenCount")
# What a service counts apart from the number of this name.
_BESIDE = {
    "input_tokens": ("cache_read_input_tokens", "cache_creation_input_tokens"),
    "candidatesTokenCount": ("thoughtsTokenCount",),
    "promptTokenCount": ("toolUsePromptTokenCount",),
}


def read_usage(usage: Any) -> Usage | None:
    """Return what an object counts, whose numbers may be text or null; None if it counts
    nothing."""
    if not isinstance(usage, Mapping):
        return None
    given = [usage.get(name) for name in ("prompt_tokens_details", "input_tokens_details")]
    made = [usage.get(name) for name in ("completion_tokens_details", "output_tokens_details")]
    read = Usage(
        input_tokens=_sum(usage, _INPUT),
        output_tokens=_sum(usage, _OUTPUT),
        cached_tokens=_count([*given, usage], _CACHED),
        reasoning_tokens=_count([*made, usage], _REASONING),
        written_tokens=_count([usage], _WRITTEN),
        searches=_count([usage.get("server_tool_use")], _SEARCHES),
        cost_usd=_read_cost(usage.get("cost")),
    )
    return None if read == Usage() else read


def _sum(usage: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    """Return the first number under one of the names, with what is counted apart from it."""
    found = next(((name, n) for name in names for n in _numbers([usage], (name,))), None)
    if found is None:
        return None
    name, number = found
    return number + sum(_count([usage], (one,)) or 0 for one in _BESIDE.get(name, ()))


def _count(places: list[Any], names: tuple[str, ...]) -> int | None:
    """Return the first number under one of the names."""
    return next(_numbers(places, names), None)


def _numbers(places: list[Any], names: tuple[str, ...]) -> Iterator[int]:
    for place in places:
        for name in names:
            value = place.get(name) if isinstance(place, Mapping) else None
            try:
                number = -1 if value is None or isinstance(value, bool) else int(float(value))
            except (TypeError, ValueError, OverflowError):
                continue
            if number >= 0:
                yield number


def _read_cost(value: Any) -> float | None:
    """Return what OpenRouter says that a turn cost, in US dollars."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value < math.inf else None
