"""Which models chat, and which do something else: embed, transcribe, speak, paint, moderate.

A list may say it, under many keys and in many words; if it does not, the name does. The same words
occur in both ("type": "embeddings"; "text-embedding-3-small"), so one table serves both. It was
made in November 2026 from the models that services list, as their documentation and users show.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from .entry import look_up

# The beginnings of words; "$" where the word ends there, too.
_OTHER_WORDS = re.compile(
    r"embed|feature$|bge|gte|e5$|minilm|.*mpnet|.*bert$|colpali|clip$|siglip|voyage$"
    r"|whisper|parakeet|canary$|asr$|stt$|transcri|.*tts|speech|.*voice|orpheus|playai|audio$|realtime"
    r"|kokoro|bark$|paraformer|eleven$|scribe$|sambert"
    r"|dall$|imagen?s?$|imagine|flux|diffusion|sdxl|t2i$|t2v$|i2v$|video|veo$|sora$|kling|lyria|music"
    r"|cogvideo|seedream|seedance|ideogram|recraft|hidream|wanx|hailuo|banana$"
    r"|rerank|retriev|moderat|guard|safeguard|shield|safety|reward|classif|detect|ocr|aqa$"
)
_WORDS = re.compile(r"[a-z]+\d*[a-z]*", re.IGNORECASE)
# What a list says: a word or words for what a model is, the kinds of its answers, its endpoints.
_KIND_KEYS = (
    *("type", "task", "task.name", "mode", "model_info.mode", "model_type", "kind", "category"),
    *("pipeline_tag", "object"),
)
_ANSWER_KEYS = (
    *("architecture.output_modalities", "supported_output_modalities", "output_modalities"),
    *("modalities.output",),
)
_ENDPOINT_KEYS = (
    *("endpoints", "supported_endpoints", "supported_generation_methods"),
    "supportedGenerationMethods",
)
_FLAGS = ("active", "supports_chat", "capabilities.completion_chat", "capabilities.completion")
_CHAT_KINDS = frozenset(("chat", "llm", "vlm", "language", "text-generation", "completion"))
_CHAT_ENDPOINT = re.compile(r"chat|generate|completions|responses|messages", re.IGNORECASE)

T = TypeVar("T")


def chats_by_name(name: str) -> bool:
    """Return False if a model's name says that it does something other than chat."""
    return not any(_OTHER_WORDS.match(word.lower()) for word in _WORDS.findall(name))


def chats_by_entry(entry: Mapping[str, Any]) -> bool | None:
    """Return whether a list says that a model chats; None if it does not say."""
    if any(look_up(entry, flag) is False for flag in _FLAGS):
        return False
    answers = _lists(entry, _ANSWER_KEYS)
    if answers and not any("text" in one for one in answers):
        return False
    endpoints = [text for one in _lists(entry, _ENDPOINT_KEYS) for text in one]
    if endpoints and not any(_CHAT_ENDPOINT.search(str(one)) for one in endpoints):
        return False
    told = look_up(entry, "architecture.modality")
    if isinstance(told, str) and "text" not in told.rpartition("->")[2]:
        return False
    can = [one for one in _lists(entry, ("capabilities",)) if all(isinstance(x, str) for x in one)]
    if any(not chats_by_name(word) for one in can if len(one) == 1 for word in one):
        return False
    kinds = [kind for key in _KIND_KEYS if isinstance(kind := look_up(entry, key), str) and kind]
    if any(not chats_by_name(kind) for kind in kinds):
        return False
    return True if answers or _CHAT_KINDS.intersection(map(str.lower, kinds)) else None


def keep_chatting(models: Iterable[tuple[T, str, bool | None]]) -> list[T]:
    """Return the models that chat, in their order: each is given with its name, and with what is
    told of it. If the names leave none, they are not to be trusted."""
    told = [(model, name, said) for model, name, said in models if said is not False]
    named = [model for model, name, said in told if said or chats_by_name(name)]
    return named or [model for model, _, _ in told]


def _lists(entry: Mapping[str, Any], keys: Iterable[str]) -> list[list[Any]]:
    found = (look_up(entry, key) for key in keys)
    return [value for value in found if isinstance(value, list) and value]
