"""What may come next on a line of ``%%ai`` or ``%ai``."""

from __future__ import annotations

from ..asking.magic_line import OPTIONS
from ..llm.registry import ProviderRegistry
from .commands import COMMAND_NAMES


def complete(line: str, providers: ProviderRegistry) -> list[str]:
    """Whole words, of which the shell takes those that begin as the one at the cursor."""
    if not line.lstrip().startswith("%%"):
        return list(COMMAND_NAMES)
    models = [f"{one.name}/{model}" for one in providers.list() for model in one.models]
    return [*(one.name for one in providers.list()), *models, *OPTIONS, "->"]
