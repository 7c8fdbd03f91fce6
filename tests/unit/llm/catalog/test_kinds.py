"""Which models chat, by their names and by what lists say."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.llm.catalog.kinds import chats_by_entry, chats_by_name, keep_chatting

OTHER = """text-embedding-nomic-embed-text-v1.5 nomic-embed-text:latest mxbai-embed-large bge-m3
snowflake-arctic-embed2 all-minilm:22m BAAI/bge-en-icl gte-qwen2-7b intfloat/e5-mistral-7b-instruct
nomic-bert embeddinggemma qwen3-embedding:0.6b models/embedding-gecko-001 codestral-embed
nvidia/nv-embedqa-e5-v5 rerank-v3.5 jina-reranker-v2 qwen3-reranker-4b whisper-large-v3 tts-1
distil-whisper gpt-4o-mini-tts playai-tts canopylabs/orpheus-v1-english gpt-4o-transcribe
parakeet-tdt-0.6b minimax-speech-02 gpt-realtime gpt-4o-audio-preview gpt-4o-realtime-preview
dall-e-3 gpt-image-1 imagen-4.0-generate gemini-2.5-flash-image black-forest-labs/flux-dev
stabilityai/stable-diffusion-3 grok-2-image grok-imagine-image-pro veo-3.0 sora-2 wan2.1-t2v
music-1.5 omni-moderation-latest text-moderation meta-llama/llama-guard-4-12b shieldgemma
gpt-oss-safeguard-20b granite-guardian-3.3 mistral-ocr-latest deepseek-ocr models/aqa
nvidia/llama-3.1-nemotron-70b-reward hexgrad/kokoro-82m suno/bark xtts-v2 cosyvoice-v2 seedream-4
cogvideox-5b ideogram-v3 wanx2.1-pro voyage-3 sentence-transformers/all-mpnet-base-v2 nano-banana"""
CHATTING = """qwen3-8b llama-3.3-70b-versatile models/gemini-2.5-flash gpt-4o gpt-oss-120b
llama3:latest deepseek-r1 mistral-small-latest openrouter/auto kimi-k2 command-r-plus hermes-4 phi4
gemma3:27b qwen2.5-coder glm-4.6 o3 claude-sonnet-4-5 grok-4 minimax-m2 codestral-latest smollm2
nemotron-ultra qwen3-vl llava llama-3.2-11b-vision-instruct ernie-4.5 devstral voxtral-small
granite4 dolphin-mixtral starcoder2 falcon3 wizardlm stablelm2 gemini-flash-latest my-own.gguf"""


@pytest.mark.parametrize("name", OTHER.split())
def test_a_name_tells_that_a_model_does_something_else(name: str) -> None:
    assert not chats_by_name(name)
    assert not chats_by_name(name.upper())


@pytest.mark.parametrize("name", CHATTING.split())
def test_a_name_that_tells_nothing_chats(name: str) -> None:
    assert chats_by_name(name)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({}, None),
        ({"type": "chat"}, True),
        ({"type": "VLM"}, True),
        ({"type": "embeddings"}, False),
        ({"type": "audio"}, False),
        ({"type": "model"}, None),
        ({"type": None, "task": "text-generation"}, True),
        ({"task": "feature-extraction", "mode": "embedding"}, False),
        ({"mode": "image_generation"}, False),
        ({"active": False, "type": "chat"}, False),
        ({"active": True}, None),
        ({"supports_chat": False}, False),
        ({"capabilities": {"completion_chat": False}}, False),
        ({"capabilities": None}, None),
        ({"architecture": {"output_modalities": ["image", "text"]}}, True),
        ({"architecture": {"output_modalities": ["image"]}}, False),
        ({"supported_output_modalities": ["embeddings"]}, False),
        ({"supported_output_modalities": []}, None),
        ({"endpoints": ["/v1/embeddings"]}, False),
        ({"endpoints": ["/v1/chat/completions", "/v1/embeddings"]}, None),
        ({"supported_generation_methods": ["embedContent"]}, False),
        ({"supportedGenerationMethods": ["embedContent"]}, False),
        ({"architecture": {"modality": "text->image"}}, False),
        ({"architecture": {"modality": "text+image->text"}}, None),
        ({"capabilities": ["embeddings"]}, False),
        ({"capabilities": ["completion", "embeddings"]}, None),
        ({"model_info": {"mode": "embedding"}}, False),
        ({"task": {"name": "Text Embeddings"}}, False),
        ({"pipeline_tag": "feature-extraction"}, False),
        ({"object": "model"}, None),
    ],
)
def test_what_a_list_says(entry: dict[str, Any], told: bool | None) -> None:
    assert chats_by_entry(entry) is told


def test_what_is_told_comes_before_names_and_names_may_not_leave_nothing() -> None:
    models = [("embed-1", None), ("guard-chat", True), ("chat-1", False), ("qwen", None)]
    assert keep_chatting((name, name, told) for name, told in models) == ["guard-chat", "qwen"]
    assert keep_chatting([("my-guard", "my-guard", None), ("b", "b", False)]) == ["my-guard"]
    assert keep_chatting([("b", "b", False)]) == []
