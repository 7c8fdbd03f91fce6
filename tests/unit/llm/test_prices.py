"""What a turn costs."""

import pytest

from runt_pyodide.llm.messages import Usage
from runt_pyodide.llm.prices import price_of


@pytest.mark.parametrize(
    ("model", "usage", "price"),
    [
        ("gpt-4o-mini", Usage(1_000_000, 1_000_000), 0.75),
        ("gpt-4o-mini-2024-07-18", Usage(1_000_000, 0, 1_000_000), 0.075),
        ("openai/gpt-4o-mini", Usage(2_000_000, 0, 1_000_000), 0.225),
        ("gpt-4o-mini", Usage(10, 0, 50), 0.00000075),
        ("gpt-4o-mini", Usage(None, 5), None),
        ("gpt-4o-mini", Usage(5, None), None),
        ("llama3.2", Usage(5, 5), None),
        ("gpt-4o-mini-audio", Usage(5, 5), None),
    ],
)
def test_a_price(model: str, usage: Usage, price: float | None) -> None:
    assert price_of(model, usage) == (None if price is None else pytest.approx(price))


@pytest.mark.parametrize("model", ["gpt-4o-mini", "openai/gpt-4o-mini"])
@pytest.mark.parametrize(
    ("service", "price"), [("openai", 0.15), ("openrouter", 0.15), ("groq", None), (None, None)]
)
def test_a_price_is_a_service_s(model: str, service: str | None, price: float | None) -> None:
    found = price_of(model, Usage(1_000_000, 0), service)
    assert found == (None if price is None else pytest.approx(price))


@pytest.mark.parametrize(
    ("model", "usage", "price"),
    [
        ("claude-opus-5-5", Usage(1_000_000, 1_000_000), 24.0),
        ("claude-haiku-4-5-20251001", Usage(1_000_000, 0), 1.0),
        # What is read from the cache costs less, and what is written to it a quarter more.
        ("claude-opus-5-5", Usage(3_000_000, 0, 1_000_000, None, 1_000_000), 4 + 0.2 + 5),
        # A long prompt costs more, all of it.
        ("claude-haiku-5-5", Usage(100_000, 0), 0.01),
        ("claude-haiku-5-5", Usage(200_000, 100_000), 0.35),
        ("claude-x", Usage(1, 1), None),
    ],
)
def test_anthropic_s_prices(model: str, usage: Usage, price: float | None) -> None:
    found = price_of(model, usage, "anthropic")
    assert found == (None if price is None else pytest.approx(price))


def test_gemini_s_prices_count_thinking_as_output() -> None:
    usage = Usage(2_000_000, 100_000, 1_000_000, 50_000)
    assert price_of("gemini-4-neon", usage, "gemini") == pytest.approx(3 + 0.15 + 1.5)
    assert price_of("gemini-4-neon", usage, "openai") is None
