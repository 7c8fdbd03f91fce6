"""Which models see images, by the names of their families."""

from __future__ import annotations

import pytest

from runt_pyodide.llm.catalog.sight import sees_by_name

SEEING = """gpt-4o gpt-5-mini o3 openai/gpt-4.1-mini models/gemini-2.5-flash google/gemma-3-27b-it
gemma3:12b anthropic/claude-sonnet-4.5 claude-3-haiku grok-4-fast pixtral-large qwen-vl-max
accounts/fireworks/models/llama4-maverick meta-llama/Llama-4-Scout Llama-3.2-11B-Vision-Instruct
mistral-medium-latest mistral-small-2506 Qwen/Qwen2.5-VL-72B qwen3-vl:8b qwen3.5-plus kimi-k2.5
glm-4.5v MiniMax-M3 llava:7b phi-4-multimodal-instruct"""
BLIND = """gpt-oss-120b gpt-3.5-turbo o3-mini o1-mini gemma3:1b gemma-3n-e4b llama-3.3-70b
llama3.2:3b qwen3-8b kimi-k2 glm-4.6 minimax-m2 deepseek-v3 mistral-small-2501 grok-code-fast-1
grok-3 phi4
claude-2.1 vllm-model provision-8b vlad-7b my-gpt-4o"""


@pytest.mark.parametrize("name", SEEING.split())
def test_families_that_see(name: str) -> None:
    assert sees_by_name(name)


@pytest.mark.parametrize("name", BLIND.split())
def test_others_are_not_known_to_see(name: str) -> None:
    assert not sees_by_name(name)
