"""What is known of models by their names, and what servers tell of theirs at ``GET /models``."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from ...errors import ProtocolError
from ...json_text import read_json
from ..catalog.entry import look_up, read_count, says
from ..catalog.kinds import chats_by_entry, keep_chatting
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
# The places at which an entry tells what its model can do: OpenRouter, GitHub Models, LM Studio and
# llama.cpp's server in lists, Mistral and Fireworks in flags, LiteLLM in flags of "model_info", LM
# Studio by a type.
_TOLD: dict[Capability, tuple[str, ...]] = {
    "tools": (
        *("supported_parameters:tools", "capabilities.function_calling", "supports_tools"),
        *("model_info.supports_function_calling", "capabilities:tool-calling"),
        *("capabilities:tool_use", "capabilities:tools"),
    ),
    "vision": (
        *("architecture.input_modalities:image", "supported_input_modalities:image"),
        *("input_modalities:image", "modalities.input:image", "capabilities.vision"),
        *("supports_image_input", "supports_vision", "model_info.supports_vision"),
        *("capabilities:vision", "capabilities:multimodal", "type=vlm"),
    ),
    "thinking": (
        *("supported_parameters:reasoning", "capabilities.reasoning", "supports_reasoning"),
        *("capabilities:reasoning", "capabilities:thinking", "model_info.supports_reasoning"),
    ),
}
# A list that does not name tools says nothing of them: a llama-server's knows "completion" and
# "multimodal" alone, and LM Studio's names models that were trained for tools, but gives them to
# all.
_PARTIAL = ("capabilities:tool-calling", "capabilities:tool_use", "capabilities:tools")
# LM Studio, which loads a model with less than it can; OpenRouter, Together and Fireworks; vLLM;
# Groq; Mistral and LM Studio; GitHub; LiteLLM; llama.cpp, whose second number is the window that
# the model was trained for.
_WINDOW = (
    *("loaded_context_length", "context_length", "max_model_len", "context_window"),
    *("max_context_length", "limits.max_input_tokens", "model_info.max_input_tokens"),
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


def read_models(
    body: bytes,
    provider: str,
    *,
    openai: bool = False,
    sees: Callable[[str], bool] = lambda _: False,
    excludes: Collection[str] = (),
) -> list[AiModel]:
    """Return the models that chat from the answer to ``GET /models``. What cannot be read of it is
    left out. Raise ProtocolError if it is not a list of models.

    ``openai`` says that it is OpenAI's own, which has only ids. ``sees`` says of a name whether
    that model sees images, if the list does not; names in which a pattern of ``excludes`` is
    found do not chat.
    """
    entries = _read_entries(body)
    if openai:
        names = [entry["id"] for entry in entries]
        return [openai_model(name, provider) for name in names if _CHATS.match(name)]
    kept = [entry for entry in entries if not _is_excluded(entry["id"], excludes)]
    chatting = keep_chatting((entry, entry["id"], chats_by_entry(entry)) for entry in kept)
    return [_read_entry(entry, provider, sees) for entry in chatting]


def find_listed(
    name: str, listed: Mapping[str, AiModel], *, is_only: bool = False
) -> AiModel | None:
    """Return the listed model that is meant by a name, under that name; None if there is none.

    Gemini lists "models/gemini-2.5-flash", and llama.cpp's server the path of a file, and both take
    the last part alone. ``is_only`` says that the one model of a list is meant by any name.
    """
    if name in listed:
        return listed[name]
    last = name.rpartition("/")[2]
    same = [model for other, model in listed.items() if other.rpartition("/")[2] == last]
    if not same and is_only:
        same = [*listed.values()]
    return replace(same[0], name=name) if len(same) == 1 else None


def _read_entries(body: bytes) -> list[dict[str, Any]]:
    """Return the entries that have an id."""
    try:
        answer = read_json(body)
        entries, more = _find_entries(answer)
        entries = list(entries or ())
        if all(isinstance(one, str) for one in entries):
            entries = [{"id": one} for one in entries]
        named = [entry for entry in entries if isinstance(entry, dict) and _id_of(entry)]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ProtocolError(_NO_LIST) from None
    if entries and not named:
        raise ProtocolError(_NO_LIST)
    by_name = {_id_of(entry, ("name",)): entry for entry in more if isinstance(entry, dict)}
    named = [{**by_name.get(name := _id_of(one), {}), **one, "id": name} for one in named]
    return [*{entry["id"]: entry for entry in reversed(named)}.values()][::-1]


_NO_LIST = "The server's answer is not a list of models."


def _find_entries(answer: Any) -> tuple[list[Any] | None, list[Any]]:
    """Return the list, and a second one that says more: llama.cpp's server sends two. Together and
    GitHub send the list without an object around it."""
    if isinstance(answer, list):
        return answer, []
    if not answer.get("data") and ("data" not in answer or answer.get("models")):
        # Gemini's own list has names alone.
        return [_named(one) for one in answer["models"] or ()], []
    return list(answer["data"] or ()), list(answer.get("models") or ())


def _named(entry: Any) -> Any:
    if not isinstance(entry, dict) or _id_of(entry):
        return entry
    return {**entry, "id": entry.get("name")}


_IDS = ("id", "model", "slug", "model_name")


def _id_of(entry: Mapping[str, Any], keys: Sequence[str] = _IDS) -> str:
    """Return what a request calls the model; in most lists, "name" is its title."""
    found = (entry.get(key) for key in keys)
    return next((one for one in found if isinstance(one, str) and one.strip()), "")


def _is_excluded(name: str, patterns: Collection[str]) -> bool:
    return any(re.search(pattern, name, re.IGNORECASE) for pattern in patterns)


def _read_entry(entry: Mapping[str, Any], provider: str, sees: Callable[[str], bool]) -> AiModel:
    name = entry["id"]
    display = entry.get("display_name") or entry.get("name")
    windows = (read_count(look_up(entry, path)) for path in _WINDOW)
    parameters = read_count(look_up(entry, "meta.n_params"))
    return AiModel(
        name=name,
        provider=provider,
        display_name=display if isinstance(display, str) else name.removeprefix("models/"),
        capabilities=("completion", *_read_capabilities(entry, sees)),
        context_length=next(filter(None, windows), None),
        parameter_size=f"{parameters / 1e9:.3g}B" if parameters else None,
    )


def _read_capabilities(
    entry: Mapping[str, Any], sees: Callable[[str], bool]
) -> Iterator[Capability]:
    """Yield what the entry tells. If it says nothing of them, tools are taken for granted, and
    the name says what sees."""
    for capability, places in _TOLD.items():
        told = [said for place in places if (said := _tell(entry, place)) is not None]
        guessed = capability == "tools" or (capability == "vision" and sees(entry["id"]))
        if any(told) or (not told and guessed):
            yield capability


def _tell(entry: Mapping[str, Any], place: str) -> bool | None:
    said = says(entry, place)
    return None if said is False and place in _PARTIAL else said
