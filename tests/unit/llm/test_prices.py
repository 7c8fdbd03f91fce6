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
