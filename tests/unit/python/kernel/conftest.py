"""Imports of tests: each finds the interpreter as it was."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture
def own_modules() -> Iterator[None]:
    """Let each test import tqdm and ipywidgets anew, as in a new interpreter."""
    before = dict(sys.modules)
    yield
    for name in {*sys.modules} - {*before}:
        if name.partition(".")[0] in ("tqdm", "ipywidgets", "comm"):
            del sys.modules[name]
