"""What is known about models, from their names and from the lists of servers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from runt_pyodide.errors import ProtocolError
from runt_pyodide.llm.messages import AiModel
from runt_pyodide.llm.openai.models import (
    OPENAI_MODELS,
    find_listed,
    openai_model,
    read_models,
    reasons,
    thinking_of,
)


def read(answer: Any, *, openai: bool = False) -> list[AiModel]:
    return read_models(json.dumps(answer).encode(), "p", openai=openai)


def model(name: str, *capabilities: Any, **facts: Any) -> AiModel:
    display = facts.pop("display", name)
    return AiModel(name, "p", display, ("completion", *capabilities), **facts)


# An entry as the server sends it (less what is not read), and what it tells.
ENTRIES: dict[str, tuple[dict[str, Any], AiModel | None]] = {
    "ids alone": ({"id": "a", "object": "model"}, model("a", "tools")),
    "OpenRouter": (
        {
            "id": "google/gemini",
            "name": "Google: Gemini",
            "context_length": 1_048_576,
            "architecture": {
                "input_modalities": ["text", "image"],
                "output_modalities": ["text"],
            },
            "supported_parameters": ["max_tokens", "reasoning", "tools"],
        },
        model(
            *("google/gemini", "tools", "vision", "thinking"),
            display="Google: Gemini",
            context_length=1_048_576,
        ),
    ),
    "OpenRouter, a model without tools": (
        {"id": "a", "supported_parameters": ["max_tokens"], "architecture": {}},
        model("a"),
    ),
    "OpenRouter, a model that paints": (
        {"id": "a", "architecture": {"output_modalities": ["image"]}},
        None,
    ),
    "vLLM": (
        {"id": "Qwen/Qwen3", "max_model_len": 40960},
        model("Qwen/Qwen3", "tools", context_length=40960),
    ),
    "Groq": (
        {"id": "a", "active": True, "context_window": 131072},
        model("a", "tools", context_length=131072),
    ),
    "Groq, switched off": ({"id": "a", "active": False}, None),
    "Mistral": (
        {
            "id": "a",
            "name": "a",
            "max_context_length": 32768,
            "capabilities": {"completion_chat": True, "function_calling": False, "vision": True},
        },
        model("a", "vision", context_length=32768),
    ),
    "Mistral, embeddings": ({"id": "a", "capabilities": {"completion_chat": False}}, None),
    "Fireworks": (
        {"id": "a", "supports_chat": True, "supports_image_input": True, "supports_tools": False},
        model("a", "vision"),
    ),
    "LM Studio": (
        {
            **{"id": "a", "type": "vlm", "capabilities": ["tool_use"]},
            **{"max_context_length": 131072, "loaded_context_length": "4096"},
        },
        model("a", "tools", "vision", context_length=4096),
    ),
    "LM Studio, blind": ({"id": "llava", "type": "llm"}, model("llava", "tools")),
    "GitHub Models": (
        {
            "id": "openai/gpt",
            "name": "OpenAI GPT",
            "supported_input_modalities": ["text", "image"],
            "supported_output_modalities": ["text"],
            "capabilities": ["agents", "streaming"],
            "limits": {"max_input_tokens": 131072},
        },
        model("openai/gpt", "tools", "vision", display="OpenAI GPT", context_length=131072),
    ),
    "GitHub Models, embeddings": ({"id": "a", "supported_output_modalities": ["embeddings"]}, None),
    "Gemini": ({"id": "models/gemini-x"}, model("models/gemini-x", "tools", display="gemini-x")),
    "counts as text": (
        {"id": "a", "context_length": "8192", "meta": {"n_params": "8000000000"}},
        model("a", "tools", context_length=8192, parameter_size="8B"),
    ),
    "all null": (
        {"id": "a", "type": None, "context_length": None, "architecture": None, "meta": None},
        model("a", "tools"),
    ),
    "Together, images": ({"id": "a", "type": "image"}, None),
    "facts of another kind": ({"id": "a", "context_length": "big", "name": 3}, model("a", "tools")),
}


@pytest.mark.parametrize(("entry", "told"), ENTRIES.values(), ids=ENTRIES.keys())
def test_what_an_entry_tells(entry: dict[str, Any], told: AiModel | None) -> None:
    assert read({"object": "list", "data": [entry]}) == ([] if told is None else [told])


def test_llama_cpp_lists_its_models_twice() -> None:
    meta = {"n_ctx_train": 131072, "n_params": 8_030_261_312, "size": 1}
    answer = {
        "models": [{"name": "a", "capabilities": ["completion", "multimodal"]}],
        "data": [{"id": "a", "meta": meta}],
    }
    facts = {"context_length": 131072, "parameter_size": "8.03B"}
    # Its list says nothing of tools: only capabilities that it knows stand there.
    assert read(answer) == [model("a", "tools", "vision", **facts)]
    answer["data"][0]["meta"] = {**meta, "n_ctx": 4096}
    assert read(answer)[0].context_length == 4096


def test_together_sends_a_bare_list() -> None:
    assert read([{"id": "a", "type": "chat", "display_name": "A"}]) == [
        model("a", "tools", display="A")
    ]


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ({"object": "list", "data": None}, []),
        ({"data": []}, []),
        ({"data": None, "models": None}, []),
        ({"models": [{"id": "a"}, {"slug": "b"}]}, ["a", "b"]),
        ({"data": [{"id": "good"}, {"name": "no id"}, None, "b", 3, {"id": None}]}, ["good"]),
        ({"data": [{"id": "a"}, {"id": " "}, {"id": "a"}]}, ["a"]),
        ({"data": [{"id": "a"}], "models": [None, {"name": "a", "capabilities": None}]}, ["a"]),
        ([{"id": "embed-1"}, {"id": "b"}], ["b"]),
        ({"data": [{"id": "models/embedding-001"}, {"id": "models/gemini"}]}, ["models/gemini"]),
        ({"data": [{"id": "my-guard"}]}, ["my-guard"]),
        ({"data": ["a", "b"]}, ["a", "b"]),
        (["a"], ["a"]),
        ({"data": None, "models": [{"id": "a"}]}, ["a"]),
        ({"models": [{"name": "models/embedding-001"}, {"name": "models/a"}]}, ["models/a"]),
        ({"data": [{"model_name": "a", "model_info": {"mode": "chat"}}]}, ["a"]),
    ],
)
def test_nothing_is_lost_by_what_cannot_be_read(answer: Any, names: list[str]) -> None:
    assert [one.name for one in read(answer)] == names


def test_a_name_tells_what_sees_if_the_list_does_not() -> None:
    entries = [
        {"id": "told-not", "architecture": {"input_modalities": ["text"]}},
        {"id": "not-told", "type": None},
        {"id": "other"},
    ]
    body = json.dumps(entries).encode()
    listed = read_models(body, "p", sees=lambda name: name != "other")
    assert [one.name for one in listed if "vision" in one.capabilities] == ["not-told"]


def test_what_a_service_s_own_pattern_excludes_is_not_listed() -> None:
    body = json.dumps([{"id": "groq/compound", "type": "chat"}, {"id": "a"}]).encode()
    assert [one.name for one in read_models(body, "p", excludes=["^groq/"])] == ["a"]


@pytest.mark.parametrize("body", ["", "<html>", "3", "{}", '{"data": 3}', '{"data": [{}]}', "null"])
def test_what_is_no_list(body: str) -> None:
    with pytest.raises(ProtocolError, match="not a list of models"):
        read_models(body.encode(), "p")


def test_openai_s_own_list_is_read_by_name() -> None:
    names = [
        *("gpt-4o-mini", "gpt-4o-realtime-preview", "text-embedding-3-small", "o3-deep-research"),
        *("gpt-5.6-luna", "gpt-4o-mini-tts", "gpt-3.5-turbo-instruct", "ft:gpt-4.1:org::1", "o3"),
    ]
    listed = read({"data": [{"id": name} for name in names]}, openai=True)
    assert [one.name for one in listed] == [
        *("gpt-4o-mini", "gpt-5.6-luna", "ft:gpt-4.1:org::1", "o3")
    ]


@pytest.mark.parametrize(
    ("name", "window", "capabilities"),
    [
        ("gpt-6-astra", 400_000, ("tools", "vision", "thinking")),
        ("gpt-5-chat-latest", 128_000, ("tools", "vision")),
        ("gpt-4o", 128_000, ("tools", "vision")),
        ("gpt-4.1-mini", 1_047_576, ("tools", "vision")),
        ("gpt-3.5-turbo", 16_385, ("tools",)),
        ("o3-mini", 200_000, ("tools", "thinking")),
        ("o3", 200_000, ("tools", "vision", "thinking")),
        ("chatgpt-next", None, ("tools",)),
    ],
)
def test_what_a_name_tells(name: str, window: int | None, capabilities: tuple[Any, ...]) -> None:
    told = replace(model(name, *capabilities), context_length=window)
    assert openai_model(name, "p") == told


@pytest.mark.parametrize(
    ("name", "by_default", "asked", "told_not_to"),
    [
        ("o4-mini", True, True, True),
        ("gpt-5-mini", True, True, True),
        ("gpt-5.1-codex-max", True, True, True),
        ("gpt-5.2-chat-latest", True, True, True),
        ("gpt-5.5-pro", True, True, True),
        ("gpt-5.1", False, True, False),
        ("gpt-5.4-mini", False, True, False),
        ("gpt-5.5", True, True, False),
        ("gpt-5.6-sol", True, True, False),
        ("gpt-6.2-astra", True, True, False),
        ("gpt-4.1", False, False, False),
        ("llama-3", False, False, False),
    ],
)
def test_when_a_model_reasons(name: str, by_default: bool, asked: bool, told_not_to: bool) -> None:
    assert reasons(name, None) is by_default
    assert reasons(name, "low") is asked
    assert reasons(name, "none") is told_not_to


def test_the_built_in_list_is_of_chat_models() -> None:
    assert read({"data": [{"id": name} for name in OPENAI_MODELS]}, openai=True)
    assert len(read({"data": [{"id": n} for n in OPENAI_MODELS]}, openai=True)) == len(
        OPENAI_MODELS
    )
    assert thinking_of(OPENAI_MODELS[0]) != "never"


def test_a_name_means_a_listed_model() -> None:
    def listed(*names: str) -> dict[str, AiModel]:
        return {name: AiModel(name, "p", name, context_length=4096) for name in names}

    gemini = listed("models/gemini-2.5-flash", "models/gemini-2.5-pro")
    found = find_listed("gemini-2.5-pro", gemini)
    assert found is not None
    assert (found.name, found.context_length) == ("gemini-2.5-pro", 4096)
    assert find_listed("models/gemini-2.5-pro", gemini) is gemini["models/gemini-2.5-pro"]
    assert find_listed("gemini-3", gemini, is_only=True) is None
    assert find_listed("qwen", listed("a/qwen", "b/qwen"), is_only=True) is None
    assert find_listed("default", listed("/models/qwen.gguf")) is None
    only = find_listed("default", listed("/models/qwen.gguf"), is_only=True)
    assert only is not None
    assert only.name == "default"
