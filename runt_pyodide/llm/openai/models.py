"""What is known of models by their names, and what servers tell of theirs at ``GET /models``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from ...errors import ProtocolError
from ...json_text import read_json
from ..messages import AiModel, Capability

OPENAI_MODELS = (
    *("gpt-5.6-luna", "gpt-5.6-terra", "gpt-5.6-sol", "gpt-6-astra"),
    *("gpt-5.4-mini", "gpt-5.4", "gpt-4.1-mini", "gpt-4o-mini"),
)
"""Listed if OpenAI's own list cannot be had; the first is used if none is chosen. Source:
openai-python 3.54 `types/shared/chat_model.py`, without what is shut down within weeks."""

Thinking = Literal["never", "always", "if asked", "unless told not to"]
# The first that matches counts. Source: pydantic-ai `profiles/openai.py`, which checked each
# against the service in July 2026.
_FAMILIES: tuple[tuple[str, Thinking], ...] = (
    (r"gpt-5-chat", "never"),
    (r"gpt-5\.[1-3]-chat|gpt-5\.1-codex|gpt-5\.\d+-pro", "always"),
    (r"gpt-5\.[1-4]", "if asked"),
    (r"gpt-5\.|gpt-[6-9]|gpt-\d\d", "unless told not to"),
    (r"gpt-5|o\d", "always"),
    (r"", "never"),
)
_SEES = re.compile(r"gpt-4o|gpt-4\.1|gpt-4-turbo|gpt-[5-9]|gpt-\d\d|o1(?!-mini)|o3(?!-mini)|o4")
# Windows in tokens, by the first pattern that matches; others are not known. Source: the models'
# pages in OpenAI's documentation; newer models have at least as much as gpt-5.
_WINDOWS = (
    (r"gpt-4\.1", 1_047_576),
    (r"gpt-4o|gpt-4-turbo|gpt-5-chat|o1-mini", 128_000),
    (r"gpt-3\.5", 16_385),
    (r"gpt-[5-9]|gpt-\d\d", 400_000),
    (r"o\d", 200_000),
)
_CHATS = re.compile(
    r"(ft:)?(gpt-|chatgpt-|o\d)(?!.*(audio|realtime|transcribe|tts|image|instruct|deep-research))"
)
_OTHER_KINDS = frozenset(
    ("embedding", "embeddings", "image", "audio", "video", "moderation", "rerank", "transcribe")
)
# The places at which an entry tells what its model can do: OpenRouter and llama.cpp's server in
# lists, Mistral and Fireworks in flags.
_TOLD: dict[Capability, tuple[str, ...]] = {
    "tools": ("supported_parameters:tools", "capabilities.function_calling", "supports_tools"),
    "vision": (
        *("architecture.input_modalities:image", "capabilities.vision", "supports_image_input"),
        *("capabilities:vision", "capabilities:multimodal"),
    ),
    "thinking": (
        *("supported_parameters:reasoning", "capabilities.reasoning"),
        *("capabilities:reasoning", "capabilities:thinking"),
    ),
}
# OpenRouter, Together and Fireworks; vLLM; Groq; Mistral; llama.cpp, whose second number is the
# window that the model was trained for.
_WINDOW = (
    *("context_length", "max_model_len", "context_window", "max_context_length"),
    *("meta.n_ctx", "meta.n_ctx_train"),
)


def thinking_of(model: str) -> Thinking:
    """Return when a model of OpenAI's own reasons before it answers."""
    return next(thinking for pattern, thinking in _FAMILIES if re.match(pattern, model))


def reasons(model: str, effort: str | None) -> bool:
    """Return whether a model of OpenAI's own reasons at this effort (None: its default)."""
    thinking = thinking_of(model)
    if thinking == "if asked":
        return effort not in (None, "none")
    return thinking == "always" or (thinking == "unless told not to" and effort != "none")


def openai_model(name: str, provider: str) -> AiModel:
    """Return a model of OpenAI's own, with what its name tells."""
    capabilities: list[Capability] = ["completion", "tools"]
    if _SEES.match(name):
        capabilities.append("vision")
    if thinking_of(name) != "never":
        capabilities.append("thinking")
    window = next((tokens for pattern, tokens in _WINDOWS if re.match(pattern, name)), None)
    return AiModel(name, provider, name, tuple(capabilities), window)


def read_models(body: bytes, provider: str, *, openai: bool = False) -> list[AiModel]:
    """Return the models that chat from the answer to ``GET /models``. Raise ProtocolError if it is
    not a list of models. ``openai`` says that it is OpenAI's own, which has only ids.
    """
    try:
        answer = read_json(body)
        # Together sends the list without an object around it.
        entries = answer if isinstance(answer, list) else answer["data"]
        if openai:
            names = [entry["id"] for entry in entries]
            return [openai_model(name, provider) for name in names if _CHATS.match(name)]
        more = {} if isinstance(answer, list) else _index(answer.get("models"))
        entries = [{**more.get(entry["id"], {}), **entry} for entry in entries]
        return [_read_entry(entry, provider) for entry in entries if _chats(entry)]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ProtocolError("The server's answer is not a list of models.") from None


def _index(models: Any) -> dict[str, Mapping[str, Any]]:
    """Return capabilities by name: llama.cpp's server has them in a second list, ``models``."""
    return {model["name"]: {"capabilities": model["capabilities"]} for model in models or ()}


def _chats(entry: Mapping[str, Any]) -> bool:
    outputs = _look_up(entry, "architecture.output_modalities")
    return not (
        entry.get("type") in _OTHER_KINDS
        or entry.get("active") is False
        or entry.get("supports_chat") is False
        or _look_up(entry, "capabilities.completion_chat") is False
        or (isinstance(outputs, list) and "text" not in outputs)
    )


def _read_entry(entry: Mapping[str, Any], provider: str) -> AiModel:
    name = entry["id"]
    display = entry.get("display_name") or entry.get("name")
    windows = (_look_up(entry, path) for path in _WINDOW)
    parameters = _look_up(entry, "meta.n_params")
    return AiModel(
        name=name,
        provider=provider,
        display_name=display if isinstance(display, str) else name,
        capabilities=("completion", *_read_capabilities(entry)),
        context_length=next((w for w in windows if isinstance(w, int) and w > 0), None),
        parameter_size=f"{parameters / 1e9:.3g}B" if isinstance(parameters, int) else None,
    )


def _read_capabilities(entry: Mapping[str, Any]) -> Iterator[Capability]:
    """Yield what the entry tells. Tools are taken for granted if it says nothing of them."""
    for capability, places in _TOLD.items():
        told = [said for place in places if (said := _says(entry, place)) is not None]
        if any(told) or (capability == "tools" and not told):
            yield capability


def _says(entry: Mapping[str, Any], place: str) -> bool | None:
    """Return whether the flag at "a.b" is set, or the list at "a.b" has the member c ("a.b:c");
    None if neither is there."""
    path, _, member = place.partition(":")
    value = _look_up(entry, path)
    if member:
        return member in value if isinstance(value, list) else None
    return value if isinstance(value, bool) else None


def _look_up(entry: Mapping[str, Any], path: str) -> Any:
    value: Any = entry
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
