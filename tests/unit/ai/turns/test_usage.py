"""What a run has cost."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide import AIConfig, ProviderRegistry
from runt_pyodide.ai.candidate import Candidate
from runt_pyodide.ai.turns.usage import Account
from runt_pyodide.llm.messages import Usage
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from tests.support.stages.ai_stage import AiStage, call
from tests.support.stages.wire import cell


async def test_the_account_and_what_the_model_saw() -> None:
    counted = {"inputTokens": 100, "outputTokens": 7, "cachedTokens": 50}
    stage = AiStage({**call("list_cells"), "usage": counted}, {"text": "Done.", "usage": counted})
    stage.receive(*cell("a", "x = 1", index="b"))
    stage.open()
    await stage.run()
    last = stage.notebook.outputs_of("ai")[-1]
    assert last.metadata["anode"]["run"] == {
        "turns": 2,
        "tool_calls": 1,
        "duration_ms": 0,
        "usage": {"input_tokens": 200, "output_tokens": 14, "cached_tokens": 100},
        "first_token_ms": 0,
    }
    first = stage.notebook.outputs_of("ai")[0]
    sources = [entry["source"] for entry in first.metadata["anode"]["manifest"]["messages"]]
    assert sources == ["system", "tools", "a", "prompt"]
    explained = stage.agent.explain("ai")
    assert "### Turn 1" in explained
    assert "### Turn 2" in explained


COUNTED = (
    b'data: {"choices":[{"index":0,"delta":{"content":"Hi."},"finish_reason":"stop"}],'
    b'"usage":{"prompt_tokens":1000000,"completion_tokens":0}}\n\ndata: [DONE]\n\n'
)


@pytest.mark.parametrize(
    ("settings", "price"),
    [
        ({"apiKey": "k", "api": "chat"}, 0.15),
        ({"baseUrl": "http://localhost:8080/v1"}, None),
        ({"preset": "openai", "apiKey": "k", "baseUrl": "https://proxy.example/v1"}, None),
        ({"preset": "groq", "apiKey": "k"}, None),
    ],
)
async def test_a_server_of_one_s_own_has_no_prices(
    settings: dict[str, Any], price: float | None
) -> None:
    stage = AiStage()
    given = {"type": "openai", "model": "gpt-4o-mini", **settings}
    config = AIConfig.read({"providers": {"one": given}})
    transport = ScriptedTransport([Scripted(pieces=(COUNTED,))])
    stage.agent.providers = ProviderRegistry.from_config(config, transport)
    stage.open()
    await stage.run()
    run = stage.notebook.outputs_of("ai")[-1].metadata["anode"]["run"]
    assert run["usage"]["input_tokens"] == 1_000_000
    assert run.get("price_usd") == price


COUNT = Usage(input_tokens=1_000_000, output_tokens=0)


@pytest.mark.parametrize(
    ("turns", "price", "unpriced"),
    [
        ([("gpt-4o-mini", COUNT), ("gpt-4o-mini", COUNT)], 0.3, ()),
        ([("gpt-4o-mini", COUNT), ("news", COUNT)], 0.15, ("news",)),
        ([("news", COUNT), ("gpt-4o-mini", COUNT), ("news", COUNT)], 0.15, ("news",)),
        ([("gpt-4o-mini", COUNT), ("gpt-4o-mini", None)], 0.15, ("gpt-4o-mini",)),
        ([("a", COUNT), ("b", None)], None, ()),
        ([], None, ()),
    ],
)
def test_a_turn_of_unknown_price_does_not_hide_the_others(
    turns: list[tuple[str, Usage | None]], price: float | None, unpriced: tuple[str, ...]
) -> None:
    openai = ProviderRegistry.from_config(
        AIConfig.read({"providers": {"openai": {"api_key": "k"}}}), ScriptedTransport([])
    ).require("openai")
    account = Account(began=0)
    for model, usage in turns:
        account.add_turn(Candidate(openai, model), usage, 0, None, 1)
    closed = account.close(1)
    assert closed.price_usd == price
    assert closed.unpriced == unpriced
