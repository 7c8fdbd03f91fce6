"""Servers that speak OpenAI's chat completions: where they are, and what they do not take.

Data alone, gathered in November 2026 from public documentation and reports, which the comments
beside name where one is relied on. No service was asked: what one refuses beyond this is learnt
from its answers (providers/parameters.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Preset:
    """``key_from`` says where a key comes from, a URL or words, or "" where none is asked for.

    ``refuses`` names parameters that the server is known to refuse (see providers/parameters.py;
    others are learnt from its answers), ``renames`` those that it knows by another name.
    ``returns_thinking`` is the field in which a model's thinking must go back to it with the tool
    calls that it led to. ``cors`` is what a page must know, or "" where nothing is documented.
    """

    base_url: str
    key_from: str = ""
    refuses: frozenset[str] = frozenset()
    renames: Mapping[str, str] = field(default_factory=dict)
    returns_thinking: str | None = None
    cors: str = ""


_OPEN = "Answers pages of any origin."

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        # Services.
        "openrouter": Preset(
            "https://openrouter.ai/api/v1", "https://openrouter.ai/keys", cors=_OPEN
        ),
        "groq": Preset("https://api.groq.com/openai/v1", "https://console.groq.com/keys"),
        "mistral": Preset(
            "https://api.mistral.ai/v1",
            "https://console.mistral.ai/api-keys",
            # HTTP 422 "Extra inputs are not permitted"; usage comes without being asked for.
            # Source: reports by users of dnakov/anon-kode (53), editor-code-assistant/eca (231).
            refuses=frozenset({"stream_options", "max_completion_tokens"}),
            renames={"seed": "random_seed"},
        ),
        "deepseek": Preset(
            "https://api.deepseek.com/v1",
            "https://platform.deepseek.com/api_keys",
            # Source: api-docs.deepseek.com/guides/thinking_mode: HTTP 400 without it.
            returns_thinking="reasoning_content",
            # Source: rockbenben/subtitle-translator, issue 18; yuanbw2025/storyforge, issue 4.
            cors="Pages report that it refuses their origin at times: then go through a proxy.",
        ),
        "together": Preset(
            "https://api.together.xyz/v1", "https://api.together.ai/settings/api-keys"
        ),
        "fireworks": Preset(
            "https://api.fireworks.ai/inference/v1",
            "https://app.fireworks.ai/settings/users/api-keys",
        ),
        "cerebras": Preset("https://api.cerebras.ai/v1", "https://cloud.cerebras.ai"),
        "xai": Preset("https://api.x.ai/v1", "https://console.x.ai"),
        "gemini": Preset(
            "https://generativelanguage.googleapis.com/v1beta/openai",
            "https://aistudio.google.com/apikey",
        ),
        "huggingface": Preset(
            "https://router.huggingface.co/v1", "https://huggingface.co/settings/tokens"
        ),
        # Servers of one's own, each at the port that it takes by default.
        "lmstudio": Preset(
            "http://localhost:1234/v1",
            # Source: lmstudio.ai/docs/cli/server-start.
            cors="Off by default: start it with `lms server start --cors`, or turn CORS on.",
        ),
        # Source: the server's help: --allowed-origins is ["*"] by default.
        "vllm": Preset("http://localhost:8000/v1", cors=_OPEN),
        "llamacpp": Preset("http://localhost:8080/v1", cors=_OPEN),
        "litellm": Preset(
            "http://localhost:4000/v1",
            cors="Answers pages of any origin, but not with its unhandled errors.",
        ),
        "jan": Preset("http://localhost:1337/v1"),
    }
)
