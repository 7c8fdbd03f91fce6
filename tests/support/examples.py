"""The fenced examples of README.md and docs/."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from scripts.paths import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def examples(page: Path, language: str) -> list[str]:
    """Return the examples of a page, in order."""
    found = re.finditer(rf"^( *)```{language}\n(.*?)^\1```", page.read_text("utf-8"), re.M | re.S)
    return [dedent(one[2]) for one in found]


def pages_with(language: str, text: str = "") -> list[Any]:
    """Return the pages that have an example with this text, as parameters."""
    return [
        pytest.param(page, id=page.stem)
        for page in PAGES
        if any(text in source for source in examples(page, language))
    ]
