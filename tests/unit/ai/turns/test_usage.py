"""What a run has cost."""

from __future__ import annotations

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
