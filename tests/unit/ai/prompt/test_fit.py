"""Prompts that fit a model's window, whatever it is, and however its service counts."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide import ProviderRegistry
from runt_pyodide.ai.prompt.fit import Fit
from runt_pyodide.ai.text import sizes as sizes_told
from runt_pyodide.errors import ContextLengthError
from runt_pyodide.llm.messages import (
    AiModel,
    ChatRequest,
    Delta,
    FinishDelta,
    Message,
    TextDelta,
    ToolCallDelta,
    Usage,
    UsageDelta,
)
from runt_pyodide.llm.provider import AIProvider
from runt_pyodide.llm.tokens import estimate_message, estimate_tokens, estimate_tool
from tests.support.stages.ai_stage import AiStage
from tests.support.stages.wire import cell

Tells = Literal["all", "the window", "nothing"]


class Windowed(AIProvider):
    """Refuses what is longer than its window, by its own way of counting; calls a tool in each turn
    but the last of three, if it is given some."""

    name = "windowed"
    models = ("m",)

    def __init__(self, window: int, factor: float, tells: Tells, *, listed: bool) -> None:
        self._window = window
        self._factor = factor
        self._tells = tells
        self._listed = listed
        self.asked = 0
        self.turns = 0

    def count(self, request: ChatRequest) -> int:
        parts = sum(map(estimate_message, request.messages)) + sum(
            map(estimate_tool, request.tools)
        )
        return round((parts + estimate_tokens(request.system_prompt or "")) * self._factor)

    async def describe_model(self, model: str) -> AiModel | None:
        window = self._window if self._listed else None
        return AiModel(model, self.name, model, context_length=window)

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        self.asked += 1
        counted = self.count(request)
        if counted > self._window:
            error = ContextLengthError("Too long.", status=400)
            error.window = None if self._tells == "nothing" else self._window
            error.tokens = counted if self._tells == "all" else None
            raise error
        self.turns += 1
        yield UsageDelta(Usage(counted, 1))
        if request.tools and self.turns < 3:
            yield ToolCallDelta(0, f"call_{self.turns}", "list_cells", "{}")
            yield FinishDelta("tool_calls")
            return
        yield TextDelta("Done.")
        yield FinishDelta("stop")


async def run(provider: Windowed, prompt: str, sizes: list[int]) -> str:
    """Run an AI cell below cells of these sizes; return how it ended."""
    stage = AiStage()
    registry = ProviderRegistry()
    registry.register(provider)
    stage.agent.providers = registry
    for n, size in enumerate(sizes):
        stage.receive(*cell(f"c{n}", "x" * (size + 1), index=f"b{n:02}"))
    stage.open(prompt)
    await stage.run()
    entry = stage.notebook.executions["q"]
    return "" if entry.outcome == "success" else str(entry.error)


counting = st.sampled_from([0.4, 1.0, 1.7, 3.0, 6.0])
telling = st.sampled_from(["all", "the window", "nothing"])
notebooks = st.lists(st.integers(0, 40_000), max_size=12)


@given(notebooks, st.integers(1, 3_000), st.integers(0, 9_000), counting, telling, st.booleans())
async def test_what_the_prompt_alone_fits_into_is_enough(
    sizes: list[int], length: int, more: int, factor: float, tells: Tells, listed: bool
) -> None:
    prompt = "p" * length
    alone = Windowed(0, factor, tells, listed=False).count(
        ChatRequest((Message("user", prompt),), "m")
    )
    provider = Windowed(alone + more, factor, tells, listed=listed)
    assert await run(provider, prompt, sizes) == ""
    # Three turns, none of which takes more than a few requests.
    assert provider.asked <= provider.turns + 7


@given(notebooks, st.integers(100, 3_000), counting, telling, st.booleans())
async def test_where_even_the_prompt_does_not_fit_the_advice_is_to_shorten_it(
    sizes: list[int], length: int, factor: float, tells: Tells, listed: bool
) -> None:
    prompt = "p" * length
    alone = Windowed(0, factor, tells, listed=False).count(
        ChatRequest((Message("user", prompt),), "m")
    )
    provider = Windowed(alone - 1, factor, tells, listed=listed)
    error = await run(provider, prompt, sizes)
    assert error.endswith("Shorten the prompt, or choose a model with a larger context window.")
    assert provider.asked <= 8


def told(window: int | None, tokens: int | None) -> ContextLengthError:
    error = ContextLengthError("Too long.")
    error.window, error.tokens = window, tokens
    return error


@pytest.mark.parametrize(
    ("window", "tokens", "wanted", "limit"),
    [
        (4_096, 8_192, None, 1_500),  # three quarters of the window, half of what was sent
        (4_096, 9_192, 1_000, 1_512),  # the answer's tokens were counted, too
        (4_096, None, None, 3_072),
        (100_000, 4_001, None, 2_000),  # not of the same things as ours
        (None, None, None, 2_000),
    ],
)
def test_numbers_are_kept_to_where_they_make_sense(
    window: int | None, tokens: int | None, wanted: int | None, limit: int
) -> None:
    fit = Fit()
    fit.tighten(told(window, tokens), 4_000, wanted, 1.0)
    assert fit.limit is not None
    assert abs(fit.limit - limit) <= 20
    assert fit.told == (window is not None)


@given(st.integers(0, 10**6), st.lists(st.tuples(st.integers(1, 10**7), st.integers(1, 10**7))))
def test_each_failure_makes_it_less(sent: int, numbers: list[Any]) -> None:
    fit = Fit()
    for window, tokens in numbers:
        fit.tighten(told(window, tokens), sent, None, 1.0)
        assert fit.limit is not None
        assert 0 <= fit.limit < max(sent, 1)
        sent = fit.limit


MORE = "x" * 4
PROMPTS = [
    # a window, a prompt's length in tokens, and what the error says; None if it is sent
    (1_000, 3 * 1_000 - 4, None),
    (1_000, 3 * 1_000, "12,000 characters, about 3,004 tokens, .* a context window of 1,000"),
    (0, 4_000 - 4, None),
    (0, 4_000, "16,000 characters, about 4,004 tokens, .* no window that is known"),
]


@pytest.mark.parametrize(("window", "length", "told"), PROMPTS)
async def test_a_prompt_that_is_certain_not_to_fit_is_not_sent(
    window: int, length: int, told: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sizes_told, "LONGEST_PROMPT", 4_000)
    provider = Windowed(window or 100_000, 0.1, "nothing", listed=window > 0)
    error = await run(provider, MORE * length, [10])
    assert bool(provider.asked) == (told is None)
    if told is None:
        assert error == ""
    else:
        assert re.search(told, error)
        assert error.endswith(
            "Nothing was sent. Shorten the prompt, or choose a model with a larger context window."
        )
