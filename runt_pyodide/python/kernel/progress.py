"""Progress bars as text: tqdm's bar for notebooks is a widget, which a page without a live
connection to Python cannot move."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

_REPLACED = "tqdm.notebook"
_FILE = Path(__file__).with_name("tqdm_notebook.py")


def show_bars_as_text() -> None:
    """Let cells import our bar in place of tqdm's own; ``tqdm.auto`` takes it too."""
    # It watches bars that seldom move, in a thread, which the browser does not have.
    warnings.filterwarnings("ignore", message="tqdm:disabling monitor support")
    if not any(isinstance(one, _TextBars) for one in sys.meta_path):
        sys.meta_path.insert(0, _TextBars())


class _TextBars(MetaPathFinder):
    """Finds ``tqdm_notebook.py`` for tqdm's module of that name."""

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return spec_from_file_location(name, _FILE) if name == _REPLACED else None
