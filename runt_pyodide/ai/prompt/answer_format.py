"""The formats of answers that jupyter-ai has too: what the model is told of one, and what an answer
in it comes to."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .cell_settings import Format

INSTRUCTIONS: Mapping[Format, str] = {
    "code": "Answer with Python code alone, in one fence: ```python and ```. Write no word before "
    "or after it; explain in comments what needs it.",
    "json": "Answer with JSON alone, in one fence: ```json and ```. Write no word before or after "
    "it.",
}
_FENCED = re.compile(
    r"^ {0,3}(?P<mark>`{3,}|~{3,})[^\n`]*\n(?P<code>.*?)(?:^ {0,3}(?P=mark)[`~]*[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)


def find_code(answer: str) -> str:
    """Return the code of an answer: what stands in its fences, or else all of it."""
    found = [one["code"].rstrip() for one in _FENCED.finditer(answer)]
    return "\n\n".join(found) if found else answer.strip()
