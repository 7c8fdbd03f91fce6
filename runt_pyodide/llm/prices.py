"""What tokens cost, as far as is known.

Prices are in US dollars for a million tokens of input, of input that the service had cached, and of
output, including reasoning: OpenAI's standard rates, from its pricing page in June 2026, and those
of others where it is said. They are by service and model: a model that is not listed has no price,
and neither has one of a server of one's own, which may call its model what it likes. None is made
up.
"""

from __future__ import annotations

import re

from .messages import Usage

_MILLION = 1_000_000
Rates = tuple[float, float, float]
_OPENAI: dict[str, Rates] = {
    "gpt-5.5": (5.0, 0.5, 30.0),
    "gpt-5.4": (2.5, 0.25, 15.0),
    "gpt-5.4-mini": (0.75, 0.075, 4.5),
    "gpt-5.4-nano": (0.2, 0.02, 1.25),
    "gpt-5.2": (1.75, 0.175, 14.0),
    "gpt-5.1": (1.25, 0.125, 10.0),
    "gpt-5": (1.25, 0.125, 10.0),
    "gpt-5-mini": (0.25, 0.025, 2.0),
    "gpt-5-nano": (0.05, 0.005, 0.4),
    "gpt-4.1": (2.0, 0.5, 8.0),
    "gpt-4.1-mini": (0.4, 0.1, 1.6),
    "gpt-4.1-nano": (0.1, 0.025, 0.4),
    "gpt-4o": (2.5, 1.25, 10.0),
    "gpt-4o-mini": (0.15, 0.075, 0.6),
}
# Anthropic's own rates for a cache of five minutes, from its pricing page in November 2026. What is
# written to that cache costs a quarter more than other input.
_ANTHROPIC: dict[str, Rates] = {
    "claude-fable-5-1": (10.0, 0.25, 50.0),
    "claude-fable-5": (10.0, 1.0, 50.0),
    "claude-opus-5-5": (4.0, 0.2, 20.0),
    **dict.fromkeys(("claude-opus-5", *(f"claude-opus-4-{n}" for n in "5678")), (5.0, 0.5, 25.0)),
    "claude-opus-4-1": (15.0, 1.5, 75.0),
    "claude-sonnet-5-5": (2.0, 0.1, 10.0),
    "claude-sonnet-5": (2.0, 0.2, 10.0),
    **dict.fromkeys(("claude-sonnet-4-6", "claude-sonnet-4-5"), (3.0, 0.3, 15.0)),
    "claude-haiku-5-5": (0.1, 0.01, 0.5),
    "claude-haiku-4-5": (1.0, 0.1, 5.0),
}
# Gemini's standard rates from December 2026 on, as its pricing page was quoted in November. That of
# gemini-3.8-flash is not here: it doubles with the new year.
_GEMINI: dict[str, Rates] = {
    **dict.fromkeys(("gemini-4-argon", "gemini-4-carbon"), (4.0, 0.2, 20.0)),
    "gemini-4-neon": (3.0, 0.15, 15.0),
    "gemini-4-hydrogen": (1.5, 0.075, 7.5),
}
# What a longer prompt than so many tokens costs, all of it.
_LONG: dict[str, tuple[int, Rates]] = {"claude-haiku-5-5": (100_000, (0.5, 0.05, 2.5))}
# The table of each service, by its preset's name. OpenRouter passes the prices on.
_PRICES: dict[str, dict[str, Rates]] = {
    "openai": _OPENAI,
    "openrouter": _OPENAI,
    "anthropic": _ANTHROPIC,
    "gemini": _GEMINI,
}
# Versions are named by their date, and routers put the vendor before the name.
_DATED = re.compile(r"-\d{4}-?\d\d-?\d\d$")
_WRITING = 1.25


def price_of(model: str, usage: Usage, service: str | None = "openai") -> float | None:
    """Return what a turn cost in US dollars; None if the price or the counts are not known.
    ``service`` is as in ``AIProvider.service``: None for a server of one's own."""
    if service == "openrouter" and usage.cost_usd is not None:
        return usage.cost_usd
    table = _PRICES.get(service or "", {})
    name = _DATED.sub("", model.removeprefix("openai/"))
    rates, (most, long) = table.get(name), _LONG.get(name, (0, None))
    if rates is None or usage.input_tokens is None or usage.output_tokens is None:
        return None
    cached = min(usage.cached_tokens or 0, usage.input_tokens)
    written = min(usage.written_tokens or 0, usage.input_tokens - cached)
    new, again, out = long if long is not None and usage.input_tokens > most else rates
    read = (usage.input_tokens - cached - written + written * _WRITING) * new + cached * again
    return (read + usage.output_tokens * out) / _MILLION
