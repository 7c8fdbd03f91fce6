"""The modules that a page brings along, such as those with its own providers and tools."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import traceback
from collections.abc import Mapping
from keyword import iskeyword
from pathlib import Path

from ..errors import ConfigError

_RENAME = "Give it another name in `modules`."


def import_modules(sources: Mapping[str, str], folder: Path) -> None:
    """Import modules, in order, from their sources by name. They are written to a folder at the end
    of ``sys.path``, so that they can import each other and cells can import them.

    Raise ConfigError, which names the module, if one cannot be imported, or another one is found by
    its name.
    """
    for name in sources:
        if not name.isidentifier() or iskeyword(name):
            raise ConfigError(f"{name!r} is not the name of a module.", advice=_RENAME)
    if not sources:
        return
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / f"{name}.py" for name in sources}
    for name, path in paths.items():
        path.write_text(sources[name], "utf-8")
    sys.path.append(str(folder))
    importlib.invalidate_caches()
    for name, path in paths.items():
        _import(name, path)


def _import(name: str, path: Path) -> None:
    found = importlib.util.find_spec(name)
    if found is None or found.origin != str(path):
        raise ConfigError(f"There already is a module {name!r}.", advice=_RENAME)
    try:
        importlib.import_module(name)
    except Exception as error:
        problem = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")
        advice = ""
        if isinstance(error, ModuleNotFoundError) and error.name:
            advice = f"Name the package that has {error.name!r} in `packages`."
        raise ConfigError(
            f"The module {name!r} could not be imported ({problem}{_place_of(error, path)}).",
            advice=advice,
        ) from error


def _place_of(error: Exception, path: Path) -> str:
    """Return the line of the module in which it was raised; a SyntaxError names its own."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    return f", in line {lines[-1]}" if lines and not isinstance(error, SyntaxError) else ""
