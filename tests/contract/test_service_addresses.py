"""Addresses and keys as people paste them, and lists of models as services send them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.services.answers import told
from tests.support.services.checks import check
from tests.support.services.setups import meet

# What is pasted, and where a chat is sent.
URLS = {
    "https://host/v1": "https://host/v1/chat/completions",
    "https://host/v1/": "https://host/v1/chat/completions",
    "https://host/v1//": "https://host/v1/chat/completions",
    "https://host": "https://host/v1/chat/completions",
    "https://host/": "https://host/v1/chat/completions",
    "host.example": "https://host.example/v1/chat/completions",
    " https://host/v1 ": "https://host/v1/chat/completions",
    "HTTPS://Host.Example/V1": "https://host.example/V1/chat/completions",
    "https://host:8443/v1": "https://host:8443/v1/chat/completions",
    "https://host/v1/chat/completions": "https://host/v1/chat/completions",
    "https://host/v1/chat/completions/": "https://host/v1/chat/completions",
    "https://host/v1/completions": "https://host/v1/chat/completions",
    "https://host/v1/responses": "https://host/v1/chat/completions",
    "https://host/v1/models": "https://host/v1/chat/completions",
    "https://host/v1#top": "https://host/v1/chat/completions",
    "https://host/v1?a=b": "https://host/v1/chat/completions?a=b",
    "https://host/v1/chat/completions?a=b#top": "https://host/v1/chat/completions?a=b",
    "https://host/openai/deployments/x/chat/completions?api-version=1": (
        "https://host/openai/deployments/x/chat/completions?api-version=1"
    ),
    "localhost:1234": "http://localhost:1234/v1/chat/completions",
    "localhost:1234/v1": "http://localhost:1234/v1/chat/completions",
    "127.0.0.1:8000": "http://127.0.0.1:8000/v1/chat/completions",
    "0.0.0.0:8000": "http://0.0.0.0:8000/v1/chat/completions",
    "192.168.1.5:8080/v1": "http://192.168.1.5:8080/v1/chat/completions",
    "10.0.0.5/v1": "http://10.0.0.5/v1/chat/completions",
    "172.16.0.5:8080": "http://172.16.0.5:8080/v1/chat/completions",
    "172.31.255.5": "http://172.31.255.5/v1/chat/completions",
    "172.32.0.5": "https://172.32.0.5/v1/chat/completions",
    "name.local": "http://name.local/v1/chat/completions",
    "name.local:1234/v1": "http://name.local:1234/v1/chat/completions",
    "[::1]:8000": "http://[::1]:8000/v1/chat/completions",
    "box:8000": "http://box:8000/v1/chat/completions",
    "https://host/a/path/of/its/own": "https://host/a/path/of/its/own/chat/completions",
}


@pytest.mark.parametrize(("pasted", "url"), URLS.items())
async def test_an_address_as_it_is_pasted(pasted: str, url: str) -> None:
    settings = {"base_url": pasted, "api": "chat"}
    setup = {"kind": "reach", "provider": "chat", "settings": settings}
    assert check(await meet(setup), {"url": url}) == []


BEARER = {"authorization": "Bearer sk-abc"}
KEYS = (
    *("sk-abc", " sk-abc\n", "Bearer sk-abc", "bearer sk-abc", "'sk-abc'", '"sk-abc"', "`sk-abc`"),
    *("OPENAI_API_KEY=sk-abc", 'OPENAI_API_KEY="sk-abc"', "export OPENAI_API_KEY=sk-abc"),
    *("Authorization: Bearer sk-abc", "\u200bsk-abc", "sk-abc\u00a0", "\ufeffsk-abc\u2060"),
    *("\u201csk-abc\u201d", "sk-\u200babc", "\tsk-abc\r\n"),
)


@pytest.mark.parametrize("pasted", KEYS)
async def test_a_key_as_it_is_pasted(pasted: str) -> None:
    """What is around it is taken off, or the key is refused by name: it is never sent so."""
    setup = {"kind": "reach", "provider": "chat", "settings": {"api_key": pasted}}
    expected = {"either": [{"headers": BEARER}, {"refused": "~key"}]}
    assert check(await meet(setup), expected) == []


REFUSED = ("sk-ключ", "sk-a\u2026b", "••••••", "sk a b", "sk-a\nsk-b")


@pytest.mark.parametrize("pasted", REFUSED)
async def test_what_no_header_can_hold_is_refused_before_anything_is_sent(pasted: str) -> None:
    setup = {"kind": "reach", "provider": "chat", "settings": {"api_key": pasted}}
    found = await meet(setup)
    assert check(found, {"refused": "~key"}) == []
    assert pasted not in str(found)


GOOD = {"id": "good"}
LISTS: dict[str, Any] = {
    "data null": ({"data": None}, []),
    "no data": ({}, []),
    "null": (None, []),
    "an empty list": ([], []),
    "a list": ([GOOD, {"id": "b"}], ["good", "b"]),
    "models": ({"models": [GOOD]}, ["good"]),
    "an entry that is null": ({"data": [None, GOOD]}, ["good"]),
    "an entry that is text": ({"data": ["b", GOOD]}, None),
    "an id that is null": ({"data": [{"id": None}, GOOD]}, ["good"]),
    "an id that is a number": ({"data": [{"id": 7}, GOOD]}, None),
    "an empty id": ({"data": [{"id": ""}, GOOD]}, ["good"]),
    "one twice": ({"data": [GOOD, GOOD]}, ["good"]),
    "null within": (
        {"data": [{**GOOD, "architecture": None, "capabilities": None, "context_length": None}]},
        ["good"],
    ),
    "odd things within": (
        {"data": [{**GOOD, "architecture": [], "capabilities": "chat", "context_length": "4096"}]},
        ["good"],
    ),
}


@pytest.mark.parametrize(
    ("body", "names"), [pytest.param(*one, id=name) for name, one in LISTS.items()]
)
async def test_a_list_of_models(body: Any, names: list[str] | None) -> None:
    """What cannot be read of it loses nothing else."""
    setup = {"kind": "models", "provider": "chat", "listed": told(body), "settings": {"model": ""}}
    found = await meet(setup)
    assert isinstance(found, dict)
    assert found["models"] == names if names is not None else "good" in found["models"]


OTHERS = (
    *("text-embedding-3-small", "nomic-embed-text", "bge-m3", "whisper-1", "tts-1", "dall-e-3"),
    *("gpt-image-1", "sora-2", "omni-moderation-latest", "rerank-v3.5", "jina-reranker-v2"),
    *("models/embedding-001", "models/text-embedding-004", "models/imagen-4.0-generate-001"),
    *("models/veo-3.0-generate-preview", "models/gemini-2.5-flash-preview-tts"),
    *(
        "mistral-embed",
        "mistral-moderation-latest",
        "mistral-ocr-latest",
        "voxtral-mini-transcribe",
    ),
    *("flux-1-schnell", "stable-diffusion-xl", "playai-tts", "distil-whisper-large-v3-en"),
    *("llama-guard-4-12b", "text-embedding-nomic-embed-text-v1.5"),
    *("grok-2-image", "black-forest-labs/FLUX.1-dev", "Qwen/Qwen3-Embedding-8B"),
)


@pytest.mark.parametrize("other", OTHERS)
async def test_the_first_model_that_chats_is_asked_if_none_is_chosen(other: str) -> None:
    listed = told({"data": [{"id": other}, {"id": "qwen3-8b"}]})
    setup = {"listed": listed, "settings": {"model": ""}}
    assert check(await meet(setup), {"text": "ok", "model": "qwen3-8b"}) == []


TYPED: dict[str, dict[str, Any]] = {
    "type": {"type": "embedding"},
    "type of LM Studio": {"type": "embeddings"},
    "type of image": {"type": "image"},
    "task": {"task": "text-embedding"},
    "outputs": {"architecture": {"output_modalities": ["image"]}},
    "not active": {"active": False},
    "no chat": {"capabilities": {"completion_chat": False}},
}


@pytest.mark.parametrize("kind", [pytest.param(one, id=name) for name, one in TYPED.items()])
async def test_a_model_that_the_list_calls_something_else_is_not_asked(
    kind: dict[str, Any],
) -> None:
    listed = told({"data": [{"id": "something", **kind}, {"id": "qwen3-8b"}]})
    setup = {"listed": listed, "settings": {"model": ""}}
    assert check(await meet(setup), {"text": "ok", "model": "qwen3-8b"}) == []


CHATS = ("gpt-4o", "command-r-plus", "qwen3-vl", "text-davinci-chat", "phi-4-multimodal")


@pytest.mark.parametrize("name", CHATS)
async def test_a_model_whose_name_says_nothing_else_chats(name: str) -> None:
    setup = {"listed": told({"data": [{"id": name}, {"id": "other"}]}), "settings": {"model": ""}}
    assert check(await meet(setup), {"text": "ok", "model": name}) == []


SHOWN: dict[str, Any] = {
    "nothing": {},
    "null": None,
    "nulls": {"capabilities": None, "model_info": None, "details": None},
    "a list": [],
    "a window of text": {"model_info": {"llama.context_length": "8192"}},
    "a window of words": {"model_info": {"llama.context_length": "long"}},
    "a window of zero": {"model_info": {"llama.context_length": 0}},
    "a window that is a fraction": {"model_info": {"llama.context_length": 8192.0}},
    "capabilities of text": {"capabilities": "completion"},
    "details of text": {"details": "llama"},
}


@pytest.mark.parametrize("shown", [pytest.param(one, id=name) for name, one in SHOWN.items()])
async def test_what_ollama_tells_of_a_model(shown: Any) -> None:
    assert check(await meet({"kind": "ollama", "shown": told(shown)}), {"text": "ok"}) == []


ROWS: dict[str, Any] = {
    "null": ({"models": None}, []),
    "none": ({}, []),
    "no name": ({"models": [{"model": "a:latest"}, {"name": "b:latest"}]}, None),
    "null within": ({"models": [None, {"name": "b:latest", "details": None}]}, ["b:latest"]),
}


@pytest.mark.parametrize(
    ("body", "names"), [pytest.param(*one, id=name) for name, one in ROWS.items()]
)
async def test_a_list_of_ollama(body: Any, names: list[str] | None) -> None:
    setup = {"kind": "models", "provider": "ollama", "listed": told(body), "shown": told({})}
    found = await meet({**setup, "settings": {"model": ""}})
    assert isinstance(found, dict)
    assert found["models"] == names if names is not None else "b:latest" in found["models"]
