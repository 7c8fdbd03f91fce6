"""Which models see images, by the names of their families.

The table is used for known services alone: a server of one's own may call its models what it likes,
and its list or a setting says what they see. Source: the vendors' pages of models, November 2026.
"""

from __future__ import annotations

import re

# By vendor; a name begins with one of the patterns.
_FAMILIES: dict[str, tuple[str, ...]] = {
    "OpenAI": (
        *(r"(chat)?gpt-4o(?!.*audio)", r"gpt-4\.1", r"gpt-4-turbo", r"gpt-[5-9]"),
        *(r"o1(?!-mini|-preview)", r"o3(?!-mini)", r"o4"),
    ),
    "Google": (r"gemini-", r"gemma-?3(?!n|[-:](1b|270m))", r"gemma-?[4-9]"),
    "Anthropic": (r"claude-3", r"claude-[a-z]+-[4-9]"),
    "xAI": (r"grok-2-vision", r"grok-[4-9](?!.*code)"),
    "Meta": (r"llama-?4", r"llama-?3\.2-(11b|90b)"),
    "Mistral": (
        *(r"pixtral", r"mistral-small-(3\.[1-9]|[4-9]|250[3-9]|2[6-9]|latest)", r"mistral-medium"),
        *(r"mistral-large-(3|2512|latest)", r"ministral-3", r"magistral-\w+-(2509|2[6-9]|latest)"),
    ),
    "Alibaba": (r"qwen[\d.]*-?(vl|omni)", r"qvq", r"qwen3\.[5-9]"),
    "Moonshot AI": (r"kimi-(k2\.[5-9]|k[3-9]|vl|latest)",),
    "Z.ai": (r"glm-[\d.]+v",),
    "MiniMax": (r"minimax-m[3-9]",),
    "Microsoft": (r"phi-(3\.5-vision|4-multimodal)",),
    "Amazon": (r"nova-(lite|pro|premier)",),
}
_BY_FAMILY = re.compile("|".join(f"({one})" for some in _FAMILIES.values() for one in some), re.I)
# Words that every vendor uses.
_BY_WORD = re.compile(
    r"(?<![a-z])(vl|vlm|vision|multimodal|llava|moondream|internvl|molmo)(?![a-z])", re.IGNORECASE
)


def sees_by_name(name: str) -> bool:
    """Return whether models of this name see images; a vendor and a slash may stand before it."""
    own = name.rpartition("/")[2]
    return _BY_FAMILY.match(own) is not None or _BY_WORD.search(own) is not None
