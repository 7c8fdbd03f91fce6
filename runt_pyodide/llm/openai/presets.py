"""Servers that speak OpenAI's chat completions: their addresses, and what they do not take.

The data is in presets.json, which the demo page reads too. It was gathered in November 2026 from
public documentation and reports; ``source`` names those that it relies on. No service was asked:
what one refuses beyond this is learnt from its answers (see ``parameters``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Preset:
    """A known server. ``title`` is what people call it. ``key_from`` says where a key comes from, a
    URL or words, or "" if none is asked for.

    ``refuses`` names parameters that the server is known to refuse, ``renames`` those that it knows
    by another name. ``returns_thinking`` is the field in which a model's thinking must go back to
    it with the tool calls that it led to. ``cors`` is what a page must know, or "" if nothing is
    documented.
    """

    base_url: str
    title: str = ""
    key_from: str = ""
    refuses: frozenset[str] = frozenset()
    renames: Mapping[str, str] = field(default_factory=dict)
    returns_thinking: str | None = None
    cors: str = ""
    source: str = ""


def _read() -> dict[str, Preset]:
    presets: dict[str, dict[str, Any]] = json.loads(
        (files(__package__) / "presets.json").read_text("utf-8")
    )
    return {
        name: Preset(**{**preset, "refuses": frozenset(preset.get("refuses", ()))})
        for name, preset in presets.items()
    }


PRESETS: Mapping[str, Preset] = MappingProxyType(_read())
