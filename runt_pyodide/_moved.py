"""Modules that others import by an earlier name: they still work, and warn of the new name."""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

_PACKAGE = __name__.rpartition(".")[0]
MOVED: dict[str, tuple[str, ...]] = {
    f"{_PACKAGE}.{old}": tuple(f"{_PACKAGE}.{name}" for name in new)
    for old, new in {
        "console": ("asking.ask",),
        "events": ("notebook.events",),
        "messages": ("llm.messages",),
        "script": ("llm.test.settings",),
        "transport": ("llm.transport.base",),
        "transport.scripted": ("llm.transport.scripted",),
        "providers": (
            "llm.provider",
            "llm.registry",
            "llm.openai.provider",
            "llm.ollama.provider",
            "llm.test.provider",
            "llm.cassette.cassette",
            "llm.cassette.recorder",
            "config",
        ),
        "providers.cassette": ("llm.cassette.cassette",),
        "providers.cassette.recorder": ("llm.cassette.recorder",),
    }.items()
}
"""For each earlier name, the modules that now hold its contents, searched in this order."""


class _Moved(MetaPathFinder, Loader):
    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self, is_package=True) if fullname in MOVED else None

    def exec_module(self, module: ModuleType) -> None:
        def find(name: str) -> object:
            for place in MOVED[module.__name__]:
                there = importlib.import_module(place)
                if not name.startswith("_") and hasattr(there, name):
                    warnings.warn(
                        f"{module.__name__}.{name} is now {place}.{name}",
                        DeprecationWarning,
                        stacklevel=2,
                    )
                    return getattr(there, name)
            raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")

        module.__getattr__ = find  # type: ignore[method-assign]


def keep_earlier_names() -> None:
    """Let the modules of ``MOVED`` be imported. They are looked for before the file system."""
    if not any(isinstance(finder, _Moved) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Moved())
